import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { ContactId } from "../../../core/contact/Contact.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { reservationIn, toNumber } from "../sends/Example.ts"
import {
  after,
  entryOf,
  eventTypes,
  itIs,
  onlyOne,
  sent,
  statusOf,
  stamp,
  survivors,
  tell,
  tellMessages,
  tellStatuses,
  textOf,
  type UpdatesIt
} from "./Desk.ts"

const ana = "5511978049825"

/** Whether a message of the kind is refused. */
const refused = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  marketing: boolean,
  to: { readonly number?: string; readonly contactId?: ContactId } = { number: ana }
) {
  const recipient =
    to.contactId === undefined ? toNumber(to.number ?? ana) : ({ _tag: "Known", contactId: to.contactId } as const)
  return yield* (yield* Sends).reserve(yield* reservationIn(instanceId, { marketing, recipient })).pipe(
    Effect.as(false),
    Effect.catchTag("OptedOut", () => Effect.succeed(true))
  )
})

const preference = (value: string, seconds: number, from: object = { wa_id: ana }) => ({
  ...from,
  category: "marketing_messages",
  value,
  detail: "User requested",
  timestamp: stamp(seconds)
})

/** Who wants no marketing. */
export const consent = (it: UpdatesIt) => {
  it.effect("whoever writes a word that stops marketing gets none until they write one that brings it back", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      assert.isFalse(yield* refused(instance.id, true))
      yield* tellMessages(instance, textOf("wamid.k1", { from: ana }, 1, " Parar! "))
      assert.isTrue(yield* refused(instance.id, true))
      assert.isFalse(yield* refused(instance.id, false))
      yield* tellMessages(instance, textOf("wamid.k2", { from: ana }, 2, "voltar"))
      assert.isFalse(yield* refused(instance.id, true))
      assert.deepStrictEqual(onlyOne(yield* survivors(instance.id)).consents, [
        { intent: "opt_out", source: "keyword", at: after(1) },
        { intent: "opt_in", source: "keyword", at: after(2) }
      ])
      assert.deepStrictEqual(
        (yield* (yield* Traces).events(instance.id)).flatMap(({ at, data, type }) =>
          type.startsWith("contact.") ? [[type, at, data]] : []
        ),
        [
          ["contact.opted_out", after(1), { source: "keyword" }],
          ["contact.opted_in", after(2), { source: "keyword" }]
        ]
      )
    })
  )

  it.effect("an older word that comes late undoes no later one, and the same said twice is told of once", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      yield* tellMessages(instance, textOf("wamid.k5", { from: ana }, 5, "SAIR"))
      yield* tellMessages(instance, textOf("wamid.k4", { from: ana }, 4, "VOLTAR"))
      yield* tellMessages(instance, textOf("wamid.k6", { from: ana }, 6, "STOP"))
      assert.isTrue(yield* refused(instance.id, true))
      assert.deepStrictEqual(
        (yield* eventTypes(instance.id)).filter((type) => type.startsWith("contact.")),
        ["contact.opted_out"]
      )
    })
  )

  it.effect("each instance has its own words", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const own = yield* fixture.instanceAs({ keywords: { opt_out: ["chega"], opt_in: [] } })
      const deaf = yield* fixture.instanceAs({ keywords: { opt_out: [] } })
      for (const instance of [own, deaf]) {
        yield* tellMessages(instance, textOf("wamid.own1", { from: ana }, 1, "PARAR"))
        assert.isFalse(yield* refused(instance.id, true))
        yield* tellMessages(instance, textOf("wamid.own2", { from: ana }, 2, "Chega."))
      }
      assert.isTrue(yield* refused(own.id, true))
      assert.isFalse(yield* refused(deaf.id, true))
      yield* tellMessages(own, textOf("wamid.own3", { from: ana }, 3, "VOLTAR"))
      assert.isTrue(yield* refused(own.id, true))
    })
  )

  it.effect("the setting in WhatsApp stops marketing and brings it back, of people never heard of too", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const set = (...preferences: ReadonlyArray<object>) =>
        tell(entryOf(instance, { user_preferences: preferences }, "user_preferences"))
      yield* set(preference("stop", 1), preference("stop", 1, { user_id: "BR.5", wa_id: undefined }))
      assert.isTrue(yield* refused(instance.id, true))
      yield* set(preference("stop", 1))
      assert.deepStrictEqual(
        (yield* survivors(instance.id)).map(({ consents, optedOut }) => [optedOut, consents.length]),
        [
          [true, 1],
          [true, 1]
        ]
      )
      yield* set(preference("resume", 2))
      assert.isFalse(yield* refused(instance.id, true))
    })
  )

  it.effect("Meta's 131050 is a refusal of marketing by whom the message went to", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* tellStatuses(instance, statusOf(send, "failed", 1, { errors: [{ code: 131050, title: "Stopped" }] }))
      assert.isTrue(yield* refused(instance.id, true))
      assert.isFalse(yield* refused(instance.id, false))
      assert.deepStrictEqual(onlyOne(yield* survivors(instance.id)).consents, [
        { intent: "opt_out", source: "error_131050", at: after(1) }
      ])
      assert.deepStrictEqual(yield* eventTypes(instance.id), [
        "message.accepted",
        "message.failed",
        "contact.opted_out"
      ])
    })
  )

  it.effect(
    "a refusal holds under every number and id of the person, and goes with them when two prove to be one",
    () =>
      Effect.gen(function* () {
        yield* itIs(0)
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const known = yield* fixture.contact({ instanceId: instance.id, number: "5561987654321" })
        const from = { from_user_id: "BR.9" }
        yield* tellMessages(instance, textOf("wamid.a1", from, 1, "PARAR"))
        assert.isFalse(yield* refused(instance.id, true, { contactId: known.id }))
        const [, retired] = yield* survivors(instance.id)
        assert.isDefined(retired)
        const card = (wamid: string, number: string) => ({
          ...textOf(wamid, from, 2),
          type: "contacts",
          contacts: [{ origin: "contact_request", phones: [{ phone: `+${number}`, wa_id: number }] }]
        })
        yield* tellMessages(instance, card("wamid.a2", "5561987654321"), card("wamid.a3", "525512345678"))
        const ids = (yield* (yield* Traces).people(instance.id)).map(({ id }) => id)
        assert.include(ids, retired.id)
        for (const to of [
          { contactId: known.id },
          { number: "5561987654321" },
          { number: "556187654321" },
          { number: "525512345678" }
        ]) {
          assert.isTrue(yield* refused(instance.id, true, to), JSON.stringify(to))
          assert.isFalse(yield* refused(instance.id, false, to))
        }
        assert.isTrue((yield* (yield* Traces).people(instance.id)).every(({ optedOut }) => optedOut))
        yield* tellMessages(instance, textOf("wamid.a4", from, 3, "VOLTAR"))
        assert.isFalse(yield* refused(instance.id, true, { number: "525512345678" }))
      })
  )

  it.effect("a number that changed hands brings no refusal of its former owner, who is refused by their id still", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      yield* tellMessages(instance, textOf("wamid.h1", { from: ana, from_user_id: "BR.1" }, 1, "PARAR"))
      const former = onlyOne(yield* survivors(instance.id))
      yield* tellMessages(instance, textOf("wamid.h2", { from: ana, from_user_id: "BR.2" }, 2))
      assert.isFalse(yield* refused(instance.id, true))
      const [first] = yield* survivors(instance.id)
      assert.deepStrictEqual([first?.id, first?.optedOut], [former.id, true])
    })
  )
}
