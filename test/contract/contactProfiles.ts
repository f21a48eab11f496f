import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { ContactId } from "../../core/contact/Contact.ts"
import { ContactProfiles } from "../../core/contact/ContactProfile.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import { Fixture } from "./Fixture.ts"
import * as Life from "./lookup/Life.ts"

const start = DateTime.makeUnsafe("2026-03-01T12:00:00Z")

/** The laws of the `ContactProfiles` port. */
export const contactProfilesContract = <E>(adapter: string, live: Life.Live<E>) =>
  layer(live, { timeout: "60 seconds" })(`ContactProfiles on ${adapter}`, (it) => {
    it.effect("a contact is shown as `Contacts` has it, and opted out from when and by what", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(start.epochMilliseconds)
        const instance = yield* (yield* Fixture).instance
        const profiles = yield* ContactProfiles
        const { contactId } = yield* Life.send(instance)
        const known = Option.getOrThrow(yield* profiles.find(instance.id, contactId))
        assert.deepStrictEqual(Option.some(known.contact), yield* (yield* Contacts).find(instance.id, contactId))
        assert.deepStrictEqual([known.username, known.consent], [undefined, undefined])
        yield* Life.write(instance, { message: { type: "text", text: { body: "PARAR" } } })
        const stopped = Option.getOrThrow(yield* profiles.find(instance.id, contactId))
        assert.deepStrictEqual(stopped.consent, { intent: "opt_out", source: "keyword", at: start })
        assert.deepStrictEqual(stopped.contact.lastInboundAt, Option.some(start))
        yield* TestClock.adjust("1 minute")
        yield* Life.write(instance, { message: { type: "text", text: { body: "VOLTAR" } } })
        const resumed = Option.getOrThrow(yield* profiles.find(instance.id, contactId))
        assert.strictEqual(resumed.consent?.intent, "opt_in")
      }).pipe(Life.inOwnTime)
    )

    it.effect("another instance's contact answers as one that never existed", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const { contactId } = yield* Life.send(yield* fixture.instance)
        const profiles = yield* ContactProfiles
        assert.deepStrictEqual(yield* profiles.find(instance.id, contactId), Option.none())
        assert.deepStrictEqual(yield* profiles.find(instance.id, ContactId.make(2_147_483_647)), Option.none())
      }).pipe(Life.inOwnTime)
    )
  })
