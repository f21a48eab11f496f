/** One log line and one measure per request under `/v1`. The path is named as its route: in it stand ids, and a `wamid` is a number. */
import { Effect, Metric, Option } from "effect"
import type { ErrorCode } from "../../core/failure/Catalogue.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"

export interface Request {
  readonly method: string
  readonly route: string
  readonly requestId: string
  readonly instanceId: Option.Option<InstanceId>
  readonly status: number
  /** Of the failure, where it was answered with one. */
  readonly code: Option.Option<ErrorCode>
  readonly millis: number
}

const requests = Metric.counter("aidesk_api_requests_total", {
  description: "Requests under /v1, by method, route and result",
  incremental: true
})

const durations = Metric.histogram("aidesk_api_duration_seconds", {
  description: "From the arrival of a request under /v1 to its answer",
  boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})

export const record = Effect.fnUntraced(function* (request: Request) {
  const { method, millis, route, status } = request
  const outcome = Option.getOrElse(request.code, () => "ok")
  yield* Metric.update(Metric.withAttributes(requests, { method, route, outcome }), 1)
  yield* Metric.update(durations, millis / 1000)
  yield* Effect.logInfo("request", {
    method,
    route,
    outcome,
    status,
    request_id: request.requestId,
    instance_id: Option.getOrUndefined(request.instanceId),
    millis
  })
})
