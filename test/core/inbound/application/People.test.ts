import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { ContactId } from "../../../../core/contact/Contact.ts"
import { PhoneNumber } from "../../../../core/contact/PhoneNumber.ts"
import { firstNewId, isNew } from "../../../../core/inbound/application/Changes.ts"
import type { KnownContact } from "../../../../core/inbound/application/Facts.ts"
import * as People from "../../../../core/inbound/application/People.ts"
import { InstanceId } from "../../../../core/instance/Instance.ts"
import { knownContact } from "./knownContact.ts"

const at = (second: number) => DateTime.makeUnsafe(second * 1000)
const here = InstanceId.make(1)
const ana = PhoneNumber.make("5511978049825")
const rui = PhoneNumber.make("5521987654321")

const known = (id: number, number: string, more: Partial<KnownContact> = {}): KnownContact =>
  knownContact(id, { instanceId: here, number, numberIsCurrent: true, ...more })

/** A book of these contacts, and what is witnessed of it. */
const bookOf = (...contacts: ReadonlyArray<KnownContact>) => {
  const seen: Array<string> = []
  const people = People.make(contacts, at(100), {
    merged: ({ id }, retired) => seen.push(`${id} took in ${retired.join()}`),
    renamed: ({ id, number = "", userId = "" }) =>
      seen.push(`${id} goes by ${[number, userId].filter(Boolean).join()}`),
    consented: ({ id }, { intent }) => seen.push(`${id} ${intent}`)
  })
  return { people, seen }
}

describe("the people of a batch of updates", () => {
  it("that nothing new is heard of are not written down", () => {
    const { people, seen } = bookOf(
      known(1, ana, { keys: [{ kind: "phone", value: ana, since: at(1), until: undefined }] })
    )
    assert.strictEqual(people.meet(here, { phone: ana }, at(5)), ContactId.make(1))
    assert.deepStrictEqual(people.changes(), {
      people: [],
      consents: [],
      conversations: { opened: [], moved: [], closed: [] }
    })
    assert.deepStrictEqual(seen, [])
  })

  it("that are new are younger than all that are known, each younger than the one before", () => {
    const { people } = bookOf(known(1, ana))
    const first = people.meet(here, { userId: "BR.1" }, at(5))
    const second = people.meet(here, { userId: "BR.2" }, at(5))
    assert.isTrue(isNew(first))
    assert.strictEqual(first, firstNewId)
    assert.isBelow(first, second)
    // Both prove to be the known one.
    assert.strictEqual(people.meet(here, { userId: "BR.2", phone: ana }, at(6)), ContactId.make(1))
  })

  it("two of whom hold one telephone after the other are both told of", () => {
    const { people, seen } = bookOf(
      known(1, ana, { userId: "BR.1", keys: [{ kind: "user_id", value: "BR.1", since: at(1), until: undefined }] })
    )
    people.meet(here, { phone: ana, userId: "BR.2" }, at(5))
    assert.deepStrictEqual(seen, ["1 goes by BR.1"])
    const changes = people.changes().people
    assert.deepStrictEqual(
      changes.map(({ identityKey, number, userId }) => [number, identityKey, userId]),
      [
        [undefined, undefined, "BR.1"],
        [ana, ana, "BR.2"]
      ]
    )
  })

  it("keep one conversation where two prove to be one, the survivor's before the other's", () => {
    const { people, seen } = bookOf(known(1, ana), known(2, rui))
    const survivors = people.conversation(ContactId.make(1), at(1))
    const others = people.conversation(ContactId.make(2), at(2))
    people.consent(ContactId.make(2), { intent: "opt_out", source: "keyword", at: at(3) }, at(3))
    people.follow(here, { kind: "number", before: { phone: rui }, after: { waId: ana } }, at(4))
    const { consents, conversations } = people.changes()
    assert.deepStrictEqual(
      conversations.opened.map(({ closedAt, contactId, id }) => [id, contactId, closedAt]),
      [
        [survivors, ContactId.make(1), undefined],
        [others, ContactId.make(2), at(100)]
      ]
    )
    assert.deepStrictEqual([conversations.moved, conversations.closed], [[], []])
    assert.strictEqual(people.conversation(ContactId.make(2), at(5)), survivors)
    assert.deepStrictEqual(
      consents.map(({ contactId }) => contactId),
      [ContactId.make(1)]
    )
    assert.include(seen, "1 took in 2")
  })

  it("asked for without having been looked up are a fault of ours", () => {
    const { people } = bookOf()
    assert.throws(() => people.heard(ContactId.make(7), at(1)), "contact 7 was not looked up")
  })
})
