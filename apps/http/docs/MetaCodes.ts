/** Meta's error codes, what they mean and what a caller is answered: the reaction is asked of the product itself. */
import { graphErrors } from "../../../adapters/simulator/GraphErrorCatalogue.ts"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { knownCodes } from "../../../core/failure/MetaErrorTable.ts"
import { isRepeatedByUs, refusedBy } from "./Occurrences.ts"

export interface MetaCode {
  /** `131049`, or a range: `200–299`. */
  readonly code: string
  /** In Portuguese. */
  readonly meaning: string
  readonly answer: ErrorCode
  readonly repeatedByUs: boolean
  /** Seconds. */
  readonly retryAfter: number | undefined
}

/** Whole families, of which single codes may be listed by themselves. */
export const ranges: ReadonlyArray<readonly [from: number, to: number, meaning: string]> = [
  [200, 299, "permissão não concedida ou removida"],
  [147_001, 147_005, "nome de usuário da empresa recusado"],
  [200_005, 200_007, "métricas de template indisponíveis"],
  [2_388_000, 2_388_999, "template recusado ao ser criado ou alterado"]
]

/** The simulator words what a send can meet; these are the others. */
const meanings = new Map([
  ...graphErrors.map(({ code, meaning }) => [code, meaning] as const),
  [131_052, "não foi possível baixar a mídia recebida"],
  [136_024, "número já verificado"],
  [1_752_041, "cadastro de marketing repetido"],
  [2_494_100, "conta em manutenção"],
  [2_593_107, "limite de sincronização do aplicativo"],
  [2_593_108, "limite de sincronização do aplicativo"]
])

const row = (code: string, sample: number, meaning: string): MetaCode => {
  const { code: answer, retryAfter } = refusedBy(sample)
  const repeatedByUs = isRepeatedByUs(sample)
  return { code, meaning, answer, repeatedByUs, retryAfter: repeatedByUs ? undefined : retryAfter }
}

export const metaCodes: ReadonlyArray<MetaCode> = [
  ...knownCodes.map((code) => ({ from: code, row: row(String(code), code, meanings.get(code) ?? "") })),
  ...ranges.map(([from, to, meaning]) => ({ from: from - 1, row: row(`${from}–${to}`, to, meaning) }))
]
  .toSorted((a, b) => a.from - b.from)
  .map(({ row }) => row)
