import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Context, Effect, Layer, Schema } from "effect"
import type { Duration, PubSub, Redacted, Scope } from "effect"
import type { HttpServerError } from "effect/http"
import { HttpMiddleware, HttpRouter, HttpServerRequest } from "effect/http"
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import * as Access from "./Access.ts"
import { controlRoutes } from "./ControlRoutes.ts"
import * as Faults from "./Faults.ts"
import { refused } from "./GraphAnswers.ts"
import { unknownPath } from "./GraphError.ts"
import * as GraphRequest from "./GraphRequest.ts"
import * as Ids from "./Ids.ts"
import * as Latency from "./Latency.ts"
import * as Ledger from "./Ledger.ts"
import * as Media from "./Media.ts"
import { mediaDownloadRoute, mediaUploadRoute } from "./MediaRoutes.ts"
import { messageRoute } from "./MessageRoute.ts"
import { objectRoutes } from "./ObjectRoutes.ts"
import type { TemplateStatus } from "./TemplateDefinition.ts"
import { templateRoutes } from "./TemplateRoutes.ts"
import * as Templates from "./Templates.ts"

export interface SimulatorOptions {
  readonly host: string
  /** 0: any free port; `Simulator.port` tells which. */
  readonly port: number
  /** File of the ledger; it and its folder are made where missing. One simulator at a time. */
  readonly ledgerPath: string
  /** Least time that a Graph answer takes. Default 0. */
  readonly latency?: Duration.Input | undefined
  /** Makes ids the same for the same requests in the same order, from an empty ledger on. Default: random. */
  readonly seed?: string | undefined
  /** The `phone_number_id`s that exist. Default: every number made of digits. */
  readonly knownNumbers?: ReadonlyArray<string> | undefined
  /** The bearer tokens that are valid. Default: every one. */
  readonly accessTokens?: ReadonlyArray<Redacted.Redacted> | undefined
  /** Templates that exist from the start, as `POST /{waba-id}/message_templates` takes them. */
  readonly templates?: ReadonlyArray<SeededTemplate> | undefined
  /** Whether a template name that no account knows is refused (132001), as Meta does, or accepted. Default: refuse. */
  readonly unknownTemplates?: Templates.UnknownTemplates | undefined
}

interface SeededTemplate {
  readonly wabaId: string
  readonly template: Schema.Json
  readonly status?: TemplateStatus | undefined
}

/** A template given in the options is none that Meta would take. */
export class TemplateUnacceptable extends Schema.TaggedError<TemplateUnacceptable>()("TemplateUnacceptable", {
  wabaId: Schema.String,
  details: Schema.String
}) {}

/**
 * A running simulator of Meta's Graph API for WhatsApp: `POST /{version}/{phone-number-id}/messages`, media and
 * templates, with Meta's validation and error envelopes. Where it listens, and what it accepted.
 */
export class Simulator extends Context.Service<
  Simulator,
  {
    readonly host: string
    readonly port: number
    /** What `graph.facebook.com` is replaced by: `http://127.0.0.1:8081`. */
    readonly url: string
    /** Each send from now on, once it is in the ledger and before it is answered. */
    readonly accepted: Effect.Effect<PubSub.Subscription<Ledger.Send>, never, Scope.Scope>
  }
>()("aidesk/adapters/simulator/Simulator") {}

const seedTemplates = (templates: Templates.Templates, seeded: ReadonlyArray<SeededTemplate>) =>
  Effect.forEach(
    seeded,
    ({ status, template, wabaId }) =>
      Effect.mapError(
        Effect.fromResult(templates.create(wabaId, template, status)),
        ({ details, message, userText }) =>
          new TemplateUnacceptable({ wabaId, details: details ?? userText ?? message })
      ),
    { discard: true }
  )

const start = Effect.fnUntraced(function* (options: SimulatorOptions) {
  const ledger = yield* Ledger.make(options.ledgerPath)
  const ids = Ids.make(options.seed ?? randomUUID(), yield* ledger.count)
  const faults = Faults.make()
  const latency = Latency.make(options.latency ?? 0)
  const access = Access.make(options.accessTokens)
  const templates = Templates.make(ids, options.unknownTemplates ?? "refuse")
  const media = Media.make(ids)
  const graphRequest = GraphRequest.make(access, latency, ids)
  const numbers = options.knownNumbers && new Set(options.knownNumbers)
  const knows = (phoneNumberId: string) => numbers?.has(phoneNumberId) ?? /^\d+$/u.test(phoneNumberId)
  yield* seedTemplates(templates, options.templates ?? [])

  const router = yield* HttpRouter.make
  yield* router.addAll([
    messageRoute({ access, faults, ids, knows, latency, ledger, templates }),
    mediaUploadRoute(media, knows, graphRequest),
    mediaDownloadRoute(media, graphRequest),
    ...templateRoutes(templates, graphRequest),
    ...objectRoutes(media, templates, graphRequest),
    ...controlRoutes({ faults, latency, ledger, templates }),
    HttpRouter.route("*", "/*", (request) => Effect.sync(() => refused(unknownPath(request.url), ids)))
  ])

  const node = createServer()
  const server = yield* NodeHttpServer.make(() => node, {
    host: options.host,
    port: options.port,
    gracefulShutdownTimeout: "1 second"
  })
  // A caller that never finishes its request must not hold up the end of the process.
  yield* Effect.addFinalizer(() => Effect.sync(() => node.closeAllConnections()))
  yield* server.serve(router.asHttpEffect()).pipe(
    // It is asked thousands of times a second, and is nothing to be observed.
    Effect.provideService(HttpMiddleware.TracerDisabledWhen, () => true),
    Effect.provideService(HttpServerRequest.MaxBodySize, ByteSize.fromInputUnsafe(Media.largestUpload))
  )
  const { host } = options
  const bound = node.address()
  const port = typeof bound === "object" && bound !== null ? bound.port : options.port
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`
  return Simulator.of({ host, port, url: `http://${authority}`, accepted: ledger.accepted })
})

/** Listens as long as the layer lives. In-flight sends get a second to finish when it ends. */
export const layer = (
  options: SimulatorOptions
): Layer.Layer<Simulator, HttpServerError.ServeError | Ledger.LedgerUnusable | TemplateUnacceptable> =>
  Layer.effect(Simulator, start(options))
