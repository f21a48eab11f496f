/** Who Meta's webhooks are for: an HTTP server that checks each signature and keeps what came. */
import { Context, Effect, Layer, Queue, Redacted, Schema } from "effect"
import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import type { SimulatorOptions } from "../../adapters/simulator/Simulator.ts"
import type { BehaviourChange } from "../../adapters/simulator/WebhookBehaviour.ts"
import { read } from "../../core/inbound/Payload.ts"
import type { Update } from "../../core/inbound/Update.ts"
import { phoneNumberId, request, running } from "./RunningSimulator.ts"

export const secret = Redacted.make("segredo-do-app")

const Payload = Schema.Struct({
  object: Schema.Literal("whatsapp_business_account"),
  entry: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      time: Schema.optionalKey(Schema.Int),
      changes: Schema.Array(
        Schema.Struct({ field: Schema.String, value: Schema.Record(Schema.String, Schema.Unknown) })
      )
    })
  )
})

/** One POST whose signature was right. */
export interface Post {
  readonly text: string
  readonly payload: typeof Payload.Type
  /** As the product reads it. Nothing is ever set aside: that fails the test. */
  readonly updates: ReadonlyArray<Update>
}

/** What a POST is answered with: a status, or not at all. */
export type Answer = number | "never"

export class Receiver extends Context.Service<
  Receiver,
  {
    readonly url: string
    /** The next POST that is answered by 200 and that nobody has taken yet. */
    readonly take: Effect.Effect<Post>
    /** How many POSTs came, whatever they were answered with. */
    readonly seen: () => number
    /** How many wait for an answer, and the most that ever did. */
    readonly waiting: () => { readonly now: number; readonly most: number }
    /** The answers to the next POSTs; after them it is 200. */
    readonly answer: (...answers: ReadonlyArray<Answer>) => void
    /** All that were never answered are now, by 200. */
    readonly relent: () => void
  }
>()("test/simulator/Receiver") {}

const open = (key: Redacted.Redacted) =>
  Effect.gen(function* () {
    const posts = yield* Queue.unbounded<Post>()
    const answers: Array<Answer> = []
    const unanswered = new Set<() => void>()
    let seen = 0
    let waiting = 0
    let most = 0

    const receive = async (body: Buffer, signature: unknown, response: ServerResponse) => {
      seen += 1
      waiting += 1
      most = Math.max(most, waiting)
      const expected = createHmac("sha256", Redacted.value(key)).update(body).digest("hex")
      const text = body.toString("utf8")
      const payload = Schema.decodeUnknownSync(Schema.fromJsonString(Payload), { onExcessProperty: "error" })(text)
      const { quarantined, updates } = read(JSON.parse(text))
      const right = signature === `sha256=${expected}` && quarantined.length === 0
      const finish = (status: number) => {
        waiting -= 1
        if (status === 200) Queue.offerUnsafe(posts, { text, payload, updates: updates.map(({ update }) => update) })
        response.writeHead(status, { location: "/elsewhere" }).end()
      }
      const answer = right ? (answers.shift() ?? 200) : 401
      if (answer === "never") unanswered.add(() => finish(200))
      else finish(answer)
    }

    const server = yield* Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const made = createServer((incoming, response) => {
          buffer(incoming)
            .then((body) => receive(body, incoming.headers["x-hub-signature-256"], response))
            .catch(() => response.writeHead(500).end())
        })
        made.listen(0, "127.0.0.1", () => resume(Effect.succeed(made)))
      }),
      (made) =>
        Effect.sync(() => {
          made.closeAllConnections()
          made.close()
        })
    )
    const bound = server.address()
    return Receiver.of({
      url: `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}/webhooks/whatsapp`,
      take: Queue.take(posts),
      seen: () => seen,
      waiting: () => ({ now: waiting, most }),
      answer: (...next) => answers.push(...next),
      relent: () => {
        for (const finish of unanswered) finish()
        unanswered.clear()
      }
    })
  })

const layer = (key = secret) => Layer.effect(Receiver, open(key))

/** A simulator whose webhooks come to a receiver, at once unless `behaviour` says otherwise. */
export const telling = (behaviour: BehaviourChange = {}, options: Partial<SimulatorOptions> = {}) =>
  Layer.unwrap(
    Effect.map(Receiver, ({ url }) =>
      running({
        unknownTemplates: "accept",
        numbers: { [phoneNumberId]: {} },
        webhooks: { callbackUrl: url, appSecret: secret, behaviour: { jitter: 0, ...behaviour } },
        ...options
      })
    )
  ).pipe(Layer.provideMerge(layer()))

export const take = Effect.flatMap(Receiver, (receiver) => receiver.take)

/** So many POSTs, as they come. */
export const takeMany = (count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    () => take
  )

const Log = Schema.Struct({
  pending: Schema.Int,
  held: Schema.Int,
  posts: Schema.Record(Schema.String, Schema.Int),
  deliveries: Schema.Array(
    Schema.Struct({
      id: Schema.Int,
      state: Schema.String,
      attempts: Schema.Int,
      status: Schema.NullOr(Schema.Int),
      error: Schema.NullOr(Schema.String),
      updates: Schema.Int,
      first: Schema.Array(Schema.String),
      last_attempt_at: Schema.NullOr(Schema.String),
      next_attempt_at: Schema.NullOr(Schema.String)
    })
  )
})

export const log = Effect.map(request("GET", "/_simulator/webhooks/log?limit=1000"), ({ json }) =>
  Schema.decodeUnknownSync(Log)(json)
)

/** The log, once it is as it should be. */
export const logOnce = (until: (log: typeof Log.Type) => boolean) => Effect.repeat(log, { until })

/** Nothing is on its way any more. */
export const quiet = logOnce(({ pending }) => pending === 0)

export const behave = (change: BehaviourChange) => request("POST", "/_simulator/webhooks", change)
