/** The ports `Administration`, `Quarantine` and `Resends`, served by the process that has the data folder. */
import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { RpcClient, RpcSerialization } from "effect/rpc"
import { RpcClientError } from "effect/rpc/RpcClientError"
import { Administration } from "../../core/administration/Administration.ts"
import { Quarantine } from "../../core/inbound/Quarantine.ts"
import { Resends } from "../../core/resend/Resends.ts"
import { AdministrationRpcs } from "./AdministrationRpcs.ts"
import type { Endpoint } from "./Endpoint.ts"

/**
 * The process ended, or stopped answering, in the middle of a command: a defect, for no one who calls the port can do
 * anything about it.
 */
export class ProcessLost extends Schema.TaggedError<ProcessLost>()("ProcessLost", { cause: Schema.Defect() }) {
  override get message(): string {
    return "O processo que usa a pasta de dados parou de responder; confira com `list` se a operação foi feita."
  }
}

const authorized = (token: Redacted.Redacted) =>
  HttpClient.mapRequest(HttpClientRequest.bearerToken(Redacted.value(token)))

const orLost = <A, E, R>(self: Effect.Effect<A, E | RpcClientError, R>) =>
  Effect.catchIf(
    self,
    (error) => error instanceof RpcClientError,
    (cause) => Effect.die(new ProcessLost({ cause }))
  )

const protocol = ({ token, url }: Endpoint) =>
  RpcClient.layerProtocolHttp({ url, transformClient: authorized(token) }).pipe(
    Layer.provide([FetchHttpClient.layer, RpcSerialization.layerNdjson])
  )

export const layer = (endpoint: Endpoint): Layer.Layer<Administration | Quarantine | Resends> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const client = yield* RpcClient.make(AdministrationRpcs, { disableTracing: true })
      const administration = Administration.of({
        addInstance: (instance) => orLost(client.addInstance(instance)),
        instance: (instanceId) => orLost(client.instance({ instanceId })),
        instances: orLost(client.instances()),
        setToken: (instanceId, token) => orLost(client.setToken({ instanceId, token })),
        keywords: (instanceId) => orLost(client.keywords({ instanceId })),
        setKeywords: (instanceId, keywords) => orLost(client.setKeywords({ instanceId, keywords })),
        health: (instanceId) => orLost(client.health({ instanceId })),
        addKey: (key) => orLost(client.addKey(key)),
        keys: (instanceId) => orLost(client.keys({ instanceId })),
        revokeKey: (instanceId, id) => orLost(client.revokeKey({ instanceId, id })),
        addQueue: (queue) => orLost(client.addQueue(queue)),
        queues: (instanceId) => orLost(client.queues({ instanceId })),
        addStatus: (status) => orLost(client.addStatus(status)),
        statuses: (instanceId) => orLost(client.statuses({ instanceId })),
        addTemplate: (template) => orLost(client.addTemplate(template)),
        template: (instanceId, id) => orLost(client.template({ instanceId, id })),
        setTemplateStatus: (instanceId, id, status) => orLost(client.setTemplateStatus({ instanceId, id, status })),
        templates: (instanceId) => orLost(client.templates({ instanceId })),
        addCampaign: (campaign) => orLost(client.addCampaign(campaign)),
        moveCampaign: (move) => orLost(client.moveCampaign(move)),
        campaigns: (instanceId) => orLost(client.campaigns({ instanceId })),
        recordConsent: (given) => orLost(client.recordConsent(given))
      })
      const quarantine = Quarantine.of({
        list: (page) => orLost(client.quarantined(page)),
        retry: (which) => orLost(client.retryQuarantined({ which }))
      })
      const resends = Resends.of({
        list: (filter, page) => orLost(client.unresolved({ ...filter, ...page })),
        find: (id) => orLost(client.sentMessage({ id })),
        enter: (wish) => orLost(client.wishResend(wish))
      })
      return Context.make(Administration, administration).pipe(
        Context.add(Quarantine, quarantine),
        Context.add(Resends, resends)
      )
    })
  ).pipe(Layer.provide(protocol(endpoint)))

/** Whether the process that wrote `endpoint` is the one that answers there. */
export const answers = ({ token, url }: Endpoint): Effect.Effect<boolean> =>
  HttpClient.HttpClient.pipe(
    Effect.flatMap((client) => authorized(token)(client).head(url)),
    Effect.map(({ status }) => status === 204),
    Effect.timeout("2 seconds"),
    Effect.catch(() => Effect.succeed(false)),
    Effect.provide(FetchHttpClient.layer)
  )
