/** How messages are shown that nobody knows to have been sent, and what came of sending them again. */
import { DateTime, Option } from "effect"
import type { Failure } from "../../../core/failure/Failure.ts"
import type { MessageId } from "../../../core/message/Message.ts"
import type { Resend, ResendOutcome, SentMessage } from "../../../core/resend/Resend.ts"

const states: { readonly [tag in ResendOutcome["_tag"]]: string } = {
  Resent: "resent",
  NotSent: "not_sent",
  Settled: "needless",
  Expired: "expired"
}

const newIdIn = (outcome: ResendOutcome): Option.Option<MessageId> => {
  if (outcome._tag === "Resent") return Option.some(outcome.as)
  return outcome._tag === "NotSent" ? outcome.as : Option.none()
}

const failureIn = (outcome: ResendOutcome): Option.Option<Failure> =>
  outcome._tag === "NotSent" ? Option.some(outcome.failure) : Option.none()

const resendView = ({ askedAt, outcome, standing }: Resend) => {
  const failure = Option.flatMap(outcome, failureIn)
  return {
    asked_at: DateTime.formatIso(askedAt),
    state: Option.match(outcome, { onNone: () => "asked", onSome: ({ _tag }) => states[_tag] }),
    message_id: Option.getOrNull(Option.flatMap(outcome, newIdIn)),
    status: Option.getOrNull(standing),
    error: Option.getOrNull(Option.map(failure, ({ code, message }) => ({ code, message })))
  }
}

/** Nothing of what was said, and to whom only by our own id. */
export const viewOf = ({ contactId, id, instanceId, kind, resend, since, status }: SentMessage) => ({
  message_id: id,
  instance_id: instanceId,
  contact_id: contactId,
  kind,
  status,
  since: DateTime.formatIso(since),
  resend: Option.getOrNull(Option.map(resend, resendView))
})

/** What came of it, in a cell of a table. */
export const resendCell = ({ outcome, standing }: Resend): string =>
  Option.match(outcome, {
    onNone: () => "pedido",
    onSome: (one) => {
      switch (one._tag) {
        case "Resent":
          return `${one.as} (${Option.getOrElse(standing, () => "?")})`
        case "NotSent":
          return `não enviada: ${one.failure.code}`
        case "Settled":
          return "não foi preciso"
        case "Expired":
          return "pedido vencido"
      }
    }
  })

/** What came of it within `wait` seconds, for whoever has just wished it. */
export const sentence =
  (wait: number) =>
  (message: SentMessage): string => {
    const resend = Option.getOrUndefined(message.resend)
    const outcome = Option.getOrUndefined(resend?.outcome ?? Option.none())
    switch (outcome?._tag) {
      case "Resent": {
        const standing = Option.getOrElse(resend?.standing ?? Option.none(), () => "reserved")
        return `Reenviada como ${outcome.as}: ${standing === "unknown" ? "também não se sabe se foi enviada" : standing}.`
      }
      case "NotSent":
        return `Não foi reenviada (${outcome.failure.code}): ${outcome.failure.message}`
      case "Settled":
        return `Não foi preciso reenviar: a mensagem está "${message.status}".`
      case "Expired":
        return "O pedido venceu sem que um worker o executasse: peça de novo."
      case undefined:
        return `Reenvio pedido; em ${wait} s nenhum worker o executou. Veja depois: aidesk messages unresolved --instance ${message.instanceId}`
    }
  }
