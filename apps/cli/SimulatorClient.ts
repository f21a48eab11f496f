/** The simulator that SIMULATOR_URL names, or that listens at SIMULATOR_PORT of this machine. */
import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import * as Configuration from "../configuration/Configuration.ts"

class SimulatorAway extends Schema.TaggedError<SimulatorAway>()("SimulatorAway", { url: Schema.String }) {
  override get message(): string {
    return `O simulador não responde em ${this.url}: SIMULATOR_URL diz onde ele está.`
  }
}

class SimulatorRefused extends Schema.TaggedError<SimulatorRefused>()("SimulatorRefused", {
  /** In Portuguese, on one line. */
  reason: Schema.String
}) {
  override get message(): string {
    return `O simulador recusou: ${this.reason}`
  }
}

const Refusal = Schema.Struct({ error: Schema.Struct({ message: Schema.String }) })
const decodeRefusal = Schema.decodeUnknownEffect(Refusal)
const decodeAnswer = Schema.decodeUnknownEffect(Schema.Record(Schema.String, Schema.Json))

const address = Effect.gen(function* () {
  return (yield* Configuration.simulatorUrl) ?? `http://127.0.0.1:${yield* Configuration.simulatorPort}`
})

/** `path` is under `/_simulator`. */
export const ask = Effect.fnUntraced(function* (method: "GET" | "POST", path: string, body?: Schema.JsonObject) {
  const url = yield* address
  const bare = HttpClientRequest.make(method)(`${url}/_simulator${path}`)
  const request = body === undefined ? bare : HttpClientRequest.bodyJsonUnsafe(bare, body)
  const away = () => new SimulatorAway({ url })
  const response = yield* Effect.mapError(HttpClient.execute(request), away)
  const answer = yield* Effect.mapError(response.json, away)
  if (response.status >= 400) {
    const { error } = yield* Effect.mapError(decodeRefusal(answer), away)
    return yield* new SimulatorRefused({ reason: error.message.replaceAll(/\s+/gu, " ") })
  }
  return yield* Effect.mapError(decodeAnswer(answer), away)
}, Effect.provide(FetchHttpClient.layer))
