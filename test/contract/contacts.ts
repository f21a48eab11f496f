import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Exit, type Layer, Option } from "effect"
import { ContactId } from "../../core/contact/Contact.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import { Fixture } from "./Fixture.ts"

/** The laws of the `Contacts` port. */
export const contactsContract = <E>(adapter: string, live: Layer.Layer<Contacts | Fixture, E>) =>
  layer(live, { timeout: "60 seconds" })(`Contacts on ${adapter}`, (it) => {
    it.effect("a contact is found by its instance, with all that is known of it", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const lastInboundAt = DateTime.makeUnsafe("2026-03-01T12:34:56.789Z")
        const known = yield* fixture.contact({
          instanceId,
          number: "5511978049825",
          name: `Ana "Lima" 👋`,
          lastInboundAt
        })
        const bare = yield* fixture.contact({ instanceId })
        assert.deepStrictEqual(yield* contacts.find(instanceId, known.id), Option.some(known))
        assert.deepStrictEqual(yield* contacts.find(instanceId, bare.id), Option.some(bare))
      })
    )

    it.effect("another instance's contact answers as one that never existed", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id: other } = yield* fixture.instance
        const { id } = yield* fixture.contact({ instanceId: other, number: "5511978049825" })
        assert.deepStrictEqual(yield* contacts.find(instanceId, id), Option.none())
        assert.deepStrictEqual(yield* contacts.find(instanceId, ContactId.make(2_147_483_647)), Option.none())
        assert.deepStrictEqual(yield* contacts.find(instanceId, ContactId.make(-1)), Option.none())
      })
    )

    it.effect("a search for an id that storage cannot hold spoils none of those that arrive with it", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const ana = yield* fixture.contact({ instanceId, number: "5511978049825" })
        const found = yield* Effect.forEach(
          [ana.id, ContactId.make(2 ** 40), ana.id],
          (id) => Effect.exit(contacts.find(instanceId, id)),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual([found[0], found[2]], [Exit.succeed(Option.some(ana)), Exit.succeed(Option.some(ana))])
      })
    )

    it.effect("of three hundred that search at once each gets its own", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id: other } = yield* fixture.instance
        const known = yield* Effect.forEach(Array.from({ length: 6 }), (_, index) =>
          fixture.contact({ instanceId: index % 3 === 2 ? other : instanceId, name: `Contact ${index}` })
        )
        const found = yield* Effect.forEach(
          Array.from({ length: 300 }, (_, index) => known[index % known.length]),
          (contact) => (contact === undefined ? Effect.die("no contact") : contacts.find(instanceId, contact.id)),
          { concurrency: "unbounded" }
        )
        const expected = found.map((_, index) => {
          const contact = known[index % known.length]
          return contact?.instanceId === instanceId ? Option.some(contact) : Option.none()
        })
        assert.deepStrictEqual(found, expected)
      })
    )

    it.effect("the latest word of a contact is remembered, in whatever order words arrive", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id } = yield* fixture.contact({ instanceId, number: "5511978049825" })
        const [first, second, third] = [1, 2, 3].map((hour) => DateTime.makeUnsafe(`2026-03-01T0${hour}:00:00.001Z`))
        const lastInboundAt = Effect.map(
          contacts.find(instanceId, id),
          Option.flatMap((contact) => contact.lastInboundAt)
        )
        assert.deepStrictEqual(yield* lastInboundAt, Option.none())
        for (const [heard, latest] of [
          [second, second],
          [first, second],
          [third, third],
          [second, third]
        ]) {
          assert.isDefined(heard)
          yield* contacts.heard(instanceId, id, heard)
          assert.deepStrictEqual(yield* lastInboundAt, Option.fromUndefinedOr(latest))
        }
      })
    )

    it.effect("a word is heard by its own instance only, and changes nothing else of the contact", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id: other } = yield* fixture.instance
        const ana = yield* fixture.contact({ instanceId, number: "5511978049825", name: "Ana" })
        const bia = yield* fixture.contact({ instanceId, number: "5521978049825", name: "Bia" })
        const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
        yield* contacts.heard(other, ana.id, at)
        assert.deepStrictEqual(yield* contacts.find(instanceId, ana.id), Option.some(ana))
        yield* contacts.heard(instanceId, ana.id, at)
        const heard = Option.getOrThrow(yield* contacts.find(instanceId, ana.id))
        assert.deepStrictEqual([heard.name, heard.number], [ana.name, ana.number])
        assert.deepStrictEqual(yield* contacts.find(instanceId, bia.id), Option.some(bia))
      })
    )
  })
