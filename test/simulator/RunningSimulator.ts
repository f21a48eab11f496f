import { Effect, Layer, Redacted, Schema } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SimulatorOptions } from "../../adapters/simulator/Simulator.ts"
import * as Simulator from "../../adapters/simulator/Simulator.ts"

/** A folder that is gone with the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-simulator-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

/** A simulator on a free port with a ledger of its own. */
export const running = (options: Partial<SimulatorOptions> = {}) =>
  Layer.unwrap(
    Effect.map(temporaryFolder, (folder) =>
      Simulator.layer({
        host: "127.0.0.1",
        port: 0,
        ledgerPath: join(folder, "ledger.jsonl"),
        seed: "test",
        ...options
      })
    )
  )

/** The connection ended before the answer did. */
class Lost extends Schema.TaggedError<Lost>()("Lost", { code: Schema.String }) {}

export interface Answer {
  readonly status: number
  readonly contentType: string | null
  readonly text: string
  readonly json: unknown
}

const Failure = Schema.Struct({ cause: Schema.Struct({ code: Schema.String }) })
const lost = (failure: unknown) =>
  new Lost({ code: Schema.is(Failure)(failure) ? failure.cause.code : String(failure) })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const token = Redacted.make("EAAtest")

/** One request to the running simulator, with a token unless `headers` say otherwise. */
export const request = Effect.fnUntraced(function* (
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${Redacted.value(token)}` }
) {
  const { url } = yield* Simulator.Simulator
  const encoded =
    body === undefined || body instanceof FormData ? body : typeof body === "string" ? body : JSON.stringify(body)
  return yield* Effect.tryPromise({
    try: async (signal): Promise<Answer> => {
      const answer = await fetch(new URL(path, url), { method, headers, signal, ...(encoded && { body: encoded }) })
      const text = await answer.text()
      return { status: answer.status, contentType: answer.headers.get("content-type"), text, json: parsed(text) }
    },
    catch: lost
  })
})

export const phoneNumberId = "106540352242922"
export const mobile = "5511978049825"

/** `POST /v25.0/{phone-number-id}/messages`; `fields` replace those of a plain text message. */
export const send = (fields: Readonly<Record<string, unknown>> = {}, version = "v25.0") =>
  request("POST", `/${version}/${phoneNumberId}/messages`, {
    messaging_product: "whatsapp",
    to: `+${mobile}`,
    type: "text",
    text: { body: "Olá, tudo bem?" },
    ...fields
  })

const SendAnswer = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  contacts: Schema.Array(Schema.Record(Schema.String, Schema.String)),
  messages: Schema.Array(Schema.Struct({ id: Schema.String, message_status: Schema.optionalKey(Schema.String) }))
})
export const acceptedAs = Schema.decodeUnknownSync(SendAnswer)
export const wamidOf = (answer: Answer): string => acceptedAs(answer.json).messages[0]?.id ?? "none"

const Refusal = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    type: Schema.String,
    code: Schema.Int,
    error_subcode: Schema.optionalKey(Schema.Int),
    error_data: Schema.optionalKey(
      Schema.Struct({ messaging_product: Schema.Literal("whatsapp"), details: Schema.String })
    ),
    fbtrace_id: Schema.String
  })
})
const decodeRefusal = Schema.decodeUnknownSync(Refusal)

/** The parts of Meta's envelope that callers go by. */
export const refusalOf = ({ json, status }: Answer) => {
  const { code, error_data, error_subcode, message } = decodeRefusal(json).error
  return { status, code, message, details: error_data?.details, subcode: error_subcode }
}

const Sends = Schema.Struct({
  count: Schema.Int,
  next: Schema.Int,
  sends: Schema.Array(
    Schema.Struct({
      wamid: Schema.String,
      to: Schema.String,
      attempt_id: Schema.NullOr(Schema.String),
      phone_number_id: Schema.String,
      at: Schema.DateTimeUtcFromString,
      body: Schema.Record(Schema.String, Schema.Unknown)
    })
  )
})

/** `GET /_simulator/ledger`. */
export const ledger = (query = "") =>
  Effect.map(request("GET", `/_simulator/ledger${query}`), ({ json }) => Schema.decodeUnknownSync(Sends)(json))

export const script = (faults: unknown) => request("POST", "/_simulator/faults", faults)
