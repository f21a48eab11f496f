/**
 * `/metrics` of an app that runs in several processes: whichever of them is asked, the first one collects what all of
 * them counted. One that does not answer within a second is left out.
 */
import { Effect, Predicate } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import cluster, { type Worker } from "node:cluster"
import { randomUUID } from "node:crypto"
import type { EventEmitter } from "node:events"
import { addMetrics } from "../telemetry/addMetrics.ts"

type Message =
  /** A process to the first: tell me what all have counted. */
  | { readonly metrics: "gather"; readonly id: string }
  /** The first to a process: tell me what you have counted. */
  | { readonly metrics: "tell"; readonly id: string }
  /** A process to the first, and the first to the one that asked. */
  | { readonly metrics: "told"; readonly id: string; readonly text: string }

const isMessage = (value: unknown): value is Message => Predicate.hasProperty(value, "metrics")

const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** Listens as long as the scope is open. */
const listening = (emitter: EventEmitter, listener: (...of: ReadonlyArray<unknown>) => void) =>
  Effect.acquireRelease(
    Effect.sync(() => emitter.on("message", listener)),
    () => Effect.sync(() => emitter.off("message", listener))
  )

/** Sends a question and waits for what is told under its id. */
const ask = (emitter: EventEmitter, question: "gather" | "tell", send: (message: Message) => void) =>
  Effect.callback<string>((resume) => {
    const id = randomUUID()
    const listener = (message: unknown) => {
      if (isMessage(message) && message.metrics === "told" && message.id === id) {
        emitter.off("message", listener)
        resume(Effect.succeed(message.text))
      }
    }
    emitter.on("message", listener)
    send({ metrics: question, id })
    return Effect.sync(() => emitter.off("message", listener))
  })

const connected = (): ReadonlyArray<Worker> =>
  Object.values(cluster.workers ?? {}).flatMap((worker) => (worker?.isConnected() === true ? [worker] : []))

const told = (worker: Worker): Effect.Effect<string> =>
  ask(worker, "tell", (message) => worker.send(message)).pipe(
    Effect.timeoutOrElse({ duration: "1 second", orElse: () => Effect.succeed("") })
  )

const gather = Effect.suspend(() => Effect.forEach(connected(), told, { concurrency: "unbounded" }))

const answerTo = (worker: Worker, id: string) =>
  Effect.map(gather, (texts) => {
    if (worker.isConnected()) worker.send({ metrics: "told", id, text: addMetrics(texts) } satisfies Message)
  })

const isWorker = (value: unknown): value is Worker => Predicate.hasProperty(value, "isConnected")

/** In the first process: answers every process that asks. */
export const serveGathering = listening(cluster, (worker, message) => {
  if (isWorker(worker) && isMessage(message) && message.metrics === "gather") {
    Effect.runFork(answerTo(worker, message.id))
  }
})

const sayToFirst = (message: Message): void => {
  process.send?.(message)
}

/** In every other process: tells what it has counted when the first one asks. */
const answerTheFirst = Effect.flatMap(Effect.context(), (context) =>
  listening(process, (message) => {
    if (!isMessage(message) || message.metrics !== "tell") return
    sayToFirst({ metrics: "told", id: message.id, text: PrometheusMetrics.formatUnsafe(context) })
  })
)

/** What all processes have counted; what this one has, where the first does not answer. */
const gathered = ask(process, "gather", sayToFirst).pipe(
  Effect.timeoutOrElse({ duration: "2 seconds", orElse: () => PrometheusMetrics.format() })
)

const text = cluster.isWorker ? gathered : PrometheusMetrics.format()

export const layer = HttpRouter.use((router) =>
  Effect.andThen(
    cluster.isWorker ? answerTheFirst : Effect.void,
    router.add(
      "GET",
      "/metrics",
      Effect.map(text, (body) => HttpServerResponse.text(body, { contentType }))
    )
  )
)
