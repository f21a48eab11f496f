import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { abandonedAfter } from "../../core/message/Idempotency.ts"
import { eventually } from "./Child.ts"
import { cutSession, hold, waiting } from "./HeldTable.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"

/** An HTTP app that is going to be killed, beside the one that goes on. */
const victim = Effect.fnUntraced(function* (environment?: Readonly<Record<string, string>>) {
  const { httpApp, simulatorUrl } = yield* Product.Apart
  return Product.Product.of({ ...(yield* httpApp(environment)), simulatorUrl })
})

const key = { "idempotency-key": "pedido-4711" }

/** Sends through `product`, which does not live to answer. */
const sendThrough = (product: Product.Product["Service"], shop: Shop.Shop) =>
  Shop.sendTemplate(shop, {}, key).pipe(
    Effect.provideService(Product.Product, product),
    Effect.flip,
    Effect.forkChild({ startImmediately: true })
  )

const kill = Effect.fnUntraced(function* ({ child }: Product.Product["Service"]) {
  yield* child.signal("SIGKILL")
  assert.strictEqual((yield* child.ended).signal, "SIGKILL")
})

const attempts = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  return (yield* sql`select id from attempt where instance_id = ${instanceId}`).length
})

const reserved = (shop: Shop.Shop) => eventually(Effect.map(attempts(shop), (count) => assert.strictEqual(count, 1)))

/** The time after which nobody waits for the dead passes. */
const timePasses = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  const past = `${Duration.toSeconds(abandonedAfter) + 1} seconds`
  yield* sql`
    update attempt set reserved_at = reserved_at - ${past}::interval where instance_id = ${instanceId}`
  yield* sql`
    update idempotency_key set created_at = created_at - ${past}::interval where instance_id = ${instanceId}`
})

/** The same key never sends again: 409 while somebody might still be at it, 504 from then on. */
const explained = Effect.fnUntraced(function* (shop: Shop.Shop, left: number) {
  const early = yield* Shop.sendTemplate(shop, {}, key)
  const running = Told.failureOn("/send-message", early)
  assert.strictEqual(running.code, "idempotency_key_running")
  assert.isAtLeast(running.retry_after ?? 0, 1)
  assert.isAtMost(running.retry_after ?? 0, Duration.toSeconds(abandonedAfter))

  yield* timePasses(shop)
  const late = yield* Shop.sendTemplate(shop, {}, key)
  const unknown = Told.failureOn("/send-message", late)
  assert.deepStrictEqual([unknown.code, unknown.message_ref], ["outcome_unknown", running.message_ref])
  assert.strictEqual(late.headers["idempotent-replayed"], "true")
  assert.strictEqual(yield* Meta.count(shop), left)
})

layer(Product.layer, { excludeTestServices: true, timeout: "60 seconds" })(
  "A process that is killed in the middle of a send, then the same Idempotency-Key",
  (it) => {
    it.effect("before the reservation: nothing had left, and the key sends", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const dying = yield* victim()
        const release = yield* hold("attempt")
        const answer = yield* sendThrough(dying, shop)
        const session = yield* waiting("reserve")
        yield* kill(dying)
        yield* cutSession(session)
        yield* release
        yield* Fiber.join(answer)
        assert.deepStrictEqual([yield* attempts(shop), yield* Meta.count(shop)], [0, 0])

        const wamid = Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, {}, key))
        assert.deepStrictEqual(
          (yield* Meta.sends(shop)).map((sent) => sent.wamid),
          [wamid]
        )
      })
    )

    it.effect("while the reservation is committed: nothing had left, and nothing leaves by itself", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        // Whoever is known is reserved by the first statement: a second one would die with its process.
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        const earlier = yield* Meta.count(shop)
        const dying = yield* victim()
        const release = yield* hold("attempt")
        const answer = yield* sendThrough(dying, shop)
        yield* waiting("reserve")
        yield* kill(dying)
        yield* release
        yield* Fiber.join(answer)
        yield* reserved(shop)
        yield* explained(shop, earlier)
      })
    )

    it.effect("before the call has left: nothing leaves by itself", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        // Refused connections are tried again for seconds.
        const dying = yield* victim({ SIMULATOR_URL: Product.nowhere })
        const answer = yield* sendThrough(dying, shop)
        yield* reserved(shop)
        yield* kill(dying)
        yield* Fiber.join(answer)
        yield* explained(shop, 0)
      })
    )

    it.effect("while Meta has read it and not yet accepted: one had left", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const dying = yield* victim()
        yield* Meta.script(shop, { kind: "slow", delay_ms: 20_000 })
        const answer = yield* sendThrough(dying, shop)
        yield* eventually(Effect.map(Meta.faultsLeft, (left) => assert.strictEqual(left, 0)))
        yield* kill(dying)
        yield* Fiber.join(answer)
        yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, 1)))
        yield* explained(shop, 1)
      })
    )

    it.effect("while Meta answers: one had left", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const dying = yield* victim()
        yield* Meta.script(shop, { kind: "late", delay_ms: 20_000 })
        const answer = yield* sendThrough(dying, shop)
        yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, 1)))
        yield* kill(dying)
        yield* Fiber.join(answer)
        yield* explained(shop, 1)
      })
    )

    it.effect("after Meta's answer, before it was settled: one had left; the recovery settles it as unknown", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const dying = yield* victim()
        const release = yield* hold("outcome")
        const answer = yield* sendThrough(dying, shop)
        const session = yield* waiting("settle")
        yield* kill(dying)
        yield* cutSession(session)
        yield* release
        yield* Fiber.join(answer)
        yield* explained(shop, 1)

        yield* worker
        yield* eventually(Effect.map(attempts(shop), (count) => assert.strictEqual(count, 0)))
        const outcomes = yield* sql`select status, wamid from outcome where instance_id = ${shop.instanceId}`
        assert.deepStrictEqual(outcomes, [{ status: "unknown", wamid: null }])
        const told = Told.failureOn("/send-message", yield* Shop.sendTemplate(shop, {}, key))
        assert.strictEqual(told.code, "outcome_unknown")
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )

    it.effect("while it was settled: the restarted app answers what Meta had said", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const dying = yield* victim()
        const release = yield* hold("outcome")
        const answer = yield* sendThrough(dying, shop)
        yield* waiting("settle")
        yield* kill(dying)
        yield* release
        yield* Fiber.join(answer)
        yield* eventually(Effect.map(attempts(shop), (count) => assert.strictEqual(count, 0)))

        const restarted = yield* victim()
        const again = yield* Effect.provideService(Shop.sendTemplate(shop, {}, key), Product.Product, restarted)
        assert.strictEqual(again.headers["idempotent-replayed"], "true")
        const wamid = Told.acceptedOn("/send-message", again)
        assert.deepStrictEqual(
          (yield* Meta.sends(shop)).map((sent) => sent.wamid),
          [wamid]
        )
      })
    )

    it.effect("a caller who hangs up is no crash: the send is finished, and answered when it is asked for again", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Meta.script(shop, { kind: "late", delay_ms: 500 })
        const asking = yield* Effect.forkChild(Shop.sendTemplate(shop, {}, key))
        yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, 1)))
        yield* Fiber.interrupt(asking)
        yield* eventually(
          Effect.map(Shop.sendTemplate(shop, {}, key), (answer) => Told.acceptedOn("/send-message", answer))
        )
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )
  }
)
