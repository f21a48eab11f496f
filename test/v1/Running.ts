/** Endpoints under `/v1` on a port of their own, over a world in memory that knows one instance and its key. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, References, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as Memory from "../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import { routerConfig } from "../../apps/http/routerConfig.ts"
import * as Fallback from "../../apps/http/Fallback.ts"
import * as Endpoint from "../../apps/http/v1/Endpoint.ts"
import { KeyRing } from "../../core/instance/KeyRing.ts"
import * as Http from "../journeys/Http.ts"

const key = "ad_test_0123456789abcdefghijkl"

export const world = Layer.mergeAll(KeyRing.layer, Layer.succeed(References.MinimumLogLevel, "None")).pipe(
  Layer.provideMerge(Memory.layer)
)

const served = <R>(endpoints: ReadonlyArray<Endpoint.Endpoint<R>>) =>
  HttpRouter.serve(Layer.mergeAll(HttpRouter.addAll(endpoints.map(Endpoint.routeOf)), Fallback.layer), {
    routerConfig,
    disableLogger: true,
    disableListenLog: true
  }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { host: "127.0.0.1", port: 0, gracefulShutdownTimeout: "1 second" })
    )
  )

/** Serves `endpoints` for as long as the scope is open; asks them with the instance's key unless told otherwise. */
export const serve = Effect.fnUntraced(function* <R>(endpoints: ReadonlyArray<Endpoint.Endpoint<R>>) {
  const setup = yield* MemorySetup
  yield* setup.addInstance({ id: 4 })
  yield* setup.addKey({ instanceId: 4, key })
  const server = Context.get(yield* Layer.build(served(endpoints)), HttpServer.HttpServer)
  const port = "port" in server.address ? server.address.port : 0
  return (path: string, { headers, ...options }: Partial<Http.Request> = {}) =>
    Http.send(`http://127.0.0.1:${port}`, { method: "GET", path, headers: { apikey: key, ...headers }, ...options })
})

const Problem = Schema.Struct({
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.String,
  code: Schema.String,
  field: Schema.optionalKey(Schema.String),
  retryable: Schema.Boolean,
  retry_after: Schema.optionalKey(Schema.Int),
  action: Schema.String,
  request_id: Schema.String
})

/** The answer as an RFC 9457 problem. */
export const problemOf = ({ json }: Http.Answer) => Schema.decodeUnknownSync(Problem)(json)
