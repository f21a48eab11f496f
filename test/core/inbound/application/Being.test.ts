import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { ContactId } from "../../../../core/contact/Contact.ts"
import type { HeldKey, KeyKind } from "../../../../core/contact/PersonKeys.ts"
import { absorbed, beingOf, changeOf, consenting, withKeys } from "../../../../core/inbound/application/Being.ts"
import { knownContact } from "./knownContact.ts"

const at = (second: number) => DateTime.makeUnsafe(second * 1000)

const key = (kind: KeyKind, value: string, since: number, until?: number): HeldKey => ({
  kind,
  value,
  since: at(since),
  until: until === undefined ? undefined : at(until)
})

const freshFrom = (first: number) => {
  let next = first
  return () => ContactId.make(next++)
}

const mobile = "5561987654321"
const shortMobile = "556187654321"
const other = "5511978049825"

describe("a contact while updates are applied", () => {
  it("that a send has made has its number as a key, from when it was made", () => {
    assert.deepStrictEqual(beingOf(knownContact(1, { number: mobile, numberIsCurrent: true, createdAt: at(7) })).keys, [
      key("phone", mobile, 7)
    ])
    assert.deepStrictEqual(beingOf(knownContact(1, { number: mobile, numberIsCurrent: false })).keys, [])
  })

  it("keeps the number it is written to in the spelling that was given, as long as the telephone is its own", () => {
    const being = beingOf(knownContact(1, { number: mobile, numberIsCurrent: true }))
    assert.strictEqual(withKeys(being, [key("wa_id", shortMobile, 5)]).number, mobile)
    assert.strictEqual(withKeys(being, [key("wa_id", other, 5)]).number, other)
    assert.strictEqual(withKeys(being, [key("phone", mobile, 1, 9)]).number, undefined)
  })

  it("is written to under the number as given rather than under the name of the account, the latest first", () => {
    const being = beingOf(knownContact(1))
    const keys = [key("wa_id", shortMobile, 9), key("phone", mobile, 3), key("phone", other, 5)]
    assert.strictEqual(withKeys(being, keys).number, other)
    assert.strictEqual(withKeys(being, [key("user_id", "BR.1", 1), key("user_id", "BR.2", 2)]).userId, "BR.2")
  })

  it("is found by every telephone it has: by its own row for one, by an alias for each other", () => {
    const being = withKeys(beingOf(knownContact(1)), [
      key("phone", mobile, 1),
      key("wa_id", shortMobile, 1),
      key("wa_id", other, 1),
      key("phone", "14155552671", 1, 2)
    ])
    const { aliases, identityKey, number } = changeOf(being, freshFrom(50))
    assert.deepStrictEqual([number, identityKey], [mobile, mobile])
    assert.deepStrictEqual(aliases, [{ id: ContactId.make(50), identityKey: other }])
  })

  it("that took another in uses its id for the other's telephone, and makes no new one", () => {
    const one = beingOf(knownContact(1, { number: mobile, numberIsCurrent: true }))
    const two = beingOf(
      knownContact(2, {
        number: other,
        numberIsCurrent: true,
        aliases: [{ id: ContactId.make(9), identityKey: undefined }]
      })
    )
    const change = changeOf(absorbed(one, two), () => assert.fail("a new id"))
    assert.strictEqual(change.identityKey, mobile)
    assert.deepStrictEqual(change.aliases, [
      { id: ContactId.make(2), identityKey: other },
      { id: ContactId.make(9), identityKey: undefined }
    ])
    assert.deepStrictEqual(change.retired, [ContactId.make(2)])
  })

  it("that took another in has all that both had: a key that both hold from the earlier on, the later message, the older birth", () => {
    const one = beingOf(
      knownContact(1, {
        name: "Ana",
        lastInboundAt: at(5),
        createdAt: at(3),
        keys: [key("user_id", "BR.1", 4), key("phone", other, 1, 2)]
      })
    )
    const two = beingOf(
      knownContact(2, {
        name: "Aninha",
        username: "ana",
        lastInboundAt: at(9),
        createdAt: at(2),
        keys: [key("user_id", "BR.1", 3)]
      })
    )
    const both = absorbed(one, two)
    assert.deepStrictEqual(both.keys, [key("user_id", "BR.1", 3), key("phone", other, 1, 2)])
    assert.deepStrictEqual([both.name, both.username, both.lastInboundAt, both.createdAt], ["Ana", "ana", at(9), at(2)])
  })

  it("says when marketing stopped: at the latest word, by Meta's clock", () => {
    const being = beingOf(knownContact(1))
    const out = consenting(being, { intent: "opt_out", source: "keyword", at: at(5) })
    assert.isDefined(out)
    assert.deepStrictEqual(changeOf(out, freshFrom(50)).marketingOptOutAt, at(5))
    assert.strictEqual(consenting(out, { intent: "opt_out", source: "keyword", at: at(5) }), undefined)
    const older = consenting(out, { intent: "opt_in", source: "keyword", at: at(4) })
    assert.isDefined(older)
    assert.deepStrictEqual(changeOf(older, freshFrom(50)).marketingOptOutAt, at(5))
    const later = consenting(older, { intent: "opt_in", source: "user_preferences", at: at(6) })
    assert.isDefined(later)
    assert.strictEqual(changeOf(later, freshFrom(50)).marketingOptOutAt, undefined)
  })
})
