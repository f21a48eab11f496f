/** Webhook endpoints that live in the test: what reached them and when, answered as the test has it. */
import { Context, DateTime, Effect, Layer } from "effect"
import { type WebhookAnswer, type WebhookRequest, WebhookSender } from "../../core/webhook/WebhookSender.ts"

type Answering = (request: WebhookRequest) => Effect.Effect<WebhookAnswer>

export class Receiver extends Context.Service<
  Receiver,
  {
    readonly received: ReadonlyArray<WebhookRequest>
    /** From now on. */
    readonly answerWith: (answering: Answering) => Effect.Effect<void>
  }
>()("test/webhook/Receiver") {}

export const answered = (status: number, retryAfter?: string): WebhookAnswer => ({
  _tag: "Answered",
  status,
  retryAfter,
  text: `status ${status}`
})

const fine = () => Effect.succeed(answered(204))

/** Answers 204 until it is told otherwise. */
export const layer = Layer.effectContext(
  Effect.sync(() => {
    const received: Array<WebhookRequest> = []
    let answering: Answering = fine
    return Context.make(
      Receiver,
      Receiver.of({ received, answerWith: (next) => Effect.sync(() => void (answering = next)) })
    ).pipe(
      Context.add(
        WebhookSender,
        WebhookSender.of({
          send: (request) => {
            received.push(request)
            return answering(request)
          },
          isClosed: (url) => url.includes("//10.")
        })
      )
    )
  })
)

/** Milliseconds of the test clock at which something reached them. */
export const times = Effect.map(Receiver, ({ received }) => received.map(({ at }) => DateTime.toEpochMillis(at)))
