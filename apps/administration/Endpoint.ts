/** Where and with which token the process that has a data folder takes commands: `admin.json` in that folder. */
import { Effect, Option, Redacted, Schema } from "effect"
import { readFile, rm } from "node:fs/promises"
import * as DataFolder from "../configuration/DataFolder.ts"
import { writePrivately } from "../configuration/writePrivately.ts"

const Endpoint = Schema.Struct({
  /** On the loopback interface. */
  url: Schema.String,
  token: Schema.RedactedFromValue(Schema.NonEmptyString),
  pid: Schema.Int
})
export type Endpoint = typeof Endpoint.Type

/** The endpoint could not be told to others. */
class EndpointUnwritable extends Schema.TaggedError<EndpointUnwritable>()("EndpointUnwritable", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `O arquivo ${this.path} não pode ser escrito.`
  }
}

const json = Schema.fromJsonString(Endpoint)
const decode = Schema.decodeUnknownOption(json)
const encode = Schema.encodeSync(json)

/** None where the file is missing or no such thing. */
export const find = (dataDir: string): Effect.Effect<Option.Option<Endpoint>> =>
  Effect.promise(() => readFile(DataFolder.endpoint(dataDir), "utf8").then(decode, () => Option.none<Endpoint>()))

const remove = Effect.fnUntraced(function* (dataDir: string, { token }: Endpoint) {
  const written = yield* find(dataDir)
  // Another process may have the folder by now.
  if (Option.isNone(written) || Redacted.value(written.value.token) !== Redacted.value(token)) return
  yield* Effect.promise(() => rm(DataFolder.endpoint(dataDir), { force: true }))
})

/** Tells where to be reached until the scope ends. */
export const announce = (dataDir: string, endpoint: Endpoint) => {
  const path = DataFolder.endpoint(dataDir)
  return Effect.acquireRelease(
    Effect.tryPromise({
      try: () => writePrivately(path, encode(endpoint)),
      catch: (cause) => new EndpointUnwritable({ path, cause })
    }),
    () => remove(dataDir, endpoint)
  )
}
