import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { twin } from "../../../core/contact/BrazilianNumber.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { type Decision, identify, rebind, type Rebinding } from "../../../core/contact/Identity.ts"
import {
  type Candidate,
  type HeldKey,
  type KeyKind,
  lookUp,
  type PersonKeys
} from "../../../core/contact/PersonKeys.ts"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { IdentityBook } from "./IdentityBook.ts"

const noon = DateTime.makeUnsafe("2026-09-21T15:00:00Z")
const at = (minutes: number) => DateTime.add(noon, { minutes })

const number = (digits: string) => PhoneNumber.make(digits)
const id = (id: number) => ContactId.make(id)
const long = number("5561987654321")
const short = number("556187654321")
const other = number("5548999887766")
const landline = number("556133334444")
const [joana, caio] = ["BR.7730219488123095", "BR.4440002221117778"]

const key = (kind: KeyKind, value: string, since = 0, until?: number): HeldKey => ({
  kind,
  value,
  since: at(since),
  until: until === undefined ? undefined : at(until)
})

const contact = (id: number, ...keys: ReadonlyArray<HeldKey>): Candidate => ({ id: ContactId.make(id), keys })

const nothingNew = { ends: [], gains: [] }

const Minutes = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))

/** Few enough that they meet. */
const numbers = [long, short, other, number("554899887766"), landline, number("14155552671")]
const userIds = [joana, caio, "BR.1"]

const Shown = Schema.Struct({
  phone: Schema.optionalKey(Schema.Literals(numbers)),
  waId: Schema.optionalKey(Schema.Literals(numbers)),
  userId: Schema.optionalKey(Schema.Literals(userIds)),
  parentUserId: Schema.optionalKey(Schema.Literals(["BR.ENT.1", "BR.ENT.2"]))
})

const Candidates = Schema.Array(
  Schema.Array(
    Schema.Struct({
      kind: Schema.Literals(["user_id", "phone", "wa_id", "parent_user_id"]),
      pick: Minutes,
      since: Minutes,
      until: Schema.Union([Minutes, Schema.Undefined])
    })
  ).check(Schema.isMaxLength(4))
).check(Schema.isMaxLength(4))

const valueOf = (kind: KeyKind, pick: number): string => {
  if (kind === "user_id") return userIds[pick % userIds.length] ?? joana
  return kind === "parent_user_id" ? `BR.ENT.${pick % 2}` : (numbers[pick % numbers.length] ?? long)
}

const candidatesOf = (drawn: typeof Candidates.Type): ReadonlyArray<Candidate> =>
  drawn.map((keys, index) =>
    contact(index + 1, ...keys.map(({ kind, pick, since, until }) => key(kind, valueOf(kind, pick), since, until)))
  )

/** One of all the orders: whatever `picks` says. */
const permuted = <A>(items: ReadonlyArray<A>, picks: ReadonlyArray<number>): ReadonlyArray<A> => {
  const rest = [...items]
  return items.flatMap((_, turn) => rest.splice((picks[turn] ?? 0) % rest.length, 1))
}

const Picks = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))).check(
  Schema.isMinLength(20),
  Schema.isMaxLength(40)
)

describe("a person is known", () => {
  it("by user id, whatever the number says", () => {
    const candidates = [contact(1, key("user_id", joana)), contact(2, key("user_id", caio), key("phone", long))]
    const decision = identify({ userId: joana, waId: short }, at(9), candidates)
    assert.deepInclude(decision, { _tag: "Use", contactId: id(1) })
  })

  it("by the exact number before its twin", () => {
    const candidates = [
      contact(1, key("phone", short), key("user_id", joana)),
      contact(2, key("phone", long), key("user_id", caio))
    ]
    assert.deepStrictEqual(identify({ phone: long }, at(9), candidates), {
      _tag: "Use",
      contactId: id(2),
      ...nothingNew
    })
    assert.deepStrictEqual(identify({ phone: short }, at(9), candidates), {
      _tag: "Use",
      contactId: id(1),
      ...nothingNew
    })
  })

  it("by the ninth-digit twin of a Brazilian mobile, and gains what is new", () => {
    const decision = identify({ waId: short, userId: joana }, at(9), [contact(1, key("phone", long))])
    assert.deepStrictEqual(decision, {
      _tag: "Use",
      contactId: id(1),
      ends: [],
      gains: [key("user_id", joana, 9), key("wa_id", short, 9)]
    })
  })

  it("under a number that WhatsApp calls otherwise, whichever of the two is shown", () => {
    const candidates = [contact(1, key("phone", long), key("wa_id", other))]
    assert.deepInclude(identify({ phone: other }, at(9), candidates), { _tag: "Use", contactId: id(1) })
  })

  it("by nothing that a landline with a 9 before it would be", () => {
    assert.isUndefined(twin(landline))
    const decision = identify({ phone: number("5561933334444") }, at(9), [contact(1, key("phone", landline))])
    assert.strictEqual(decision._tag, "Create")
  })

  it("by no parent id: it is kept, and leads nowhere", () => {
    const shown: PersonKeys = { userId: joana, parentUserId: "BR.ENT.1" }
    const decision = identify(shown, at(9), [contact(1, key("parent_user_id", "BR.ENT.1"))])
    assert.deepStrictEqual(decision, {
      _tag: "Create",
      ends: [],
      gains: [key("user_id", joana, 9), key("parent_user_id", "BR.ENT.1", 9)]
    })
    assert.deepStrictEqual(lookUp(shown), { userIds: [joana], numbers: [] })
  })

  it("to nobody yet: a contact is made with all the keys shown", () => {
    assert.deepStrictEqual(identify({ phone: long, waId: short, userId: joana }, at(9), []), {
      _tag: "Create",
      ends: [],
      gains: [key("user_id", joana, 9), key("phone", long, 9), key("wa_id", short, 9)]
    })
  })

  it("and looked up by every spelling of the numbers shown", () => {
    assert.deepStrictEqual(lookUp({ phone: long, waId: short, userId: joana }, { phone: other, userId: caio }), {
      userIds: [joana, caio],
      numbers: [long, short, other, "554899887766"]
    })
  })
})

describe("two contacts", () => {
  it("that one webhook names together are one, and the older survives", () => {
    const candidates = [contact(7, key("phone", long)), contact(4, key("user_id", joana))]
    assert.deepStrictEqual(identify({ waId: short, userId: joana }, at(9), candidates), {
      _tag: "Merge",
      survivor: id(4),
      retired: [id(7)],
      ends: [],
      gains: [key("wa_id", short, 9)]
    })
  })

  it("with the two spellings of one number are one", () => {
    const candidates = [contact(2, key("phone", long)), contact(1, key("phone", short), key("user_id", joana))]
    assert.deepInclude(identify({ phone: long }, at(9), candidates), {
      _tag: "Merge",
      survivor: id(1),
      retired: [id(2)]
    })
  })

  it("with different user ids are two, even under the two spellings of one number", () => {
    const candidates = [
      contact(1, key("phone", long), key("user_id", joana)),
      contact(2, key("phone", short), key("user_id", caio))
    ]
    assert.deepInclude(identify({ waId: short, userId: caio }, at(9), candidates), { _tag: "Use", contactId: id(2) })
  })
})

describe("a number that comes with another user id", () => {
  const owner = contact(1, key("phone", long), key("user_id", joana))

  it("has a new owner, to whom it moves", () => {
    assert.deepStrictEqual(identify({ phone: long, userId: caio }, at(9), [owner]), {
      _tag: "Create",
      ends: [{ contactId: id(1), kind: "phone", value: long, until: at(9) }],
      gains: [key("user_id", caio, 9), key("phone", long, 9)]
    })
  })

  it("stays where it is, if what says so is older than what gave it to its owner", () => {
    const owner = contact(1, key("phone", long, 10), key("user_id", joana))
    assert.deepStrictEqual(identify({ phone: long, userId: caio }, at(9), [owner]), {
      _tag: "Create",
      ends: [],
      gains: [key("user_id", caio, 9), key("phone", long, 9, 10)]
    })
  })

  it("still leads to the former owner for what was said before", () => {
    const former = contact(1, key("phone", long, 0, 9), key("user_id", joana))
    const now = contact(2, key("phone", long, 9), key("user_id", caio))
    assert.deepStrictEqual(identify({ phone: long }, at(8), [former, now]), {
      _tag: "Use",
      contactId: id(1),
      ...nothingNew
    })
    assert.deepStrictEqual(identify({ phone: long }, at(9), [former, now]), {
      _tag: "Use",
      contactId: id(2),
      ...nothingNew
    })
  })
})

describe("who changed their number", () => {
  const change: Rebinding = {
    kind: "number",
    before: { phone: short, userId: joana },
    after: { waId: other, userId: caio }
  }

  it("keeps the contact under the new number and the new user id", () => {
    const before = contact(1, key("phone", long), key("wa_id", short), key("user_id", joana))
    const ended = { contactId: id(1), until: at(9) }
    assert.deepStrictEqual(rebind(change, at(9), [before]), {
      _tag: "Use",
      contactId: id(1),
      ends: [
        { ...ended, kind: "phone", value: long },
        { ...ended, kind: "wa_id", value: short },
        { ...ended, kind: "user_id", value: joana }
      ],
      gains: [key("user_id", caio, 9), key("wa_id", other, 9)]
    })
  })

  it("gives up the user id even where no new one is named", () => {
    const before = contact(1, key("phone", long), key("user_id", joana))
    const { ends } = rebind({ kind: "number", before: { phone: long }, after: { waId: other } }, at(9), [before])
    assert.deepStrictEqual(
      ends.map(({ value }) => value),
      [long, joana]
    )
  })

  it("and wrote from it already is one with the contact that was made for it", () => {
    const candidates = [
      contact(3, key("wa_id", other, 10), key("user_id", caio, 10)),
      contact(5, key("user_id", joana))
    ]
    assert.deepInclude(rebind(change, at(9), candidates), { _tag: "Merge", survivor: id(3), retired: [id(5)] })
  })

  it("is one with whoever is known by the new number alone", () => {
    const candidates = [contact(1, key("phone", long)), contact(2, key("phone", other))]
    const numbersOnly: Rebinding = { kind: "number", before: { phone: long }, after: { waId: other } }
    assert.deepInclude(rebind(numbersOnly, at(9), candidates), { _tag: "Merge", survivor: id(1), retired: [id(2)] })
  })

  it("takes the new number from another person who had it before", () => {
    const candidates = [contact(1, key("user_id", joana)), contact(2, key("phone", other), key("user_id", "BR.1"))]
    const decision = rebind(change, at(9), candidates)
    assert.deepInclude(decision, { _tag: "Use", contactId: id(1) })
    assert.deepInclude(decision.ends, { contactId: id(2), kind: "phone", value: other, until: at(9) })
  })

  it("without having been known is kept under the new keys, found under the old ones for what was said before", () => {
    const decision = rebind(change, at(9), [])
    assert.deepStrictEqual(decision, {
      _tag: "Create",
      ends: [],
      gains: [key("user_id", caio, 9), key("wa_id", other, 9), key("user_id", joana, 9, 9), key("phone", short, 9, 9)]
    })
    const made = contact(1, ...decision.gains)
    assert.deepInclude(identify({ phone: short }, at(8), [made]), { _tag: "Use", contactId: id(1) })
    assert.strictEqual(identify({ phone: short }, at(10), [made])._tag, "Create")
  })

  it("is told of once: a repetition changes nothing", () => {
    const book = new IdentityBook()
    book.see({ phone: short, userId: joana }, at(0))
    book.follow(change, at(9))
    const once = structuredClone([...book.contacts].map(([id, keys]) => [id, keys.map(({ value }) => value)]))
    book.follow(change, at(9))
    assert.deepStrictEqual(
      [...book.contacts].map(([id, keys]) => [id, keys.map(({ value }) => value)]),
      once
    )
  })
})

describe("who got another user id", () => {
  const change: Rebinding = { kind: "user_id", before: { userId: joana }, after: { userId: caio } }

  it("keeps the contact and the number; the old id still leads to it", () => {
    const before = contact(1, key("phone", long), key("user_id", joana))
    const decision = rebind(change, at(9), [before])
    assert.deepStrictEqual(decision, {
      _tag: "Use",
      contactId: id(1),
      ends: [{ contactId: id(1), kind: "user_id", value: joana, until: at(9) }],
      gains: [key("user_id", caio, 9)]
    })
    const now = contact(1, key("phone", long), key("user_id", joana, 0, 9), key("user_id", caio, 9))
    assert.deepStrictEqual(identify({ userId: joana, phone: other }, at(20), [now]), {
      _tag: "Use",
      contactId: id(1),
      ...nothingNew
    })
  })

  it("and wrote under it already is one with the contact that was made for it", () => {
    const candidates = [contact(1, key("user_id", joana)), contact(2, key("user_id", caio))]
    assert.deepInclude(rebind(change, at(9), candidates), { _tag: "Merge", survivor: id(1), retired: [id(2)] })
  })
})

const sorted = ({ ends, ...decision }: Decision) => ({
  ...decision,
  ends: ends.map((end) => JSON.stringify(end)).toSorted()
})

describe("the decision", () => {
  it.prop(
    "does not depend on the order of the candidates",
    { shown: Shown, after: Shown, drawn: Candidates, when: Minutes, isNumber: Schema.Boolean, picks: Picks },
    ({ after, drawn, isNumber, picks, shown, when }) => {
      const candidates = candidatesOf(drawn)
      const shuffled = permuted(candidates, picks)
      assert.deepStrictEqual(identify(shown, at(when), shuffled), identify(shown, at(when), candidates))
      const change: Rebinding = { kind: isNumber ? "number" : "user_id", before: shown, after }
      assert.deepStrictEqual(sorted(rebind(change, at(when), shuffled)), sorted(rebind(change, at(when), candidates)))
    },
    { arbitrary: { runs: 2000 } }
  )

  it.prop(
    "merges into the oldest, and never touches who shares no key",
    { shown: Shown, drawn: Candidates, when: Minutes },
    ({ drawn, shown, when }) => {
      const decision = identify(shown, at(when), candidatesOf(drawn))
      const { numbers, userIds } = lookUp(shown)
      const sought = new Set([...numbers, ...userIds])
      const strangers = candidatesOf(drawn).filter(({ keys }) => !keys.some(({ value }) => sought.has(value)))
      const touched = new Set([
        ...(decision._tag === "Use" ? [decision.contactId] : []),
        ...(decision._tag === "Merge" ? [decision.survivor, ...decision.retired] : []),
        ...decision.ends.map(({ contactId }) => contactId)
      ])
      assert.isFalse(strangers.some(({ id }) => touched.has(id)))
      if (decision._tag === "Merge") {
        for (const id of decision.retired) assert.isBelow(decision.survivor, id)
      }
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop(
    "never takes a landline for anything but itself",
    [Schema.String.check(Schema.isPattern(/^55(?:11|21|48|61)[2-5][0-9]{7}$/u)), Schema.Boolean],
    ([landline, withNine]) => {
      const spelled = number(`${landline.slice(0, 4)}9${landline.slice(4)}`)
      const [shown, held] = withNine ? [spelled, landline] : [number(landline), spelled]
      assert.strictEqual(identify({ phone: shown }, at(9), [contact(1, key("phone", held))])._tag, "Create")
      assert.deepStrictEqual(lookUp({ phone: shown }).numbers, [shown])
    }
  )
})

/** Three people, and every way in which Meta may show one of them. */
const people = [
  { userId: joana, spellings: [long, short] },
  { userId: caio, spellings: [other, number("554899887766")] },
  { userId: "BR.1", spellings: [landline, landline] }
] as const

const Sighting = Schema.Struct({
  person: Schema.Literals([0, 1, 2]),
  shows: Schema.Literals(["user id", "number", "both"]),
  as: Schema.Literals([0, 1]),
  minute: Minutes
})

const shownIn = ({ as, person, shows }: typeof Sighting.Type): PersonKeys => {
  const { spellings, userId } = people[person]
  return {
    userId: shows === "number" ? undefined : userId,
    waId: shows === "user id" ? undefined : spellings[as]
  }
}

/** That each was seen in full once. */
const inFull = people.map((_, person) => ({ person, shows: "both", as: 0, minute: 3 }))

describe("whatever webhooks come in, in whatever order and however often", () => {
  it.prop(
    "each person ends up as one contact, under which everything that they were ever taken for answers",
    { sightings: Schema.Array(Sighting).check(Schema.isMaxLength(15)), picks: Picks },
    ({ picks, sightings }) => {
      const book = new IdentityBook()
      const complete = Schema.decodeUnknownSync(Schema.Array(Sighting))(inFull)
      const all = permuted([...sightings, ...complete, ...sightings], picks)
      const found = all.map((sighting) => ({
        person: sighting.person,
        id: book.see(shownIn(sighting), at(sighting.minute))
      }))
      assert.strictEqual(book.contacts.size, people.length)
      for (const { id, person } of found) {
        assert.deepStrictEqual(book.holderOf(people[person].userId), [book.resolve(id)])
      }
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop(
    "who changed number and user id in between ends up as one contact too",
    {
      steps: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 }))).check(Schema.isMaxLength(14)),
      picks: Picks
    },
    ({ picks, steps }) => {
      const book = new IdentityBook()
      const happenings: ReadonlyArray<() => ContactId> = [
        () => book.see({ phone: long, userId: joana }, at(0)),
        () => book.see({ waId: short }, at(1)),
        () => book.see({ userId: joana }, at(2)),
        () =>
          book.follow(
            { kind: "number", before: { phone: short, userId: joana }, after: { waId: other, userId: caio } },
            at(3)
          ),
        () => book.see({ waId: other, userId: caio }, at(4)),
        () => book.see({ userId: caio }, at(5)),
        () => book.see({ waId: other }, at(6))
      ]
      const ids = permuted([...steps, ...happenings.keys(), ...steps], picks).flatMap(
        (step) => happenings[step]?.() ?? []
      )
      assert.strictEqual(book.contacts.size, 1)
      const [survivor] = book.contacts.keys()
      assert.isTrue(ids.every((id) => book.resolve(id) === survivor))
      assert.deepStrictEqual([book.holderOf(short), book.holderOf(long)], [[], []])
      assert.deepStrictEqual([book.holderOf(other), book.holderOf(caio)], [[survivor], [survivor]])
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop(
    "a number that changes hands is in the end with whom it was last seen, and each person has their own messages",
    { order: Schema.Array(Schema.Literals([0, 1, 2, 3])).check(Schema.isMaxLength(12)), picks: Picks },
    ({ order, picks }) => {
      const book = new IdentityBook()
      const seen = [
        { userId: joana, minute: 0 },
        { userId: joana, minute: 2 },
        { userId: caio, minute: 5 },
        { userId: caio, minute: 7 }
      ]
      const owners = new Map<string, Set<ContactId>>()
      for (const index of permuted([...order, 0, 1, 2, 3], picks)) {
        const { minute, userId } = seen[index] ?? assert.fail()
        const id = book.see({ waId: short, userId }, at(minute))
        owners.set(userId, new Set([...(owners.get(userId) ?? []), id]))
      }
      assert.strictEqual(book.contacts.size, 2)
      assert.deepStrictEqual(
        [...owners.values()].map(({ size }) => size),
        [1, 1]
      )
      assert.deepStrictEqual(book.holderOf(short), [...(owners.get(caio) ?? [])])
      const before = book.see({ waId: short }, at(1))
      assert.isTrue(owners.get(joana)?.has(before))
    },
    { arbitrary: { runs: 300 } }
  )
})
