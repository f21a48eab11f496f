import { graphErrors } from "./GraphErrorCatalogue.ts"
import type { Fault } from "./Faults.ts"

/** A number that makes a send to it go wrong in a known way, every time. */
export interface MagicRecipient {
  /** Digits without `+`: a possible Brazilian mobile of area code 11. */
  readonly number: string
  readonly fault: Fault
  /** In Portuguese, for whoever reads the list. */
  readonly description: string
}

/**
 * Refusals at once: 55 11 9 90 and the six digits of the Graph code. Only the codes of the catalogue are taken, and one
 * that Meta never documented. 55 11 9 91 is kept for failures that follow an accepted send by webhook.
 */
const refusalNumber = (code: number) => `5511990${String(code).padStart(6, "0")}`
const undocumented = 999_999

const refusals: ReadonlyArray<MagicRecipient> = [
  ...graphErrors.map(({ code, meaning }) => ({ code, description: `recusa com o código ${code}: ${meaning}` })),
  { code: undocumented, description: `recusa com um código que a Meta nunca documentou (${undocumented})` }
].map(({ code, description }) => ({
  number: refusalNumber(code),
  fault: { kind: "graph_error", code } satisfies Fault,
  description
}))

/** Answers that are lost, late or unreadable: 55 11 9 92 and a running number. */
const transport: ReadonlyArray<readonly [fault: Fault, description: string]> = [
  [{ kind: "reset", stage: "after_body" }, "conexão derrubada antes de aceitar: nada foi enviado"],
  [{ kind: "lost_response" }, "envio aceito e conexão derrubada sem resposta"],
  [{ kind: "truncated" }, "envio aceito e resposta cortada pela metade"],
  [{ kind: "late", delay_ms: 30_000 }, "envio aceito na hora e respondido só depois de 30 segundos"],
  [{ kind: "slow", delay_ms: 2000 }, "envio aceito e respondido depois de 2 segundos"],
  [{ kind: "http_error", status: 502, accepted: false }, "página HTML com status 502: nada foi enviado"],
  [
    { kind: "http_error", status: 503, accepted: true },
    "envio aceito, mas a resposta é uma página HTML com status 503"
  ],
  [{ kind: "no_wamid" }, "envio aceito e resposta 200 sem o id da mensagem"],
  [{ kind: "garbage" }, "envio aceito e resposta 200 que não é JSON"],
  [{ kind: "held" }, "template aceito e retido para avaliação de qualidade"],
  [{ kind: "paused" }, "template aceito com a situação paused"]
]

/** All of them, in ascending order of their numbers. */
export const magicRecipients: ReadonlyArray<MagicRecipient> = [
  ...refusals,
  ...transport.map(([fault, description], position) => ({
    number: `5511992${String(position + 1).padStart(6, "0")}`,
    fault,
    description
  }))
]

const byNumber = new Map(magicRecipients.map((magic) => [magic.number, magic.fault]))

/** What a send to these digits meets, if they are magic. */
export const magicFault = (digits: string): Fault | undefined => byNumber.get(digits)
