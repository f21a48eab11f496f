/** Logs always; traces where somebody collects them (OpenTelemetry over HTTP). */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Layer, References } from "effect"
import { HttpMiddleware } from "effect/http"
import { OtlpSerialization, OtlpTracer } from "effect/observability"
import * as Configuration from "../configuration/Configuration.ts"
import * as JsonLog from "./JsonLog.ts"

const traces = (baseUrl: string, serviceName: string) =>
  OtlpTracer.layer({ url: `${baseUrl}/v1/traces`, resource: { serviceName } }).pipe(
    Layer.provide(OtlpSerialization.layerJson),
    Layer.provide(NodeHttpClient.layerUndici)
  )

/** Without a collector nobody would read a span, and none is made. */
const noTraces = Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true)

export const layer = (serviceName: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const endpoint = yield* Configuration.otlpEndpoint
      const level = yield* Configuration.logLevel
      return Layer.mergeAll(
        JsonLog.layer,
        Layer.succeed(References.MinimumLogLevel, level),
        endpoint === undefined ? noTraces : traces(endpoint, serviceName)
      )
    })
  )
