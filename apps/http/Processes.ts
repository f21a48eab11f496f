/**
 * As many processes of the HTTP app as the machine has cores, on one port: JavaScript runs on one core, and a send
 * costs more of it than of the database. The first process only starts the others, replaces one that dies, and ends
 * when they have ended.
 */
import { Deferred, Effect, FiberSet, Runtime, Schema, type Scope } from "effect"
import cluster, { type Worker } from "node:cluster"
import { once } from "node:events"
import { serveGathering } from "./GatheredMetrics.ts"

/** A process of the app ended before it listened. It has said why: this one has nothing to add. */
export class NotStarted extends Schema.TaggedError<NotStarted>()("NotStarted", {}) {
  override readonly [Runtime.errorReported] = false
}

const ended = (worker: Worker): Effect.Effect<void> =>
  Effect.promise(async () => {
    if (!worker.isDead()) await once(worker, "exit")
  })

/** SIGTERM lets it finish what is under way. */
const stop = (worker: Worker): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (!worker.isDead()) worker.process.kill("SIGTERM")
    return ended(worker)
  })

/** Fails where the process ends before it listens; else ends with it. */
const one = (listens: Deferred.Deferred<void>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const worker = yield* Effect.acquireRelease(
        Effect.sync(() => cluster.fork()),
        stop
      )
      const listened = yield* Effect.raceFirst(
        Effect.as(
          Effect.promise(() => once(worker, "listening")),
          true
        ),
        Effect.as(ended(worker), false)
      )
      if (!listened) return yield* new NotStarted()
      yield* Deferred.succeed(listens, undefined)
      yield* ended(worker)
      yield* Effect.logWarning("a process ended and is replaced", { pid: worker.process.pid })
    })
  )

/** Whether this process is one of those that do the work. */
export const isWorker = cluster.isWorker

/** Runs `count` processes of the app that this one is the first of, until it is interrupted or one does not start. */
export const run = Effect.fnUntraced(function* (count: number): Effect.fn.Return<never, NotStarted, Scope.Scope> {
  yield* serveGathering
  const processes = yield* FiberSet.make<never, NotStarted>()
  const first = yield* Deferred.make<void>()
  const start = FiberSet.run(processes, Effect.forever(one(first)))
  yield* start
  // What keeps one from starting keeps all: it is found out, and said, once.
  yield* Effect.raceFirst(Deferred.await(first), FiberSet.join(processes))
  for (let n = 1; n < count; n++) yield* start
  yield* FiberSet.join(processes)
  return yield* Effect.never
}, Effect.scoped)
