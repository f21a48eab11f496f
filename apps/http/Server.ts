/**
 * The HTTP server: the routes on a port. When it is told to stop it takes no new connection, finishes
 * what is under way within `grace`, and then lets go of the rest.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as Draining from "./Draining.ts"
import { routes } from "./HttpApp.ts"
import * as OrdinarySend from "./OrdinarySend.ts"
import { routerConfig } from "./routerConfig.ts"
import * as SpanAttributes from "./SpanAttributes.ts"
import * as MetaPost from "./webhooks/MetaPost.ts"

/** Longer than the deadline of a send, so that every one ends with its outcome recorded. */
const grace = "20 seconds"

/** A request of 64 KiB needs no longer; slower ones only hold a connection. */
const requestTimeoutMillis = 30_000

/** Longer than that of the usual load balancers, so that a connection is never closed under a request of theirs. */
const keepAliveTimeoutMillis = 65_000

export interface Options {
  readonly host: string
  readonly port: number
}

export const layer = ({ host, port }: Options) =>
  Layer.unwrap(
    Effect.sync(() => {
      const server = createServer({
        requestTimeout: requestTimeoutMillis,
        headersTimeout: requestTimeoutMillis,
        keepAliveTimeout: keepAliveTimeoutMillis
      })
      // Built last, so that it ends first.
      return Layer.effectDiscard(
        Effect.all([OrdinarySend.takeOver(server), MetaPost.takeOver(server), Draining.atEnd(server)])
      ).pipe(
        Layer.provideMerge(
          HttpRouter.serve(routes, { routerConfig, disableLogger: true, disableListenLog: true }).pipe(
            Layer.provide(SpanAttributes.layer)
          )
        ),
        Layer.provideMerge(NodeHttpServer.layer(() => server, { host, port, gracefulShutdownTimeout: grace }))
      )
    })
  )

/** Where it listens; with port 0 asked for, the port that was free. */
export const boundPort = Effect.map(HttpServer.HttpServer, ({ address }) => ("port" in address ? address.port : 0))
