/** The part of the HTTP app that takes webhooks, on a port of its own. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, Redacted, References } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import * as InboxMemory from "../../adapters/memory/InboxMemory.ts"
import { World } from "../../adapters/memory/World.ts"
import * as Fallback from "../../apps/http/Fallback.ts"
import * as Handshake from "../../apps/http/webhooks/Handshake.ts"
import * as MetaPost from "../../apps/http/webhooks/MetaPost.ts"
import * as WebhookSecrets from "../../apps/http/webhooks/WebhookSecrets.ts"
import type { Inbox } from "../../core/inbound/Inbox.ts"
import * as Http from "../journeys/Http.ts"

export class Receiver extends Context.Service<Receiver, { readonly url: string; readonly port: number }>()(
  "test/webhook-ingest/Receiver"
) {}

export const metaSecret = "segredo-atual-da-meta"
export const previousSecret = "segredo-anterior-da-meta"
export const simulatorSecret = "segredo-do-simulador"
export const verifyToken = "palavra-de-verificação"

const secrets = WebhookSecrets.make({
  verifyToken: Redacted.make(verifyToken),
  metaAppSecrets: [Redacted.make(metaSecret), Redacted.make(previousSecret)],
  simulatorAppSecret: Redacted.make(simulatorSecret)
})

export const none = WebhookSecrets.make({
  verifyToken: undefined,
  metaAppSecrets: [],
  simulatorAppSecret: undefined
})

/** On whatever inbox it is given. */
export const layerOn = <E, R>(
  inbox: Layer.Layer<Inbox, E, R>,
  known: WebhookSecrets.WebhookSecrets["Service"] = secrets
) =>
  Layer.unwrap(
    Effect.sync(() => {
      const server = createServer()
      return Layer.effect(
        Receiver,
        Effect.gen(function* () {
          yield* MetaPost.takeOver(server)
          const { address } = yield* HttpServer.HttpServer
          const port = "port" in address ? address.port : 0
          return Receiver.of({ port, url: `http://127.0.0.1:${port}` })
        })
      ).pipe(
        Layer.provideMerge(
          HttpRouter.serve(Layer.mergeAll(Handshake.route, Fallback.layer), {
            disableLogger: true,
            disableListenLog: true
          })
        ),
        Layer.provide(NodeHttpServer.layer(() => server, { host: "127.0.0.1", port: 0 })),
        Layer.provide(Layer.succeed(WebhookSecrets.WebhookSecrets, known)),
        Layer.provide(inbox)
      )
    })
  )

/** On an inbox in memory, which `World` shows. */
export const layerTelling = layerOn(InboxMemory.layer).pipe(Layer.provideMerge(World.layer))

/** The same, silently. */
export const layer = Layer.provide(layerTelling, Layer.succeed(References.MinimumLogLevel, "Error"))

export const path = "/webhooks/whatsapp"

export const sign = (body: string | Uint8Array, secret: string = metaSecret): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`

export const request = (options: Partial<Http.Request>) =>
  Effect.flatMap(Receiver, ({ url }) => Http.send(url, { path, ...options }))

/** As Meta posts it, unless headers say otherwise. */
export const post = (body: string | Uint8Array, options: Partial<Http.Request> = {}) =>
  request({
    body,
    ...options,
    headers: { "content-type": "application/json", "x-hub-signature-256": sign(body), ...options.headers }
  })
