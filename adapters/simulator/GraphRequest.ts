import { Effect, Record, Result } from "effect"
import type { HttpServerResponse } from "effect/http"
import { HttpRouter, HttpServerRequest } from "effect/http"
import type { Access } from "./Access.ts"
import { refused } from "./GraphAnswers.ts"
import type { GraphError } from "./GraphError.ts"
import { graphError } from "./GraphError.ts"
import type { Ids } from "./Ids.ts"
import type { Latency } from "./Latency.ts"

/** A request for a Graph object, taken apart. */
export interface ObjectRequest {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly version: string
  readonly id: string
  /** The last value of each query parameter. */
  readonly query: Record.ReadonlyRecord<string, string>
  /** What the caller calls this server. */
  readonly host: string
}

const lastValue = (value: string | ReadonlyArray<string>): string =>
  typeof value === "string" ? value : (value.at(-1) ?? "")

/** Puts around a handler what every Graph request meets: the token, the latency, Meta's envelope for a refusal. */
export const make =
  (access: Access, latency: Latency, ids: Ids) =>
  <R>(handle: (asked: ObjectRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse, GraphError, R>) =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const { id = "", version = "" } = yield* HttpRouter.params
      const query = Record.map(yield* HttpServerRequest.ParsedSearchParams, lastValue)
      const denied = access(request)
      if (denied !== undefined) return yield* Effect.fail(denied)
      return yield* handle({ request, version, id, query, host: request.headers["host"] ?? "localhost" })
    }).pipe(
      Effect.catch((error) => Effect.succeed(refused(error, ids))),
      Effect.tap(latency.wait)
    )

export type GraphRequest = ReturnType<typeof make>

const parse = (text: string): unknown => Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

/** The JSON body of a request; undefined where it is no JSON, which no rule accepts. */
export const readJson = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<unknown, GraphError> =>
  Effect.mapBoth(request.text, {
    onSuccess: parse,
    onFailure: () => graphError(100, { details: "The body could not be read." })
  })
