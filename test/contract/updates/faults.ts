import { assert } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { Inbox } from "../../../core/inbound/Inbox.ts"
import { Quarantine } from "../../../core/inbound/Quarantine.ts"
import { Updates } from "../../../core/inbound/Updates.ts"
import { displayNumber, phoneNumberId, wabaId } from "../../core/inbound/samples/envelope.ts"
import { mutate, odd, places, whole } from "../../core/inbound/Spoiling.ts"
import { Fixture } from "../Fixture.ts"
import { Traces } from "../Traces.ts"
import {
  after,
  bareStatusOf,
  entryOf,
  eventTypes,
  itIs,
  lastSetAside,
  managementOf,
  payloadOf,
  post,
  sending,
  sent,
  settle,
  statusOf,
  tell,
  tellMessages,
  textOf,
  type UpdatesIt,
  workThrough
} from "./Desk.ts"

const from = { from: "5511978049825" }

/** Odd values that can be written as JSON; the last two are nested too deeply. */
const storable = odd.length - 2

const isPayload = Schema.is(
  Schema.Struct({ object: Schema.Literal(whole.object), entry: Schema.Array(Schema.Unknown) })
)

/** What is wrong, and what is beside it. */
export const faults = (it: UpdatesIt, { refuses }: { readonly refuses: boolean }) => {
  it.effect("one payload may change several instances, and what is of nobody here is set aside", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const [one, other] = [yield* fixture.instance, yield* fixture.instance]
      const send = yield* sent(one.id)
      const foreign = { phoneNumberId: "999000999", wabaId: "999" }
      const worked = yield* tell(
        entryOf(one, {
          statuses: [statusOf(send, "read", 1), { id: "wamid.odd", status: "teleported", timestamp: "1" }]
        }),
        entryOf(foreign, { messages: [textOf("wamid.foreign", from, 1)] }),
        entryOf(other, { messages: [textOf("wamid.ours", from, 1)] })
      )
      assert.deepStrictEqual(worked, { applied: 2, setAside: 2 })
      assert.strictEqual((yield* traces.heard(send.messageId)).state?.status, "read")
      assert.strictEqual((yield* traces.inbound(other.id)).length, 1)
      const item = yield* lastSetAside
      assert.deepStrictEqual([item.reason, item.path], ["unknown_number", "entry[1].changes[0]"])
      const [, second] = yield* (yield* Quarantine).list({ before: undefined, limit: 2 })
      assert.deepStrictEqual(
        [second?.reason, second?.path],
        ["unknown_status", "entry[0].changes[0].value.statuses[1]"]
      )
    })
  )

  it.effect("what was set aside for want of its instance is applied once there is one", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const soon = { phoneNumberId: "777000777", wabaId: "777" }
      yield* tell(entryOf(soon, { messages: [textOf("wamid.soon", from, 1)] }))
      const { id } = yield* lastSetAside
      const instance = yield* fixture.instanceAs(soon)
      assert.strictEqual(yield* (yield* Quarantine).retry([id]), 1)
      assert.deepStrictEqual(yield* workThrough, { applied: 1, setAside: 0 })
      assert.strictEqual((yield* (yield* Traces).inbound(instance.id)).length, 1)
    })
  )

  it.effect("what is no JSON is set aside whole, and holds nothing up", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      for (const body of ["", "{", "null", "[]", "\u0000", '{"entry":1}', '"\ud83d"']) {
        yield* post(body)
        yield* post(
          payloadOf(entryOf(instance, { messages: [textOf(`wamid.${body.length}${body}`.slice(0, 8), from, 1)] }))
        )
        assert.strictEqual((yield* workThrough).setAside >= 1, true)
      }
      assert.strictEqual((yield* (yield* Inbox).backlog).posts, 0)
      assert.isAbove((yield* (yield* Traces).inbound(instance.id)).length, 0)
    })
  )

  it.effect("characters that no store takes, in what is set aside, cost nothing of what is beside it", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      // Of the detail the first three hundred characters are kept: a pair of surrogates lies across the border.
      const long = Array.from({ length: 4 }, (_, shift) => `${"x".repeat(shift + 290)}${"👋".repeat(200)}`)
      const odd = ["a\u0000b", "\ud800", "👋".repeat(400), ...long]
      const bad = odd.flatMap((text) => [
        { id: instance.wabaId, time: 1, changes: [{ field: text, value: {} }] },
        { id: instance.wabaId, time: text, changes: [{ field: text, value: text }, text] },
        entryOf(instance, {
          messages: [{ ...from, id: "wamid.odd", timestamp: "1", type: text }],
          statuses: [
            { id: "wamid.odd", timestamp: "1", status: text },
            { id: text, timestamp: text, status: "sent" }
          ]
        })
      ])
      const { setAside } = yield* tell(...bad, entryOf(instance, { messages: [textOf("wamid.fine", from, 1)] }))
      assert.strictEqual(setAside, odd.length * 6)
      for (const { reason } of yield* (yield* Quarantine).list({ before: undefined, limit: setAside })) {
        assert.notStrictEqual(reason, "not_applied")
      }
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["message.received"])
    })
  )

  it.effect("odd characters in what people write and are called are kept as far as a store can", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      yield* tell(
        entryOf(instance, {
          contacts: [{ wa_id: "5511978049825", profile: { name: "A\u0000\ud800na" } }],
          messages: [textOf("wamid.nul", from, 1, 'a\u0000b \ud800 "👋" \\')]
        })
      )
      const [message] = yield* (yield* Traces).inbound(instance.id)
      assert.strictEqual(message?.text, 'a\ufffdb \ufffd "👋" \\')
    })
  )

  it.effect("the simulator is believed of simulated instances only, Meta of a live one before a simulated", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const both = { phoneNumberId: "600100", wabaId: "6001" }
      const live = yield* fixture.instanceAs({ ...both, mode: "live" })
      const simulated = yield* fixture.instanceAs({ ...both, mode: "simulated" })
      const onlyLive = yield* fixture.instanceAs({ mode: "live" })
      const say = (to: typeof live, wamid: string, source: "meta" | "simulator") =>
        Effect.andThen(post(payloadOf(entryOf(to, { messages: [textOf(wamid, from, 1)] })), source), workThrough)
      assert.strictEqual((yield* say(live, "wamid.real", "meta")).applied, 1)
      assert.strictEqual((yield* say(live, "wamid.played", "simulator")).applied, 1)
      assert.deepStrictEqual(yield* say(onlyLive, "wamid.forged", "simulator"), { applied: 0, setAside: 1 })
      const wamids = (id: typeof live.id) => Effect.map(traces.inbound(id), (all) => all.map(({ wamid }) => wamid))
      assert.deepStrictEqual(yield* wamids(live.id), ["wamid.real"])
      assert.deepStrictEqual(yield* wamids(simulated.id), ["wamid.played"])
      assert.deepStrictEqual(yield* wamids(onlyLive.id), [])
      assert.strictEqual((yield* lastSetAside).source, "simulator")
      // News of the account as a whole, too.
      yield* post(payloadOf(managementOf(live, "account_update", { event: "ACCOUNT_DELETED" })), "simulator")
      yield* workThrough
      assert.strictEqual((yield* traces.health(live.id)).length, 0)
      assert.strictEqual((yield* traces.health(simulated.id)).length, 1)
    })
  )

  it.effect("fields that change nothing here are taken note of", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      assert.strictEqual((yield* tell(managementOf(instance, "calls", { calls: [] }))).setAside, 0)
      assert.deepStrictEqual(yield* eventTypes(instance.id), [])
    })
  )

  it.effect("of payloads that somebody has spoiled nothing sound is lost, and nothing is kept from being applied", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instanceAs({ phoneNumberId, wabaId, displayNumber })
      let state = 42
      const random = (below: number) => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        return Math.floor((state / 2_147_483_648) * below)
      }
      const ways = [
        () => "nothing" as const,
        () => ({ odd: random(storable) }),
        () => ({ copyOf: random(places.length) })
      ]
      const count = 200
      for (let n = 0; n < count; n++) {
        const mutations = Array.from({ length: 1 + random(8) }, () => ({
          place: random(places.length),
          by: (ways[random(ways.length)] ?? ways[0])?.() ?? ("nothing" as const)
        }))
        const spoiled = mutations.reduce<unknown>(mutate, whole)
        const sound = entryOf(instance, { messages: [textOf(`wamid.sound${n}`, from, n)] })
        // Beside it, where there is still a place for it.
        if (isPayload(spoiled)) yield* post({ ...spoiled, entry: [...spoiled.entry, sound] })
        else yield* Effect.andThen(post(JSON.stringify(spoiled ?? null)), post(payloadOf(sound)))
        if (n % 20 === 0) yield* workThrough
      }
      yield* workThrough
      const kept = new Set((yield* traces.inbound(instance.id)).map(({ wamid }) => wamid))
      for (let n = 0; n < count; n++) assert.isTrue(kept.has(`wamid.sound${n}`), `the neighbour of payload ${n}`)
      for (const { detail, raw, reason } of yield* (yield* Quarantine).list({ before: undefined, limit: 5000 })) {
        assert.notStrictEqual(reason, "not_applied", `${Option.getOrUndefined(detail)} ${raw}`)
      }
      const events = (yield* traces.events(instance.id)).map(({ id }) => id)
      assert.strictEqual(new Set(events).size, events.length)
      // Statuses of messages that nobody sent would be looked for in every other test.
      while ((yield* (yield* Updates).forget(after(1))) > 0) yield* Effect.yieldNow
    })
  )

  if (!refuses) return

  it.effect("a payload that the store refuses is set aside whole and alone", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* traces.refuse("the store refuses this")
      for (const name of ["one", "two"]) {
        yield* post(payloadOf(entryOf(instance, { messages: [textOf(`wamid.${name}`, from, 1)] })))
        yield* post(
          payloadOf(
            entryOf(instance, {
              messages: [textOf(`wamid.bad ${name}`.replace(" ", "_"), from, 2, "the store refuses this")],
              statuses: [statusOf(send, "read", 1)]
            })
          )
        )
      }
      const { setAside } = yield* workThrough
      assert.strictEqual(setAside, 2)
      assert.strictEqual((yield* (yield* Inbox).backlog).posts, 0)
      assert.deepStrictEqual(
        (yield* traces.inbound(instance.id)).map(({ wamid }) => wamid),
        ["wamid.one", "wamid.two"]
      )
      assert.deepStrictEqual((yield* traces.heard(send.messageId)).statuses, [])
      const item = yield* lastSetAside
      assert.strictEqual(item.reason, "not_applied")
      assert.include(item.raw, "wamid.bad_two")
      yield* tellMessages(instance, textOf("wamid.three", from, 3))
      assert.strictEqual((yield* traces.inbound(instance.id)).length, 3)
    })
  )

  it.effect("a waiting status that the store refuses waits on, and holds up no other", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const [refused, fine] = [yield* sending(instance.id), yield* sending(instance.id)]
      yield* tell(entryOf(instance, { statuses: [refused, fine].map((send) => bareStatusOf(send, "sent", 1)) }))
      assert.strictEqual(yield* traces.parked(instance.id), 2)
      for (const send of [refused, fine]) yield* settle(send)
      yield* traces.refuse(refused.wamid)
      yield* itIs(5)
      yield* tellMessages(instance, textOf("wamid.beside", from, 3))
      assert.strictEqual((yield* traces.heard(fine.messageId)).state?.status, "sent")
      assert.strictEqual((yield* traces.inbound(instance.id)).length, 1)
      assert.strictEqual(yield* traces.parked(instance.id), 1)
      yield* itIs(10)
      assert.deepStrictEqual(yield* tell(), { applied: 0, setAside: 0 })
      assert.strictEqual(yield* traces.parked(instance.id), 1)
    })
  )
}
