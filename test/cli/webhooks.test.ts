import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Schema } from "effect"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import { Mailroom } from "../contract/Mailroom.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import * as MailroomSql from "../postgres/MailroomSql.ts"
import { aidesk } from "./CommandLine.ts"

const run = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { url } = yield* FreshDatabase.FreshDatabase
  return yield* aidesk(["webhooks", "quarantine", ...args], { env: { DATABASE_URL: url } })
})

const printed = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, err, out } = yield* run(...args)
  assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
  return out
})

const receivedAt = DateTime.makeUnsafe("2026-03-01T12:34:56Z")

const item = {
  source: "meta",
  reason: "unknown_status",
  detail: "teleported",
  path: "entry[0].changes[0].value.statuses[0]",
  raw: '{"status":"teleported"}',
  payload: '{"entry":[]}',
  receivedAt,
  setAsideAt: DateTime.add(receivedAt, { seconds: 1 })
} as const

const live = MailroomSql.layer.pipe(Layer.provide(Migrations.layer), Layer.provideMerge(FreshDatabase.layer))

const decodeRetried = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Struct({ retried: Schema.Int })))

layer(live, { excludeTestServices: true, timeout: "60 seconds" })("webhooks quarantine", (it) => {
  it.effect("lists what was set aside, for people and for programs", () =>
    Effect.gen(function* () {
      const mailroom = yield* Mailroom
      yield* mailroom.empty
      assert.strictEqual(yield* printed("list"), "Nada em quarentena.\n")
      const [one, two, three] = [
        yield* mailroom.setAside(item),
        yield* mailroom.setAside({ ...item, source: "simulator", detail: undefined }),
        yield* mailroom.setAside(item)
      ]
      assert.strictEqual(
        (yield* printed("list", "--limit", "2")).split("\n")[0]?.replaceAll(/ {2,}/gu, "|"),
        "ID|RECEBIDO|DE|MOTIVO|ONDE|DETALHE"
      )
      assert.deepStrictEqual(
        (yield* printed("list", "--limit", "2"))
          .trimEnd()
          .split("\n")
          .slice(1)
          .map((line) => line.split(/ +/u)),
        [
          [String(three), "2026-03-01T12:34:56.000Z", "meta", "unknown_status", item.path, "teleported"],
          [String(two), "2026-03-01T12:34:56.000Z", "simulator", "unknown_status", item.path]
        ]
      )
      assert.deepStrictEqual(JSON.parse(yield* printed("list", "--json", "--before", String(two))), [
        {
          id: one,
          source: "meta",
          reason: "unknown_status",
          detail: "teleported",
          path: item.path,
          raw: item.raw,
          received_at: "2026-03-01T12:34:56.000Z",
          set_aside_at: "2026-03-01T12:34:57.000Z"
        }
      ])
    })
  )

  it.effect("retries some, or all, and says how many", () =>
    Effect.gen(function* () {
      const mailroom = yield* Mailroom
      yield* mailroom.empty
      const ids = yield* Effect.forEach(["a", "b", "c", "d"], (payload) => mailroom.setAside({ ...item, payload }))
      const [, second, third] = ids.map(String)
      assert.isDefined(second)
      assert.isDefined(third)
      assert.match(yield* printed("retry", third, second, "999999"), /^2 de volta à fila/u)
      assert.deepStrictEqual(yield* mailroom.quarantined, ["a", "d"])
      const { retried } = yield* decodeRetried(yield* printed("retry", "--all", "--json"))
      assert.strictEqual(retried, 2)
      assert.strictEqual((yield* mailroom.posts).filter(({ pending }) => pending).length, 4)
    })
  )

  it.effect("retries nothing where it is not said what, or said twice", () =>
    Effect.gen(function* () {
      const mailroom = yield* Mailroom
      yield* mailroom.empty
      const id = String(yield* mailroom.setAside(item))
      for (const args of [[], ["--all", id]]) {
        const outcome = yield* run("retry", ...args)
        assert.deepStrictEqual(
          { code: outcome.code, err: outcome.err },
          { code: 1, err: "Informe um ou mais ids, como em webhooks quarantine list, ou --all.\n" }
        )
      }
      for (const wrong of ["abc", "0", "-1", "1.5", "99999999999999999"]) {
        assert.strictEqual((yield* run("retry", wrong)).code, 1, wrong)
      }
      for (const wrong of ["0", "101", "x"]) assert.strictEqual((yield* run("list", "--limit", wrong)).code, 1, wrong)
      assert.lengthOf(yield* mailroom.quarantined, 1)
    })
  )
})
