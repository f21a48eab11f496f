/**
 * A response is lost, and a person has the message sent again: the ledger has two sends and the database explains both,
 * wherever the worker that carries it out is killed.
 */
import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { abandonedAfter } from "../../core/message/Idempotency.ts"
import { MessageId } from "../../core/message/Message.ts"
import { aidesk } from "../cli/CommandLine.ts"
import { type Child, eventually } from "./Child.ts"
import { cutSession, hold, waiting } from "./HeldTable.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"
import * as Webhook from "./Webhook.ts"

const command = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { databaseUrl } = yield* Product.Apart
  return yield* aidesk(["messages", ...args], { env: { DATABASE_URL: databaseUrl } })
})

const Line = Schema.Struct({
  message_id: MessageId,
  status: Schema.String,
  resend: Schema.NullOr(
    Schema.Struct({ state: Schema.String, message_id: Schema.NullOr(MessageId), status: Schema.NullOr(Schema.String) })
  )
})
const decodeLine = Schema.decodeUnknownEffect(Schema.fromJsonString(Line))
const decodeLines = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Array(Line)))

/** Noted, and not waited for. */
const wish = Effect.fnUntraced(function* (id: string, ...flags: ReadonlyArray<string>) {
  const { code, err, out } = yield* command("resend", id, "--wait", "0", "--json", ...flags)
  assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
  return yield* decodeLine(out)
})

/** What the list says of it. */
const line = Effect.fnUntraced(function* (shop: Shop.Shop, id: string) {
  const { out } = yield* command("unresolved", "--instance", String(shop.instanceId), "--all", "--json")
  const lines = yield* decodeLines(out)
  return Option.fromUndefinedOr(lines.find(({ message_id }) => message_id === id))
})

/** A message that Meta has and of which our side does not know. */
const lost = Effect.fnUntraced(function* (shop: Shop.Shop) {
  yield* Meta.script(shop, { kind: "lost_response" })
  const { code, message_ref } = Told.failureOn("/send-message", yield* Shop.sendTemplate(shop))
  assert.strictEqual(code, "outcome_unknown")
  assert.isDefined(message_ref)
  return message_ref
})

const Attempt = Schema.Struct({
  message_id: Schema.String,
  attempt_id: Schema.String,
  status: Schema.String,
  wamid: Schema.NullOr(Schema.String)
})
const decodeAttempts = Schema.decodeUnknownEffect(Schema.Array(Attempt))

const attempts = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  return yield* sql`
    select message_id, attempt_id, status, wamid from outcome where instance_id = ${instanceId} order by message_id`.pipe(
    Effect.flatMap(decodeAttempts)
  )
})

/** Of every send in the ledger the database has the attempt; answers what became of each, in order. */
const explained = Effect.fnUntraced(function* (shop: Shop.Shop) {
  const known = yield* attempts(shop)
  const sends = yield* Meta.sends(shop)
  return sends.map(({ attempt_id, wamid }) => {
    const attempt = known.find((one) => one.attempt_id === attempt_id)
    assert.isDefined(attempt)
    if (attempt.wamid !== null) assert.strictEqual(attempt.wamid, wamid)
    return attempt.status
  })
})

/** What came of it, once something has. */
const outcome = (shop: Shop.Shop, id: string) =>
  eventually(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`select outcome from resend where message_id = ${id} and outcome is not null`
      assert.lengthOf(rows, 1)
    })
  ).pipe(
    Effect.andThen(line(shop, id)),
    Effect.map((found) => Option.getOrThrow(found).resend)
  )

const kill = Effect.fnUntraced(function* (child: Child) {
  yield* child.signal("SIGKILL")
  assert.strictEqual((yield* child.ended).signal, "SIGKILL")
})

/** The time after which nobody waits for the dead passes, and the lease of what they had taken on. */
const timePasses = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  const past = `${Duration.toSeconds(abandonedAfter) + 1} seconds`
  yield* sql`update attempt set reserved_at = reserved_at - ${past}::interval where instance_id = ${instanceId}`
  yield* sql`update idempotency_key set created_at = created_at - ${past}::interval where instance_id = ${instanceId}`
  yield* sql`update resend set next_at = now() where instance_id = ${instanceId} and next_at is not null`
})

const sends = (shop: Shop.Shop, wanted: number) =>
  eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, wanted)))

layer(Product.layer, { excludeTestServices: true, timeout: "60 seconds" })(
  "A message whose response was lost, and that a person has sent again",
  (it) => {
    it.effect("goes out a second time, and the command says as which message", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        const { worker } = yield* Product.Apart
        yield* worker
        const { code, err, out } = yield* command("resend", id)
        assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
        const [, as] = /^Reenviada como (\S+): accepted\.\n$/u.exec(out) ?? []
        assert.deepStrictEqual(yield* explained(shop), ["unknown", "accepted"])
        const [first, second] = yield* attempts(shop)
        assert.deepStrictEqual([first?.message_id, second?.message_id], [id, as])
        const [one, other] = yield* Meta.sends(shop)
        assert.deepStrictEqual([other?.to, other?.body["template"]], [one?.to, one?.body["template"]])
        assert.match((yield* command("resend", id)).err, /^Esta mensagem já foi reenviada/u)
        assert.strictEqual(yield* Meta.count(shop), 2)
      })
    )

    it.effect("does not, where Meta tells of it before a worker comes to it", () =>
      Effect.gen(function* () {
        const { httpApp, worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        yield* wish(id)
        const [sent] = yield* Meta.sends(shop)
        assert.isDefined(sent)
        const { attempt_id, wamid } = sent
        const listening = yield* httpApp({ META_APP_SECRETS: "", SIMULATOR_APP_SECRET: Webhook.secret })
        const told = Webhook.statuses(shop, { wamid, status: "delivered", attemptId: attempt_id ?? "" })
        yield* Webhook.deliver(() => listening.url, told)
        // Taken on by nobody before the webhook has been applied.
        const sql = yield* SqlClient.SqlClient
        yield* sql`update resend set next_at = now() + interval '1 hour' where message_id = ${id}`
        yield* worker
        yield* eventually(
          Effect.map(sql`select status from message_state where message_id = ${id}`, (rows) =>
            assert.deepStrictEqual(rows, [{ status: "delivered" }])
          )
        )
        yield* sql`update resend set next_at = now() where message_id = ${id}`
        assert.deepInclude(yield* outcome(shop, id), { state: "needless", message_id: null })
        assert.strictEqual(yield* Meta.count(shop), 1)
        assert.match((yield* command("resend", id)).err, /esta está "delivered" \(foi entregue\)/u)
      })
    )

    it.effect("goes out once, where the worker is killed before anything was reserved", () =>
      Effect.gen(function* () {
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        const release = yield* hold("attempt")
        yield* wish(id)
        const dying = yield* worker
        const session = yield* waiting("reserve")
        yield* kill(dying)
        yield* cutSession(session)
        yield* release
        assert.strictEqual(yield* Meta.count(shop), 1)

        yield* timePasses(shop)
        yield* worker
        assert.deepInclude(yield* outcome(shop, id), { state: "resent", status: "accepted" })
        assert.deepStrictEqual(yield* explained(shop), ["unknown", "accepted"])
      })
    )

    it.effect("goes out once, where the worker is killed while Meta answers; then nobody knows of that either", () =>
      Effect.gen(function* () {
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        yield* Meta.script(shop, { kind: "late", delay_ms: 20_000 })
        yield* wish(id)
        const dying = yield* worker
        yield* sends(shop, 2)
        yield* kill(dying)

        yield* timePasses(shop)
        yield* worker
        const found = yield* outcome(shop, id)
        assert.strictEqual(found?.state, "resent")
        yield* eventually(
          Effect.map(explained(shop), (statuses) => assert.deepStrictEqual(statuses, ["unknown", "unknown"]))
        )
        // It is a message like any other: the next decision is about it.
        assert.match((yield* command("resend", id)).err, new RegExp(`a nova é ${found?.message_id}`, "u"))
        assert.strictEqual(yield* Meta.count(shop), 2)
      })
    )

    it.effect("goes out once, where the worker is killed while the outcome is entered", () =>
      Effect.gen(function* () {
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        const release = yield* hold("outcome")
        yield* wish(id)
        const dying = yield* worker
        yield* waiting("settle")
        yield* kill(dying)
        yield* release
        yield* sends(shop, 2)

        yield* timePasses(shop)
        yield* worker
        assert.deepInclude(yield* outcome(shop, id), { state: "resent", status: "accepted" })
        assert.deepStrictEqual(yield* explained(shop), ["unknown", "accepted"])
      })
    )

    it.effect("goes out once, however many workers there are", () =>
      Effect.gen(function* () {
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const ids: Array<string> = []
        for (let index = 0; index < 6; index++) ids.push(yield* lost(shop))
        for (const id of ids) yield* wish(id)
        yield* Effect.all([worker, worker, worker], { concurrency: "unbounded" })
        for (const id of ids) assert.deepInclude(yield* outcome(shop, id), { state: "resent", status: "accepted" })
        assert.deepStrictEqual((yield* explained(shop)).toSorted(), [
          ...ids.map(() => "accepted"),
          ...ids.map(() => "unknown")
        ])
      })
    )

    it.effect("is refused as any send is, and the command says why", () =>
      Effect.gen(function* () {
        const { worker } = yield* Product.Apart
        const shop = yield* Shop.open()
        const id = yield* lost(shop)
        const sql = yield* SqlClient.SqlClient
        yield* sql`update template set status = 'PAUSED' where id = ${shop.templateId}`
        yield* sql`update instance set revision = revision + 1 where id = ${shop.instanceId}`
        yield* worker
        const { code, out } = yield* command("resend", id)
        assert.strictEqual(code, 0)
        assert.match(out, /^Não foi reenviada \(template_not_approved\): .*PAUSED\.\n$/u)
        const elsewhere = yield* command("resend", id, "--queue", "999999")
        assert.match(elsewhere.out, /^Não foi reenviada \(queue_not_found\)/u)
        assert.strictEqual(yield* Meta.count(shop), 1)
      })
    )
  }
)
