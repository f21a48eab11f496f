import * as Fate from "./Fate.ts"
import { catalogueEntry, graphErrors } from "./GraphErrorCatalogue.ts"
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
 * that Meta never documented.
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

/** All that go wrong at once, in ascending order of their numbers. */
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

/** A number whose messages are accepted, and then become what the webhooks say. */
export interface FatedRecipient {
  /** Digits without `+`: a possible Brazilian mobile of area code 11. */
  readonly number: string
  readonly fate: Fate.Fate
  /** In Portuguese, for whoever reads the list. */
  readonly description: string
}

/** Codes that Meta is known to tell by webhook of a message that it had accepted, and one that it never documented. */
const laterCodes = [
  130403, 130429, 130472, 130497, 131000, 131009, 131021, 131026, 131030, 131031, 131042, 131043, 131047, 131048,
  131049, 131050, 131051, 131053, 131056, 131057, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018,
  132068, 132069, 134100, 134101, 137000
]

/** Failures by webhook: 55 11 9 91 and the six digits of the Graph code. */
const laterFailures: ReadonlyArray<FatedRecipient> = [...laterCodes, undocumented].map((code) => ({
  number: `5511991${code}`,
  fate: [Fate.failed(code)],
  description:
    code === undocumented
      ? `envio aceito; depois, o webhook diz failed com um código que a Meta nunca documentou (${code})`
      : `envio aceito; depois, o webhook diz failed com o código ${code}: ${catalogueEntry(code).meaning}`
}))

/** Other courses: 55 11 9 93 and a running number. */
const courses: ReadonlyArray<readonly [fate: Fate.Fate, description: string]> = [
  [Fate.onlySent, "envio aceito; o webhook diz sent e a mensagem nunca é entregue"],
  [Fate.silent, "envio aceito; nenhum webhook chega"],
  [Fate.deliveredThenFailed, "envio aceito; o webhook diz delivered e depois failed com o código 131026 (conflito)"],
  [Fate.failedThenDelivered, "envio aceito; o webhook diz failed com o código 131026 e depois delivered"],
  [Fate.notRead, "envio aceito; a mensagem é entregue e nunca lida"],
  [Fate.readAtOnce, "envio aceito; o webhook diz read sem ter dito delivered"]
]

/** All whose messages are accepted first, in ascending order of their numbers. */
export const fatedRecipients: ReadonlyArray<FatedRecipient> = [
  ...laterFailures,
  ...courses.map(([fate, description], position) => ({
    number: `5511993${String(position + 1).padStart(6, "0")}`,
    fate,
    description
  }))
]

const fateByNumber = new Map(fatedRecipients.map(({ fate, number }) => [number, fate]))

/** What becomes of a message to these digits, if they are magic. */
export const magicFate = (digits: string): Fate.Fate | undefined => fateByNumber.get(digits)
