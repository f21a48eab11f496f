import { Effect, Option, Schema } from "effect"
import { MessageId } from "../message/Message.ts"
import type { Resend, SentMessage } from "./Resend.ts"
import { SendStatus } from "./Resend.ts"
import { Resends, type WantedPlace } from "./Resends.ts"

/** There is no outgoing message of this id. */
export class NoSuchMessage extends Schema.TaggedError<NoSuchMessage>()("NoSuchMessage", { id: MessageId }) {
  override get message(): string {
    return `Não há mensagem enviada com o id ${this.id}.`
  }
}

const saying: { readonly [status in Exclude<SendStatus, "unknown">]: string } = {
  reserved: "o envio dela ainda pode estar em andamento",
  accepted: "a Meta a aceitou",
  sent: "foi enviada",
  delivered: "foi entregue",
  read: "foi lida",
  played: "foi ouvida",
  failed: "falhou, e o motivo é conhecido: envie de novo pela API, se for o caso"
}

/** What became of the message is known, or about to be. */
export class OutcomeKnown extends Schema.TaggedError<OutcomeKnown>()("OutcomeKnown", { status: SendStatus }) {
  override get message(): string {
    const said = this.status === "unknown" ? "" : ` (${saying[this.status]})`
    return `Só se reenvia uma mensagem de resultado desconhecido; esta está "${this.status}"${said}.`
  }
}

/** Somebody wished it before, and it is being done or was done. */
export class WishedBefore extends Schema.TaggedError<WishedBefore>()("WishedBefore", {
  as: Schema.Option(MessageId)
}) {
  override get message(): string {
    return Option.match(this.as, {
      onNone: () => "O reenvio desta mensagem já foi pedido e está em andamento.",
      onSome: (id) => `Esta mensagem já foi reenviada: a nova é ${id}.`
    })
  }
}

/** A template goes to a conversation with queue and status, and this one's has none. */
export class PlaceMissing extends Schema.TaggedError<PlaceMissing>()("PlaceMissing", {}) {
  override get message(): string {
    return "A conversa não tem fila e status, e um template precisa dos dois: informe --queue e --status."
  }
}

/** Nothing of it has gone out, and nothing will: it may be wished once more. */
const isOver = ({ outcome }: Resend): boolean =>
  Option.exists(outcome, ({ _tag }) => _tag === "NotSent" || _tag === "Expired")

const sentAs = ({ outcome }: Resend): Option.Option<MessageId> =>
  Option.flatMap(outcome, (one) => (one._tag === "Resent" ? Option.some(one.as) : Option.none()))

const judge = Effect.fnUntraced(function* (
  { kind, placed, resend, status }: SentMessage,
  { queueId, statusId }: WantedPlace
): Effect.fn.Return<number, OutcomeKnown | WishedBefore | PlaceMissing> {
  if (status !== "unknown") return yield* new OutcomeKnown({ status })
  if (Option.isSome(resend) && !isOver(resend.value)) return yield* new WishedBefore({ as: sentAs(resend.value) })
  const isGiven = queueId !== undefined && statusId !== undefined
  if (kind === "template" && !placed && !isGiven) return yield* new PlaceMissing()
  return Option.match(resend, { onNone: () => 1, onSome: ({ ask }) => ask + 1 })
})

/**
 * A person's decision to send a message again of which nobody knows whether it went out. It is noted and nothing more;
 * see `carryOut`. Fails with `NoSuchMessage`, `OutcomeKnown`, `WishedBefore`, `PlaceMissing`, `Unavailable`.
 */
export const wishResend = Effect.fnUntraced(function* (messageId: MessageId, place: WantedPlace) {
  const resends = yield* Resends
  const message = yield* resends.find(messageId)
  if (Option.isNone(message)) return yield* new NoSuchMessage({ id: messageId })
  const ask = yield* judge(message.value, place)
  const isEntered = yield* resends.enter({ messageId, ask, ...place })
  // Somebody else wished the same in this moment.
  if (!isEntered) return yield* new WishedBefore({ as: Option.none() })
  return ask
})
