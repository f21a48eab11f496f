/**
 * The frame of every endpoint under `/v1`: the order of checks (path and method, key, size, type and shape of the body,
 * path, query, then the endpoint's own work), failures as RFC 9457 problems, the headers of every answer, one log line and
 * one measure per request.
 */
import { Clock, Effect, Option } from "effect"
import { HttpRouter, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { failure, type Failure, statusOf } from "../../../core/failure/Failure.ts"
import type { Instance } from "../../../core/instance/Instance.ts"
import type { Unavailable } from "../../../core/Unavailable.ts"
import * as Telemetry from "../../telemetry/RequestTelemetry.ts"
import { authenticate } from "../ApiKeyHeader.ts"
import * as Incoming from "../Incoming.ts"
import { PublicUrl } from "../PublicUrl.ts"
import { problemForm } from "../Rendering.ts"
import * as RequestId from "../RequestId.ts"
import type { Body } from "./Body.ts"
import type { Path } from "./Path.ts"
import { type Query, textsIn } from "./Query.ts"

type Response = HttpServerResponse.HttpServerResponse

/** A request whose every part is as it should be. */
interface Call<P, Q, B> {
  readonly instance: Instance
  readonly requestId: string
  readonly path: P
  readonly query: Q
  readonly body: B
  readonly request: HttpServerRequest.HttpServerRequest
}

interface Definition<P, Q, B, R> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** A parameter is written `:id`. A `GET` answers `HEAD` too. */
  readonly route: `/v1/${string}`
  readonly path: Path<P>
  readonly query: Query<Q>
  readonly body: Body<B>
  readonly handle: (call: Call<P, Q, B>) => Effect.Effect<Response, Failure | Unavailable, R>
}

/** One endpoint, whatever it takes. */
export interface Endpoint<R> extends Pick<Definition<unknown, unknown, unknown, R>, "method" | "route"> {
  readonly carryOut: (
    instance: Instance,
    requestId: string,
    request: HttpServerRequest.HttpServerRequest
  ) => Effect.Effect<Response, Failure | Unavailable, R | HttpRouter.RouteContext>
}

export const make = <P, Q, B, R>({ handle, method, route, ...parts }: Definition<P, Q, B, R>): Endpoint<R> => ({
  method,
  route,
  carryOut: Effect.fnUntraced(function* (instance, requestId, request) {
    const body = yield* parts.body(Incoming.fromRouter(request))
    const path = yield* parts.path(yield* HttpRouter.params)
    const query = yield* parts.query(yield* textsIn(request.url))
    return yield* handle({ instance, requestId, path, query, body, request })
  })
})

/** An answer with a JSON body. */
export const json = (status: 200 | 201 | 202, value: unknown): Response =>
  HttpServerResponse.text(JSON.stringify(value), { status, contentType: "application/json" })

/** 204: done, and nothing to say. */
export const noContent: Response = HttpServerResponse.empty()

const problem = Effect.fnUntraced(function* (failure: Failure, requestId: string) {
  const body = problemForm.failure(failure, { requestId, messageId: undefined, publicUrl: yield* PublicUrl })
  return HttpServerResponse.text(JSON.stringify(body), {
    status: statusOf(failure),
    contentType: problemForm.contentType,
    headers: failure.retryAfter === undefined ? {} : { "retry-after": String(failure.retryAfter) }
  })
})

const away = failure("database_unavailable", { message: "O banco de dados está indisponível.", retryAfter: 5 })

/** A defect is ours: it is logged whole, and told as nothing but itself. */
const ours = (requestId: string) => (defect: unknown) =>
  Effect.andThen(
    Effect.logError("internal error", { request_id: requestId, defect }),
    Effect.fail(failure("internal_error", { message: "Erro interno do servidor." }))
  )

const answer = Effect.fnUntraced(function* <R>(endpoint: Endpoint<R>, request: HttpServerRequest.HttpServerRequest) {
  const started = yield* Clock.currentTimeMillis
  const requestId = RequestId.of(request.headers["x-request-id"])
  let instance = Option.none<Instance>()
  let fault = Option.none<Failure>()
  const response = yield* authenticate(Incoming.fromRouter(request)).pipe(
    Effect.tap((opened) => Effect.sync(() => (instance = Option.some(opened)))),
    Effect.flatMap((opened) => endpoint.carryOut(opened, requestId, request)),
    Effect.catchTag("Unavailable", () => Effect.fail(away)),
    Effect.catchDefect(ours(requestId)),
    Effect.catchTag("Failure", (failure) => {
      fault = Option.some(failure)
      return problem(failure, requestId)
    })
  )
  yield* Telemetry.record({
    method: endpoint.method,
    route: endpoint.route,
    requestId,
    instanceId: Option.map(instance, ({ id }) => id),
    status: response.status,
    code: Option.map(fault, ({ code }) => code),
    millis: (yield* Clock.currentTimeMillis) - started
  })
  return HttpServerResponse.setHeaders(response, { "request-id": requestId, "cache-control": "no-store" })
})

export const routeOf = <R>(endpoint: Endpoint<R>) =>
  HttpRouter.route(endpoint.method, endpoint.route, (request) => answer(endpoint, request))
