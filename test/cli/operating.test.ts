/** What an operator looks after once an installation runs: words, tokens, templates, people, messages without an outcome. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Layer, Option, Redacted, Schedule, Schema } from "effect"
import { vi } from "vitest"
import * as MessageIdsMemory from "../../adapters/memory/MessageIdsMemory.ts"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { failure } from "../../core/failure/Failure.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import { type Outcome, Sends } from "../../core/message/Sends.ts"
import type { ResendOutcome } from "../../core/resend/Resend.ts"
import { Wishes } from "../../core/resend/Wishes.ts"
import { Aftermath } from "../contract/Aftermath.ts"
import { Fixture } from "../contract/Fixture.ts"
import { accepted, reservationIn, settlementOf, unknown } from "../contract/sends/Example.ts"
import * as AftermathSql from "../postgres/AftermathSql.ts"
import * as FixtureSql from "../postgres/FixtureSql.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import { aidesk } from "./CommandLine.ts"

// A dozen processes, one after the other.
vi.setConfig({ testTimeout: 120_000 })

const secretKey = Buffer.alloc(32, 9)

const installation = Layer.mergeAll(
  AdministrationPostgres.layer,
  AccessTokensPostgres.layer,
  SendsPostgres.layer,
  ResendsPostgres.layer,
  FixtureSql.layer,
  AftermathSql.layer,
  MessageIdsMemory.layer
).pipe(
  Layer.provide(SecretBox.layer({ current: Redacted.make(new Uint8Array(secretKey)), previous: [] })),
  Layer.provide(Migrations.layer),
  Layer.provideMerge(FreshDatabase.layer)
)

type Installation = Layer.Success<typeof installation>

const test = (name: string, body: () => Effect.Effect<void, unknown, Installation>) =>
  it.live(name, () => Effect.provide(body(), installation))

const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) {
  const { url } = yield* FreshDatabase.FreshDatabase
  return yield* aidesk(args, {
    env: { DATABASE_URL: url, AIDESK_SECRET_KEY: secretKey.toString("base64"), ...env }
  })
})

/** What a command printed that went well. */
const said = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, err, out } = yield* run(args)
  assert.deepStrictEqual({ code, err }, { code: 0, err: "" }, args.join(" "))
  return out
})

/** The line with which a command was refused. */
const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, err, out } = yield* run(args)
  assert.deepStrictEqual({ code, out }, { code: 1, out: "" }, args.join(" "))
  return err
})

const of = (instanceId: InstanceId) => ["--instance", String(instanceId)] as const

describe("the keywords of an instance", () => {
  test("are shown, replaced by lists of its own, turned off, and put back", () =>
    Effect.gen(function* () {
      const { id } = yield* (yield* Fixture).instance
      assert.match(yield* said("instance", "keywords", ...of(id)), /parar \(opt-out\) +padrão +PARAR, .*STOP/u)
      const own = yield* said("instance", "keywords", ...of(id), "--opt-out", "CHEGA, não quero", "--opt-in", "")
      assert.match(own, /parar \(opt-out\) +da instância +CHEGA, não quero\n/u)
      assert.match(own, /voltar \(opt-in\) +da instância +nenhuma: desligada\n/u)
      assert.deepStrictEqual(yield* (yield* Administration).keywords(id), {
        opt_out: ["CHEGA", "não quero"],
        opt_in: []
      })
      // One list is changed by itself.
      yield* said("instance", "keywords", ...of(id), "--opt-in", "VOLTEI")
      assert.deepStrictEqual(JSON.parse(yield* said("instance", "keywords", ...of(id), "--json")), [
        { intent: "opt_out", words: ["CHEGA", "não quero"], own: true },
        { intent: "opt_in", words: ["VOLTEI"], own: true }
      ])
      yield* said("instance", "keywords", ...of(id), "--reset", "--opt-in", "VOLTEI")
      assert.deepStrictEqual(yield* (yield* Administration).keywords(id), { opt_in: ["VOLTEI"] })
      assert.match(yield* refused("instance", "keywords", "--instance", "999"), /^A instância 999 não existe\.\n$/u)
    }))
})

describe("the token of an instance", () => {
  test("is replaced by one that nobody sees", () =>
    Effect.gen(function* () {
      const { id } = yield* (yield* Fixture).instanceAs({ mode: "live", phoneNumberId: "106540352242922" })
      const outcome = yield* run(["instance", "token", ...of(id)], { AIDESK_INSTANCE_TOKEN: "EAAG-second" })
      assert.deepInclude(outcome, { code: 0, err: "" })
      assert.notInclude(outcome.out, "EAAG")
      const kept = yield* (yield* AccessTokens).find(id)
      assert.deepStrictEqual(Option.map(kept, Redacted.value), Option.some("EAAG-second"))
      assert.match(yield* refused("instance", "token", ...of(id)), /AIDESK_INSTANCE_TOKEN/u)

      const rehearsal = yield* (yield* Fixture).instance
      const needless = yield* run(["instance", "token", ...of(rehearsal.id)], { AIDESK_INSTANCE_TOKEN: "EAAG-third" })
      assert.deepStrictEqual([needless.code, needless.out], [1, ""])
      assert.match(needless.err, /é simulada e não tem token/u)
    }))
})

describe("the health of an instance", () => {
  test("is what Meta says of its number, in words, beside the number that people know", () =>
    Effect.gen(function* () {
      const { id } = yield* (yield* Fixture).instanceAs({ displayNumber: "551140000000" })
      assert.match(yield* said("instance", "list"), /551140000000/u)
      assert.match(yield* said("instance", "health", ...of(id)), /^A Meta ainda não disse nada/u)
      const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
      const value = { event: "UPGRADE", messaging_limit: "TIER_10K", ban: null, restrictions: [] }
      yield* (yield* Aftermath).health(id, { aspect: "messaging_limit", value, at })
      assert.match(
        yield* said("instance", "health", ...of(id)),
        /2026-03-01T12:00:00\.000Z +messaging_limit +event: UPGRADE, messaging_limit: TIER_10K\n/u
      )
      assert.deepStrictEqual(JSON.parse(yield* said("instance", "health", ...of(id), "--json")), [
        { aspect: "messaging_limit", at: "2026-03-01T12:00:00.000Z", value }
      ])
    }))
})

describe("a template", () => {
  test("is said to be approved, before Meta tells", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const { id: instanceId } = yield* fixture.instance
      const definition = {
        name: "boas_vindas",
        language: "pt_BR",
        category: "UTILITY",
        status: "PENDING",
        components: [{ type: "BODY", text: "Olá!" }]
      }
      const { id } = yield* fixture.template(instanceId, definition)
      const revision = yield* fixture.revision(instanceId)
      const given = ["--template", String(id), "--status", "approved"]
      assert.match(yield* said("template", "set-status", ...of(instanceId), ...given), /\(boas_vindas\): APPROVED\./u)
      assert.strictEqual((yield* (yield* Administration).template(instanceId, id)).status, "APPROVED")
      assert.strictEqual(yield* fixture.revision(instanceId), revision + 1)
    }))
})

describe("a contact", () => {
  test("gets no more marketing when they said so, and again when they wish", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const { id: instanceId } = yield* fixture.instance
      const { id } = yield* fixture.contact({ instanceId, number: "5511978049825" })
      const whom = [...of(instanceId), "--contact", String(id)]
      assert.match(yield* said("contact", "opt-out", ...whom), /^O contato \d+ não recebe mais marketing\.\n$/u)
      assert.match(yield* said("contact", "opt-out", ...whom), /^O contato \d+ não recebe marketing desde 2/u)
      assert.match(yield* said("contact", "resume", ...whom), /^O contato \d+ volta a receber marketing\.\n$/u)
      assert.deepInclude(JSON.parse(yield* said("contact", "resume", ...whom, "--json")), {
        contact_id: id,
        opted_out: false,
        changed: false
      })
      assert.match(yield* refused("contact", "resume", ...of(instanceId), "--contact", "9999"), /^O contato 9999 não/u)
    }))
})

const sent = Effect.fnUntraced(function* (instanceId: InstanceId, outcome: Outcome = unknown) {
  const sends = yield* Sends
  const reservation = yield* reservationIn(instanceId)
  yield* sends.reserve(reservation)
  yield* sends.settle(yield* settlementOf(reservation, outcome))
  return reservation.messageId
})

/** A worker comes to the wish of this message. */
const carriedOut = Effect.fnUntraced(function* (id: MessageId, outcome: ResendOutcome) {
  const wishes = yield* Wishes
  const [claimed] = yield* wishes.claim(yield* DateTime.now, Duration.minutes(1), 1)
  assert.strictEqual(claimed?.messageId, id)
  if (claimed !== undefined) yield* wishes.end(claimed, outcome)
})

const Listed = Schema.fromJsonString(
  Schema.Array(
    Schema.Struct({
      message_id: Schema.String,
      status: Schema.String,
      resend: Schema.NullOr(
        Schema.Struct({
          state: Schema.String,
          message_id: Schema.NullOr(Schema.String),
          status: Schema.NullOr(Schema.String),
          error: Schema.NullOr(Schema.Struct({ code: Schema.String, message: Schema.String }))
        })
      )
    })
  )
)

const listed = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(said("messages", "unresolved", "--json", ...args), Schema.decodeUnknownEffect(Listed))

describe("messages of which nobody knows whether they were sent", () => {
  test("are listed, without what they say and to which number", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* (yield* Fixture).instance
      const [old, young] = [yield* sent(instanceId), yield* sent(instanceId)]
      yield* (yield* Aftermath).unresolved(old, yield* DateTime.now)
      const table = yield* said("messages", "unresolved")
      assert.match(table, new RegExp(`^ID .*SITUAÇÃO +REENVIO\\n${old} +\\d+ +\\d+ +text +\\S+Z +unknown\\n$`, "u"))
      assert.notMatch(table, /Olá|5511978049825/u)
      assert.deepStrictEqual(
        (yield* listed(...of(instanceId), "--all")).map(({ message_id }) => message_id),
        [young, old]
      )
      assert.deepStrictEqual(yield* listed("--instance", "999"), [])
    }))

  test("are sent again once by a person's decision, and the list says what came of it", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* (yield* Fixture).instance
      const id = yield* sent(instanceId)
      assert.match(
        yield* said("messages", "resend", id, "--wait", "0"),
        new RegExp(
          `^Reenvio pedido; em 0 s nenhum worker .*aidesk messages unresolved --instance ${instanceId}\\n$`,
          "u"
        )
      )
      assert.match(yield* refused("messages", "resend", id), /^O reenvio desta mensagem já foi pedido/u)

      yield* carriedOut(id, { _tag: "NotSent", as: Option.none(), failure: failure("window_closed") })
      const [refusal] = yield* listed(...of(instanceId))
      assert.deepInclude(refusal?.resend, { state: "not_sent", message_id: null })
      assert.strictEqual(refusal?.resend?.error?.code, "window_closed")

      // Once more, and a worker is there.
      const waiting = yield* Effect.forkChild(said("messages", "resend", id.toUpperCase()), { startImmediately: true })
      const as = yield* sent(instanceId, accepted)
      yield* carriedOut(id, { _tag: "Resent", as }).pipe(
        Effect.catchDefect((defect) => Effect.fail(defect)),
        Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: "20 seconds" })))
      )
      assert.strictEqual(yield* Fiber.join(waiting), `Reenviada como ${as}: accepted.\n`)
      const [done] = yield* listed(...of(instanceId))
      assert.deepInclude(done?.resend, { state: "resent", message_id: as, status: "accepted" })
      assert.match(yield* refused("messages", "resend", id), new RegExp(`já foi reenviada: a nova é ${as}`, "u"))
      assert.match(yield* refused("messages", "resend", as), /esta está "accepted" \(a Meta a aceitou\)/u)
      const nothing = "0199aaaa-0000-7000-8000-000000000000"
      assert.match(yield* refused("messages", "resend", nothing), /^Não há mensagem enviada com o id/u)
    }))
})
