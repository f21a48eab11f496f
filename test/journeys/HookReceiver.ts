/** The system of an integrator's that is told of events: a real HTTP server, which verifies what it is sent. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { once } from "node:events"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { Webhook } from "standardwebhooks"
import { eventually } from "./Child.ts"

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Told {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly instance_id: number
  readonly data: { readonly [name: string]: unknown }
}

const decode = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      id: Schema.String,
      type: Schema.String,
      timestamp: Schema.String,
      instance_id: Schema.Int,
      data: Schema.Record(Schema.String, Schema.Unknown)
    })
  )
)

/** The event in a request, which has to have the event's id. */
export const eventIn = ({ body, headers }: Received): Told => {
  const event = decode(body)
  assert.strictEqual(headers["webhook-id"], event.id)
  return event
}

const texts = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** As integrators do it; the package looks at the machine's clock. */
export const verify = (secret: string, { body, headers }: Received): unknown =>
  new Webhook(secret).verify(body, texts(headers))

/** The same without a look at the clock, for when the product's has been moved. */
export const isSigned = (secret: string, { body, headers }: Received): boolean => {
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000)
  const signature = new Webhook(secret).sign(String(headers["webhook-id"]), at, body)
  return String(headers["webhook-signature"]).split(" ").includes(signature)
}

/** Answers 204 unless told otherwise; `answer` is asked for each path. */
export const make = Effect.gen(function* () {
  const received: Array<Received> = []
  const answers = new Map<string, { readonly status: number; readonly headers?: Record<string, string> }>()
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const path = request.url ?? ""
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString("utf8") })
      const { headers = {}, status } = answers.get(path) ?? { status: 204 }
      response.writeHead(status, headers).end(status === 204 ? undefined : "resposta do integrador")
    })
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => once(server.listen(0, "127.0.0.1"), "listening")),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  const on = (path: string) => received.filter((one) => one.path === path)
  return {
    urlOf: (path: string) => `http://127.0.0.1:${port}${path}`,
    on,
    /** From now on, at `path`. */
    answer: (path: string, status: number, headers: Record<string, string> = {}) =>
      Effect.sync(() => void answers.set(path, { status, headers })),
    /** What reached `path`, once it is `count` or more. */
    awaiting: (path: string, count: number) =>
      eventually(
        Effect.suspend(() => {
          const there = on(path)
          return there.length >= count
            ? Effect.succeed(there)
            : Effect.fail(new Error(`${there.length} of ${count} on ${path}`))
        })
      )
  }
})
