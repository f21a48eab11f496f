/**
 * The HTTP server: the routes on a port. When it is told to stop it takes no new connection, finishes
 * what is under way within `grace`, and then lets go of the rest.
 */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { routes } from "./HttpApp.ts"

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

/** A path is one spelling, as the answers to wrong methods and paths take it. */
const routerConfig = { caseSensitive: true, ignoreTrailingSlash: false, ignoreDuplicateSlashes: false }

export const layer = ({ host, port }: Options) =>
  HttpRouter.serve(routes, { routerConfig, disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(
        () =>
          createServer({
            requestTimeout: requestTimeoutMillis,
            headersTimeout: requestTimeoutMillis,
            keepAliveTimeout: keepAliveTimeoutMillis
          }),
        { host, port, gracefulShutdownTimeout: grace }
      )
    )
  )

/** Where it listens; with port 0 asked for, the port that was free. */
export const boundPort = Effect.map(HttpServer.HttpServer, ({ address }) => ("port" in address ? address.port : 0))
