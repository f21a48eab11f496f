import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Context, Effect, Layer, Schema } from "effect"
import type { Duration, PubSub, Record, Redacted, Scope } from "effect"
import type { HttpServerError } from "effect/http"
import { HttpMiddleware, HttpRouter, HttpServerRequest } from "effect/http"
import { hash, randomUUID } from "node:crypto"
import { createServer } from "node:http"
import * as Access from "./Access.ts"
import * as BusinessNumbers from "./BusinessNumbers.ts"
import type { NumberDetails } from "./BusinessNumbers.ts"
import type { Callback } from "./Callback.ts"
import * as Chance from "./Chance.ts"
import type { ClockControl } from "./ClockRoutes.ts"
import { clockRoutes } from "./ClockRoutes.ts"
import * as Counter from "./Counter.ts"
import { keeper } from "./CustomerFiles.ts"
import * as EntryPoints from "./EntryPoints.ts"
import { eventRoutes } from "./EventRoutes.ts"
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
import * as People from "./People.ts"
import type { TemplateStatus } from "./TemplateDefinition.ts"
import * as TemplateEvents from "./TemplateEvents.ts"
import { templateRoutes } from "./TemplateRoutes.ts"
import * as Templates from "./Templates.ts"
import type { BehaviourChange } from "./WebhookBehaviour.ts"
import { webhookRoutes } from "./WebhookRoutes.ts"
import * as Webhooks from "./Webhooks.ts"

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
  /** What webhooks tell of the business numbers, by `phone_number_id`. The first is whom customers write to. */
  readonly numbers?: Record.ReadonlyRecord<string, NumberDetails> | undefined
  /** Where webhooks go from the start on, and how they come. Default: nowhere, until `setCallback`. */
  readonly webhooks?: WebhookOptions | undefined
  /** Lets `POST /_simulator/clock` move time. Default: there is no such route. */
  readonly clock?: ClockControl | undefined
  /** Whether a template name that no account knows is refused (132001), as Meta does, or accepted. Default: refuse. */
  readonly unknownTemplates?: Templates.UnknownTemplates | undefined
}

export interface WebhookOptions {
  readonly callbackUrl: string
  /** Of the app that webhooks are signed with. */
  readonly appSecret: Redacted.Redacted
  readonly behaviour?: BehaviourChange | undefined
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
    /** Where webhooks go from now on, also those that wait to be repeated; undefined: nowhere. */
    readonly setCallback: (callback: Callback | undefined) => Effect.Effect<void>
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
  const seed = options.seed ?? randomUUID()
  const ids = Ids.make(seed, yield* ledger.count)
  const chance = Chance.make(seed)
  const faults = Faults.make()
  const latency = Latency.make(options.latency ?? 0)
  const access = Access.make(options.accessTokens)
  const templates = Templates.make(ids, options.unknownTemplates ?? "refuse")
  const media = Media.make(ids)
  const graphRequest = GraphRequest.make(access, latency, ids)
  const numbers = options.knownNumbers && new Set(options.knownNumbers)
  const knows = (phoneNumberId: string) => numbers?.has(phoneNumberId) ?? /^\d+$/u.test(phoneNumberId)
  yield* seedTemplates(templates, options.templates ?? [])

  const statusParts = {
    templates,
    numbers: BusinessNumbers.make(options.numbers ?? {}, options.knownNumbers ?? []),
    people: People.make(),
    entryPoints: EntryPoints.make((key) => hash("sha256", `${seed}/${key}`).slice(0, 32))
  }
  const webhooks = yield* Webhooks.make({
    ...statusParts,
    ledger,
    chance,
    callback: options.webhooks && { url: options.webhooks.callbackUrl, appSecret: options.webhooks.appSecret },
    behaviour: options.webhooks?.behaviour ?? {}
  })
  const address = { url: "" }
  const customers = {
    ...statusParts,
    ids,
    written: Counter.make(`${options.ledgerPath}.customers`),
    keep: keeper(media, () => address.url)
  }
  const { statuses } = webhooks

  const router = yield* HttpRouter.make
  yield* router.addAll([
    messageRoute({ access, faults, ids, knows, latency, ledger, statuses, templates }),
    mediaUploadRoute(media, knows, graphRequest),
    mediaDownloadRoute(media, graphRequest),
    ...templateRoutes(templates, graphRequest),
    ...objectRoutes(media, templates, graphRequest),
    ...controlRoutes({ faults, latency, ledger, statuses }),
    ...webhookRoutes(webhooks, { customers, statuses: statusParts, ledger }),
    ...eventRoutes({ customers, webhooks, templateEvents: TemplateEvents.make(templates, statusParts.numbers) }),
    ...(options.clock === undefined ? [] : clockRoutes(options.clock)),
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
  address.url = `http://${authority}`
  return Simulator.of({
    host,
    port,
    url: address.url,
    accepted: ledger.accepted,
    setCallback: (callback) => Effect.sync(() => webhooks.callback.set(callback))
  })
})

/** Listens as long as the layer lives. In-flight sends get a second to finish when it ends. */
export const layer = (
  options: SimulatorOptions
): Layer.Layer<Simulator, HttpServerError.ServeError | Ledger.LedgerUnusable | TemplateUnacceptable> =>
  Layer.effect(Simulator, start(options))
