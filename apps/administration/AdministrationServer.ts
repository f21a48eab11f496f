/**
 * Lets the CLI work through the process that has the data folder: serves the ports `Administration`, `Quarantine` and `Resends` on
 * a free port of the loopback interface, to whoever knows a token that is made anew at each start and readable by the
 * folder's owner.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Effect, Layer, Redacted } from "effect"
import { HttpIncomingMessage, HttpMiddleware, HttpServerRequest, HttpServerResponse } from "effect/http"
import { RpcSerialization, RpcServer } from "effect/rpc"
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { createServer } from "node:http"
import { Administration } from "../../core/administration/Administration.ts"
import { Quarantine } from "../../core/inbound/Quarantine.ts"
import { Resends } from "../../core/resend/Resends.ts"
import { AdministrationRpcs } from "./AdministrationRpcs.ts"
import * as Endpoint from "./Endpoint.ts"

const handlers = AdministrationRpcs.toLayer(
  Effect.gen(function* () {
    const administration = yield* Administration
    const quarantine = yield* Quarantine
    const resends = yield* Resends
    return AdministrationRpcs.of({
      addInstance: administration.addInstance,
      instance: ({ instanceId }) => administration.instance(instanceId),
      instances: () => administration.instances,
      setToken: ({ instanceId, token }) => administration.setToken(instanceId, token),
      keywords: ({ instanceId }) => administration.keywords(instanceId),
      setKeywords: ({ instanceId, keywords }) => administration.setKeywords(instanceId, keywords),
      health: ({ instanceId }) => administration.health(instanceId),
      addKey: administration.addKey,
      keys: ({ instanceId }) => administration.keys(instanceId),
      revokeKey: ({ id, instanceId }) => administration.revokeKey(instanceId, id),
      addQueue: administration.addQueue,
      queues: ({ instanceId }) => administration.queues(instanceId),
      addStatus: administration.addStatus,
      statuses: ({ instanceId }) => administration.statuses(instanceId),
      addTemplate: administration.addTemplate,
      template: ({ id, instanceId }) => administration.template(instanceId, id),
      setTemplateStatus: ({ id, instanceId, status }) => administration.setTemplateStatus(instanceId, id, status),
      templates: ({ instanceId }) => administration.templates(instanceId),
      addCampaign: administration.addCampaign,
      moveCampaign: administration.moveCampaign,
      campaigns: ({ instanceId }) => administration.campaigns(instanceId),
      recordConsent: administration.recordConsent,
      quarantined: quarantine.list,
      retryQuarantined: ({ which }) => quarantine.retry(which),
      unresolved: ({ all, before, instanceId, limit }) => resends.list({ instanceId, all }, { before, limit }),
      sentMessage: ({ id }) => resends.find(id),
      wishResend: resends.enter
    })
  })
)

/** A template's definition is a few kilobytes. */
const largestBody = ByteSize.fromInputUnsafe("1 MiB")

/** Hashed first, for the comparison wants equal lengths and must not tell where it ended. */
const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest()

const guarded = Effect.fnUntraced(function* (token: string) {
  const serve = yield* RpcServer.toHttpEffect(AdministrationRpcs, { disableTracing: true })
  const wanted = digest(`Bearer ${token}`)
  return Effect.gen(function* () {
    const { headers, method } = yield* HttpServerRequest.HttpServerRequest
    if (!timingSafeEqual(digest(headers["authorization"] ?? ""), wanted)) {
      return HttpServerResponse.empty({ status: 401 })
    }
    // Whoever wonders whether this is the process that wrote the token gets to know it.
    if (method === "HEAD") return HttpServerResponse.empty({ status: 204 })
    return method === "POST"
      ? yield* serve
      : HttpServerResponse.empty({ status: 405, headers: { allow: "HEAD, POST" } })
  })
})

/** To be built when everything else is ready to be administered. Fails with `ServeError`, `EndpointUnwritable`. */
export const layer = ({ dataDir }: { readonly dataDir: string }) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const token = randomBytes(32).toString("hex")
      const { address, serve } = yield* NodeHttpServer.make(() => createServer(), { host: "127.0.0.1", port: 0 })
      yield* serve(yield* guarded(token))
      if (address._tag === "UnixPathAddress") return yield* Effect.die("a server on a port has a path")
      const url = `http://127.0.0.1:${address.port}/`
      yield* Endpoint.announce(dataDir, { url, token: Redacted.make(token), pid: process.pid })
    })
  ).pipe(
    Layer.provide(handlers),
    Layer.provide(RpcSerialization.layerNdjson),
    Layer.provide(Layer.succeed(HttpIncomingMessage.MaxBodySize, largestBody)),
    Layer.provide(Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true))
  )
