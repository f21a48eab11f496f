/**
 * `/metrics` of an app that runs in several processes: whichever of them is asked, the first one collects what all of
 * them counted. One that does not answer within a second is left out.
 */
import { Effect, Predicate } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import cluster, { type Worker } from "node:cluster"
import { randomUUID } from "node:crypto"
import { addMetrics } from "../telemetry/addMetrics.ts"

type Message =
  /** A process to the first: tell me what all have counted. */
  | { readonly metrics: "gather"; readonly id: string }
  /** The first to a process: tell me what you have counted. */
  | { readonly metrics: "tell"; readonly id: string }
  /** A process to the first, and the first to the one that asked. */
  | { readonly metrics: "told"; readonly id: string; readonly text: string }

const isMessage = (value: unknown): value is Message => Predicate.hasProperty(value, "metrics")

const patience = "1 second"

/** In the first process: answers every process that asks. */
export const serveGathering = Effect.gen(function* () {
  const run = Effect.runForkWith(yield* Effect.context<never>())

  const told = (worker: Worker): Effect.Effect<string> =>
    Effect.callback<string>((resume) => {
      const id = randomUUID()
      const listen = (message: unknown) => {
        if (!isMessage(message) || message.metrics !== "told" || message.id !== id) return
        worker.off("message", listen)
        resume(Effect.succeed(message.text))
      }
      worker.on("message", listen)
      worker.send({ metrics: "tell", id } satisfies Message)
      return Effect.sync(() => worker.off("message", listen))
    }).pipe(Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.succeed("") }))

  const gather = Effect.suspend(() =>
    Effect.forEach(
      Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected() === true),
      (worker) => (worker === undefined ? Effect.succeed("") : told(worker)),
      { concurrency: "unbounded" }
    )
  )

  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const listen = (worker: Worker, message: unknown) => {
        if (!isMessage(message) || message.metrics !== "gather") return
        const { id } = message
        run(
          Effect.map(gather, (texts) => {
            if (worker.isConnected()) worker.send({ metrics: "told", id, text: addMetrics(texts) } satisfies Message)
          })
        )
      }
      cluster.on("message", listen)
      return listen
    }),
    (listen) => Effect.sync(() => cluster.off("message", listen))
  )
})

/** In every other process: tells what it has counted when the first one asks. */
const answerTheFirst = Effect.gen(function* () {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const listen = (message: unknown) => {
        if (!isMessage(message) || message.metrics !== "tell") return
        const { id } = message
        run(Effect.map(PrometheusMetrics.format(), (text) => process.send?.({ metrics: "told", id, text } satisfies Message)))
      }
      process.on("message", listen)
      return listen
    }),
    (listen) => Effect.sync(() => process.off("message", listen))
  )
})

/** What all processes have counted; what this one has, where the first does not answer. */
const gathered = Effect.callback<string>((resume) => {
  const id = randomUUID()
  const listen = (message: unknown) => {
    if (!isMessage(message) || message.metrics !== "told" || message.id !== id) return
    process.off("message", listen)
    resume(Effect.succeed(message.text))
  }
  process.on("message", listen)
  process.send?.({ metrics: "gather", id } satisfies Message)
  return Effect.sync(() => process.off("message", listen))
}).pipe(Effect.timeoutOrElse({ duration: "2 seconds", orElse: () => PrometheusMetrics.format() }))

const text = cluster.isWorker ? gathered : PrometheusMetrics.format()

export const layer = HttpRouter.use((router) =>
  Effect.andThen(
    cluster.isWorker ? answerTheFirst : Effect.void,
    router.add(
      "GET",
      "/metrics",
      Effect.map(text, (body) => HttpServerResponse.text(body, { contentType: "text/plain; version=0.0.4; charset=utf-8" }))
    )
  )
)
