import { assert, describe } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import type { Fault } from "../../../adapters/simulator/Faults.ts"
import { abandonedAfter } from "../../../core/message/Idempotency.ts"
import { eventually } from "../Child.ts"
import type { Answer } from "../Http.ts"
import * as Meta from "../Meta.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

let keys = 0
const nextKey = () => ({ "idempotency-key": `pedido-${++keys}/${"x".repeat(20)}` })

const isReplay = ({ headers }: Answer): boolean => headers["idempotent-replayed"] === "true"

/** The same answer, byte for byte, about the same message. */
const assertReplayed = (replay: Answer, first: Answer) => {
  assert.isTrue(isReplay(replay))
  assert.isFalse(isReplay(first))
  assert.strictEqual(replay.text, first.text)
  assert.strictEqual(replay.status, first.status)
  for (const name of ["message-id", "contact-id", "content-type", "retry-after"]) {
    assert.strictEqual(replay.headers[name], first.headers[name], name)
  }
}

const refused = (kind: number): Fault => ({ kind: "graph_error", code: kind })

export const idempotency = (it: Product.It) =>
  describe("An Idempotency-Key", () => {
    it.effect.each([
      ["/send-message", Shop.sendTemplate],
      ["/sendmessage", Shop.sendDirect]
    ] as const)("%s answers a repetition byte for byte, and sends nothing", ([path, send]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = nextKey()
        const first = yield* send(shop, {}, key)
        Told.acceptedOn(path, first)
        for (const requestId of ["r-1", "r-2"]) {
          const replay = yield* send(shop, {}, { ...key, "x-request-id": requestId })
          assertReplayed(replay, first)
          assert.strictEqual(replay.headers["request-id"], requestId)
        }
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect("with another body: 422, and nothing is sent", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = nextKey()
        yield* Shop.sendTemplate(shop, {}, key)
        const reused = yield* Shop.sendTemplate(shop, { contact_name: "João" }, key)
        const told = Told.failureOn("/send-message", reused)
        assert.deepInclude(told, { code: "idempotency_key_reused", retryable: false })
        assert.isUndefined(reused.headers["message-id"])
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect("counts within one path of one instance", () =>
      Effect.gen(function* () {
        const [shop, other] = [yield* Shop.open(), yield* Shop.open()]
        const key = nextKey()
        for (const answer of [
          yield* Shop.sendTemplate(shop, {}, key),
          yield* Shop.sendTemplate(other, {}, key),
          yield* Shop.sendDirect(shop, {}, key)
        ]) {
          assert.strictEqual(answer.status, 200)
          assert.isFalse(isReplay(answer))
        }
        assert.deepStrictEqual([yield* Meta.count(shop), yield* Meta.count(other)], [2, 1])
      })
    )

    it.effect("of a hundred requests at once, through two processes, one sends; the others hear of it", () =>
      Effect.gen(function* () {
        const { httpApp } = yield* Product.Apart
        const shop = yield* Shop.open()
        const second = yield* httpApp()
        const key = nextKey()
        yield* Meta.script(shop, { kind: "slow", delay_ms: 300 })
        const answers = yield* Effect.forEach(
          Array.from({ length: 100 }, (_, nth) => nth),
          (nth) =>
            Effect.updateService(Shop.sendTemplate(shop, {}, key), Product.Product, (product) =>
              nth % 2 === 0 ? product : { ...product, ...second }
            ),
          { concurrency: "unbounded" }
        )
        const [first, ...more] = answers.filter((answer) => answer.status === 200 && !isReplay(answer))
        assert.isDefined(first)
        assert.deepStrictEqual(more, [])
        for (const answer of answers.filter((answer) => answer !== first)) {
          if (isReplay(answer)) {
            assertReplayed(answer, first)
          } else {
            const told = Told.failureOn("/send-message", answer)
            assert.strictEqual(told.code, "idempotency_key_running")
            assert.strictEqual(told.message_ref, first.headers["message-id"])
          }
        }
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect("still running: 409 with Retry-After, of the deadline and a margin at most; then its answer", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = nextKey()
        yield* Meta.script(shop, { kind: "late", delay_ms: 800 })
        const sending = yield* Effect.forkChild(Shop.sendTemplate(shop, {}, key))
        yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, 1)))
        const told = Told.failureOn("/send-message", yield* Shop.sendTemplate(shop, {}, key))
        assert.deepInclude(told, { code: "idempotency_key_running", retryable: true })
        assert.isDefined(told.retry_after)
        assert.isAtLeast(told.retry_after ?? 0, 1)
        assert.isAtMost(told.retry_after ?? 0, Duration.toSeconds(abandonedAfter))
        const first = yield* Fiber.join(sending)
        Told.acceptedOn("/send-message", first)
        assertReplayed(yield* Shop.sendTemplate(shop, {}, key), first)
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect.each([
      ["503 meta_busy", refused(2)],
      ["429 meta_refused_until", refused(131_049)],
      ["400 meta_refused_for_now", refused(131_048)],
      ["502 meta_account", refused(190)]
    ] as const)("is free again after %s: nothing was sent, and a repetition may", ([said, fault]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = nextKey()
        yield* Meta.script(shop, fault)
        const first = yield* Shop.sendTemplate(shop, {}, key)
        const { code } = Told.failureOn("/send-message", first)
        assert.strictEqual(`${first.status} ${code}`, said)
        const second = yield* Shop.sendTemplate(shop, {}, key)
        Told.acceptedOn("/send-message", second)
        assert.isFalse(isReplay(second))
        assert.notStrictEqual(second.headers["message-id"], first.headers["message-id"])
        assertReplayed(yield* Shop.sendTemplate(shop, {}, key), second)
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect.each([
      ["400 meta_rejected", refused(131_026), 0],
      ["502 meta_unrecognized", refused(999_999), 0],
      ["504 outcome_unknown", { kind: "lost_response" } satisfies Fault, 1]
    ] as const)("keeps %s: a repetition never asks Meta again", ([said, fault, sent]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const [path, send] of [
          ["/send-message", Shop.sendTemplate],
          ["/sendmessage", Shop.sendDirect]
        ] as const) {
          const key = nextKey()
          yield* Meta.script(shop, fault)
          const first = yield* send(shop, {}, key)
          const told = Told.failureOn(path, first)
          assert.strictEqual(`${first.status} ${told.code}`, said)
          const replay = yield* send(shop, {}, key)
          assertReplayed(replay, first)
          assert.strictEqual(Told.failureOn(path, replay).request_id, told.request_id)
        }
        assert.strictEqual(yield* Meta.count(shop), 2 * sent)
      })
    )

    it.effect("is not taken by a request that is refused before its reservation", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = nextKey()
        for (const fields of [{ number: "+55" }, { queue_id: 2_000_000_000 }, { variables: {} }, { extra: 1 }]) {
          assert.strictEqual((yield* Shop.sendTemplate(shop, fields, key)).status, 400)
        }
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, {}, key))
        assert.strictEqual((yield* Shop.sendDirect(shop, { contact_id: 2_000_000_000 }, key)).status, 400)
        Told.acceptedOn("/sendmessage", yield* Shop.sendDirect(shop, {}, key))
      })
    )

    it.effect("is looked up before the state: what was sent is answered although the window has closed since", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        const key = nextKey()
        const first = yield* Shop.sendDirect(shop, {}, key)
        yield* sql`update contact set last_inbound_at = now() - interval '2 days' where id = ${shop.contactId}`
        assert.strictEqual(Told.failureOn("/sendmessage", yield* Shop.sendDirect(shop)).code, "window_closed")
        assertReplayed(yield* Shop.sendDirect(shop, {}, key), first)
      })
    )

    it.effect("is kept for 72 hours", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        const key = nextKey()
        const first = yield* Shop.sendTemplate(shop, {}, key)
        const made = (ago: string) =>
          sql`update idempotency_key set created_at = now() - ${ago}::interval where instance_id = ${shop.instanceId}`
        yield* made("71 hours 59 minutes")
        assertReplayed(yield* Shop.sendTemplate(shop, {}, key), first)
        yield* made("72 hours 1 minute")
        const anew = yield* Shop.sendTemplate(shop, {}, key)
        Told.acceptedOn("/send-message", anew)
        assert.isFalse(isReplay(anew))
        assert.strictEqual(yield* Meta.count(shop), 2)
      })
    )
  })
