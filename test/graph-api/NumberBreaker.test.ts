import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"
import * as RawServer from "./RawServer.ts"
import { instance, ofNumber, rehearsal, send, to } from "./Sending.ts"

const neverLeft = (retryAfter: number): GatewayAnswer => ({ _tag: "NeverLeft", reason: "circuit open", retryAfter })

const times = <A, E, R>(n: number, effect: Effect.Effect<A, E, R>) => Effect.replicateEffect(effect, n)

/** Answers with each of `bodies` in turn, then with the last for ever. */
const answering = (...bodies: ReadonlyArray<string>) =>
  RawServer.make((socket, { nth }) => socket.write(RawServer.http(200, bodies[Math.min(nth, bodies.length) - 1] ?? "")))

const busy = RawServer.refused(131016)
const fine = RawServer.accepted("wamid.fine")

const times10 = (body: string) => Array.from({ length: 10 }, () => body)

describe("the circuit of a number", () => {
  it.effect("opens after ten failed calls: later ones are not made, and are told when to come back", () =>
    Effect.gen(function* () {
      const meta = yield* answering(busy)
      yield* Effect.gen(function* () {
        yield* times(10, send())
        assert.deepStrictEqual(yield* send(), neverLeft(5))
        yield* TestClock.adjust("3500 millis")
        assert.deepStrictEqual(yield* send(), neverLeft(2))
      }).pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(meta.received.length, 10)
    })
  )

  it.effect("lets one call probe after five seconds, and closes when it succeeds", () =>
    Effect.gen(function* () {
      const meta = yield* answering(...times10(busy), fine)
      yield* Effect.gen(function* () {
        yield* times(10, send())
        yield* TestClock.adjust("5 seconds")
        const answers = yield* Effect.replicateEffect(send(), 5, { concurrency: "unbounded" })
        assert.deepStrictEqual(answers.map(({ _tag }) => _tag).toSorted(), [
          "Accepted",
          "NeverLeft",
          "NeverLeft",
          "NeverLeft",
          "NeverLeft"
        ])
        assert.deepInclude(answers, neverLeft(1))
        assert.isTrue((yield* times(10, send())).every(({ _tag }) => _tag === "Accepted"))
      }).pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(meta.received.length, 21)
    })
  )

  it.effect("opens again when the probe fails", () =>
    Effect.gen(function* () {
      const meta = yield* answering(busy)
      yield* Effect.gen(function* () {
        yield* times(10, send())
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual((yield* send())._tag, "Refused")
        assert.deepStrictEqual(yield* send(), neverLeft(5))
      }).pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(meta.received.length, 11)
    })
  )

  it.effect("opens on connections that fail and on answers that do not come", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket) => socket.resetAndDestroy())
      yield* Effect.gen(function* () {
        assert.isTrue((yield* times(10, send())).every(({ _tag }) => _tag === "Lost"))
        assert.deepStrictEqual(yield* send(), neverLeft(5))
      }).pipe(Effect.provide(to(meta.url)))
      yield* Effect.gen(function* () {
        yield* times(10, send())
        assert.deepStrictEqual(yield* send(), neverLeft(5))
      }).pipe(Effect.provide(to("http://graph.invalid")))
    })
  )

  it.effect("stays closed while fewer than half of the latest calls fail", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { nth }) =>
        socket.write(RawServer.http(200, nth % 3 === 0 ? busy : fine))
      )
      const answers = yield* times(60, send()).pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(meta.received.length, 60)
      assert.isTrue(answers.every(({ _tag }) => _tag !== "NeverLeft"))
    })
  )

  it.effect("is not touched by refusals that say nothing of Meta's health", () =>
    Effect.gen(function* () {
      for (const code of [131047, 130429, 190, 131000, 999_999]) {
        const meta = yield* answering(RawServer.refused(code))
        yield* times(15, send()).pipe(Effect.provide(to(meta.url)))
        assert.strictEqual(meta.received.length, 15)
      }
    })
  )

  it.effect("is its own: other numbers, and the same number rehearsed, go on", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { head }) =>
        socket.write(RawServer.http(200, head.includes(`/${instance.phoneNumberId}/`) ? busy : fine))
      )
      const simulator = yield* answering(fine)
      yield* Effect.gen(function* () {
        yield* times(10, send())
        assert.strictEqual((yield* send())._tag, "NeverLeft")
        assert.strictEqual((yield* send({ instance: ofNumber("200000000000001") }))._tag, "Accepted")
        assert.strictEqual((yield* send({ instance: rehearsal }))._tag, "Accepted")
      }).pipe(Effect.provide(to(meta.url, { simulatorUrl: simulator.url })))
    })
  )
})
