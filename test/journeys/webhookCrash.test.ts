/**
 * Kill −9 of whoever takes webhooks in and whoever applies them, at each step, with Meta repeating what was not
 * answered: nothing is lost, nothing counts twice.
 */
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type Child, eventually } from "./Child.ts"
import { hold } from "./HeldTable.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"
import * as Webhook from "./Webhook.ts"

const kill = Effect.fnUntraced(function* (child: Child) {
  yield* child.signal("SIGKILL")
  assert.strictEqual((yield* child.ended).signal, "SIGKILL")
})

const Count = Schema.Tuple([Schema.Struct({ count: Schema.Int })])
const decodeCount = Schema.decodeUnknownEffect(Count)

const countIn = (rows: Effect.Effect<unknown, unknown>) =>
  rows.pipe(
    Effect.flatMap(decodeCount),
    Effect.map(([{ count }]) => count),
    Effect.orDie
  )

/** What of the shop is in the database, a table at a time. */
const counts = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  return {
    inbound: yield* countIn(sql`select count(*)::int as count from inbound_message where instance_id = ${instanceId}`),
    received: yield* countIn(sql`
      select count(*)::int as count from event where instance_id = ${instanceId} and type = 'message.received'`),
    waiting: yield* countIn(sql`select count(*)::int as count from inbox_pending`)
  }
})

const once = (shop: Shop.Shop) =>
  eventually(
    Effect.map(counts(shop), (found) => assert.deepStrictEqual(found, { inbound: 1, received: 1, waiting: 0 }))
  )

/** Somebody waits for a lock on the table. */
const blockedOn = (table: string) =>
  eventually(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [{ count }] = yield* sql`
        select count(*)::int as count from pg_locks l join pg_class c on c.oid = l.relation
        where c.relname = ${table} and not l.granted`.pipe(Effect.flatMap(decodeCount))
      assert.isAtLeast(count, 1)
    })
  )

const environment = { META_APP_SECRETS: Webhook.secret }

let written = 0
const wamid = () => `wamid.CRASH${(written += 1)}`

layer(Product.layerApart, { excludeTestServices: true, timeout: "60 seconds" })(
  "A process killed while a webhook is on its way",
  (it) => {
    const setUp = Effect.gen(function* () {
      const apart = yield* Product.Apart
      const shop = yield* Shop.open()
      return { apart, shop }
    })

    it.effect("while it is being kept: Meta repeats it, and it counts once", () =>
      Effect.gen(function* () {
        const { apart, shop } = yield* setUp
        const victim = yield* apart.httpApp(environment)
        let { url } = victim
        const held = yield* hold("inbox")
        const posting = yield* Effect.forkChild(
          Webhook.deliver(() => url, Webhook.text(shop, shop.contactNumber, "Oi", wamid())),
          { startImmediately: true }
        )
        yield* blockedOn("inbox")
        yield* kill(victim.child)
        yield* held
        url = (yield* apart.httpApp(environment)).url
        yield* Fiber.join(posting)
        yield* apart.worker
        yield* once(shop)
      })
    )

    it.effect("after it was kept, before it was applied: the next worker applies it", () =>
      Effect.gen(function* () {
        const { apart, shop } = yield* setUp
        const victim = yield* apart.httpApp(environment)
        const payload = Webhook.text(shop, shop.contactNumber, "Oi", wamid())
        yield* Webhook.deliver(() => victim.url, payload)
        yield* kill(victim.child)
        // Meta's answer was lost on the way: it comes again.
        const next = yield* apart.httpApp(environment)
        yield* Webhook.deliver(() => next.url, payload)
        yield* apart.worker
        yield* once(shop)
      })
    )

    it.effect("again and again, with statuses that come twice and in any order: each counts once", () =>
      Effect.gen(function* () {
        const { apart, shop } = yield* setUp
        const sql = yield* SqlClient.SqlClient
        let app = yield* apart.httpApp(environment)
        const product = Product.Product.of({ ...app, simulatorUrl: apart.simulatorUrl })
        const answers = yield* Effect.replicateEffect(Shop.sendTemplate(shop), 10).pipe(
          Effect.provideService(Product.Product, product)
        )
        const wamids = answers.map((answer) => Told.acceptedOn("/send-message", answer))
        const news = wamids.flatMap((wamid) =>
          ["read", "sent", "delivered", "sent"].map((status) =>
            Webhook.statuses(shop, { wamid, status, at: 1_790_000_000 })
          )
        )
        let worker = yield* apart.worker
        for (const [nth, payload] of news.entries()) {
          yield* Webhook.deliver(() => app.url, payload)
          if (nth === 10 || nth === 25) {
            yield* kill(worker)
            worker = yield* apart.worker
          }
          if (nth === 18) {
            yield* kill(app.child)
            app = yield* apart.httpApp(environment)
          }
        }
        yield* eventually(
          Effect.gen(function* () {
            const told = yield* countIn(sql`
            select count(*)::int as count from event
            where instance_id = ${shop.instanceId} and type in ('message.sent', 'message.delivered', 'message.read')`)
            const heard = yield* countIn(sql`
            select count(*)::int as count from message_status s join message m on m.id = s.message_id
            where m.instance_id = ${shop.instanceId}`)
            assert.deepStrictEqual([told, heard], [30, 30])
            const read = yield* countIn(sql`
            select count(*)::int as count from message_state where instance_id = ${shop.instanceId} and status = 'read'`)
            assert.strictEqual(read, 10)
          })
        )
      })
    )

    it.effect("while it is being applied: all of it is undone, and done once by the next", () =>
      Effect.gen(function* () {
        const { apart, shop } = yield* setUp
        const { url } = yield* apart.httpApp(environment)
        const worker = yield* apart.worker
        // Written last: everything else of the webhook is written and not yet committed.
        const held = yield* hold("event")
        yield* Webhook.deliver(() => url, Webhook.text(shop, shop.contactNumber, "Oi", wamid()))
        yield* blockedOn("event")
        yield* kill(worker)
        yield* held
        yield* apart.worker
        yield* once(shop)
      })
    )
  }
)
