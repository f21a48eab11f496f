/**
 * One log line and one measure per send. A message is named by our id and nothing else: a `wamid`
 * contains the person's number, and so do bodies and keys.
 */
import { Effect, Metric, Option } from "effect"
import type { ErrorCode } from "../../core/failure/Catalogue.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { Report } from "../../core/message/Report.ts"

export interface Send {
  readonly path: string
  readonly requestId: string
  readonly instanceId: Option.Option<InstanceId>
  readonly report: Report
  readonly millis: number
}

const requests = Metric.counter("aidesk_send_requests_total", {
  description: "Requests to the sending endpoints, by path and result",
  incremental: true
})

const durations = Metric.histogram("aidesk_send_duration_seconds", {
  description: "From the request's arrival to its answer",
  boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20]
})

type Outcome = "sent" | ErrorCode

const counters = new Map<string, Metric.Metric<number, unknown>>()

const counterOf = (path: string, outcome: Outcome) => {
  const key = `${path} ${outcome}`
  const known = counters.get(key)
  if (known !== undefined) return known
  const fresh = Metric.withAttributes(requests, { path, outcome })
  counters.set(key, fresh)
  return fresh
}

const outcomeOf = ({ result }: Report): Outcome => (result._tag === "Sent" ? "sent" : result.failure.code)

export const record = Effect.fnUntraced(function* (send: Send) {
  const outcome = outcomeOf(send.report)
  yield* Metric.update(counterOf(send.path, outcome), 1)
  yield* Metric.update(durations, send.millis / 1000)
  yield* Effect.logInfo("send", {
    path: send.path,
    outcome,
    request_id: send.requestId,
    instance_id: Option.getOrUndefined(send.instanceId),
    message_id: send.report.messageId,
    contact_id: send.report.contactId,
    replayed: send.report.replayed,
    millis: send.millis
  })
})
