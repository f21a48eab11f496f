import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, type Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { ContactId } from "../../core/contact/Contact.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { failure } from "../../core/failure/Failure.ts"
import { MetaError } from "../../core/failure/MetaError.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { MessageId } from "../../core/message/Message.ts"
import type { MessageIds } from "../../core/message/MessageIds.ts"
import { type Outcome, type Record, type Reservation, Sends } from "../../core/message/Sends.ts"
import { CampaignId } from "../../core/campaign/Campaign.ts"
import type { ResendOutcome } from "../../core/resend/Resend.ts"
import { Resends, type NewWish } from "../../core/resend/Resends.ts"
import { type ClaimedWish, Wishes } from "../../core/resend/Wishes.ts"
import { TemplateId } from "../../core/template/Template.ts"
import { Aftermath } from "./Aftermath.ts"
import { Fixture } from "./Fixture.ts"
import { accepted, refusedForGood, reservationIn, settlementOf, toNumber, unknown } from "./sends/Example.ts"

type Ports = Resends | Wishes | Sends | MessageIds | Fixture | Aftermath

const held: Outcome = { _tag: "Accepted", wamid: "wamid.HELD", waId: undefined, held: true }

const lease = Duration.minutes(1)

type Given = Partial<Omit<Reservation, "messageId" | "attemptId" | "instanceId">>

/** A message that was sent and ended with `outcome`; of which nobody knows, unless said otherwise. */
const sent = Effect.fnUntraced(function* (instanceId: InstanceId, outcome: Outcome = unknown, given: Given = {}) {
  const sends = yield* Sends
  const reservation = yield* reservationIn(instanceId, given)
  yield* sends.reserve(reservation)
  yield* sends.settle(yield* settlementOf(reservation, outcome))
  return reservation.messageId
})

const enter = (messageId: MessageId, given: Partial<NewWish> = {}) =>
  Resends.use((resends) => resends.enter({ messageId, ask: 1, queueId: undefined, statusId: undefined, ...given }))

/** Of one message, whatever else others have wished. */
const claimOf = Effect.fnUntraced(function* (messageId: MessageId) {
  const wishes = yield* Wishes
  const claimed = yield* wishes.claim(yield* DateTime.now, lease, 1000)
  return claimed.find((wish) => wish.messageId === messageId)
})

const claimed = Effect.fnUntraced(function* (messageId: MessageId) {
  const wish = yield* claimOf(messageId)
  assert.isDefined(wish)
  return wish
})

const shown = Effect.fnUntraced(function* (id: MessageId) {
  return Option.getOrThrow(yield* (yield* Resends).find(id))
})

const idsOf = Effect.fnUntraced(function* (instanceId: InstanceId, all = false) {
  const listed = yield* (yield* Resends).list({ instanceId, all }, { before: undefined, limit: 100 })
  return listed.map(({ id }) => id)
})

const end = Effect.fnUntraced(function* (wish: ClaimedWish, outcome: ResendOutcome) {
  yield* (yield* Wishes).end(wish, outcome)
})

const refusal = failure("meta_rejected", {
  message: "A Meta recusou a mensagem. Nada foi enviado.",
  meta: new MetaError({ code: 131026, title: "Message undeliverable" })
})

/** The laws of the ports `Resends` and `Wishes`. */
export const resendsContract = <E>(adapter: string, live: Layer.Layer<Ports, E>) =>
  layer(live, { timeout: "60 seconds" })(`Resends on ${adapter}`, (it) => {
    it.effect("lists messages of which was told that nobody knows, and with `all` those of which nobody does", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const aftermath = yield* Aftermath
        const old = yield* sent(instanceId)
        yield* aftermath.unresolved(old, yield* DateTime.now)
        const young = yield* sent(instanceId)
        yield* sent(instanceId, accepted)
        yield* sent(instanceId, refusedForGood)
        assert.deepStrictEqual(yield* idsOf(instanceId), [old])
        assert.deepStrictEqual(yield* idsOf(instanceId, true), [young, old])
        // What became of it is known now.
        yield* aftermath.told(old, "delivered", yield* DateTime.now)
        yield* aftermath.told(young, "failed", yield* DateTime.now)
        assert.deepStrictEqual(yield* idsOf(instanceId, true), [])
      })
    )

    it.effect("keeps in the list what somebody wished to send again, however it stands", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const id = yield* sent(instanceId)
        yield* enter(id)
        yield* (yield* Aftermath).told(id, "read", yield* DateTime.now)
        assert.deepStrictEqual(yield* idsOf(instanceId), [id])
        assert.strictEqual((yield* shown(id)).status, "read")
      })
    )

    it.effect("lists by pages, of one instance or of all", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const aftermath = yield* Aftermath
        const resends = yield* Resends
        const [ours, theirs] = [yield* fixture.instance, yield* fixture.instance]
        const ids: Array<MessageId> = []
        for (let index = 0; index < 7; index++) {
          const id = yield* sent(ours.id)
          if (index % 2 === 0) yield* enter(id)
          if (index % 3 === 0) yield* aftermath.unresolved(id, yield* DateTime.now)
          if (index % 2 === 0 || index % 3 === 0) ids.unshift(id)
        }
        const other = yield* sent(theirs.id)
        yield* aftermath.unresolved(other, yield* DateTime.now)

        const pages: Array<MessageId> = []
        let before: MessageId | undefined
        do {
          const page = yield* resends.list({ instanceId: ours.id, all: false }, { before, limit: 2 })
          assert.isAtMost(page.length, 2)
          pages.push(...page.map(({ id }) => id))
          before = page.at(-1)?.id
        } while (before !== undefined)
        assert.deepStrictEqual(pages, ids)

        const everybodys = yield* resends.list({ instanceId: undefined, all: false }, { before: undefined, limit: 6 })
        assert.deepStrictEqual(
          everybodys.map(({ id }) => id),
          [other, ...ids]
        )
      })
    )

    it.effect("finds any outgoing message and says how it stands", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const sends = yield* Sends
        const { id: instanceId } = yield* fixture.instance
        const running = yield* reservationIn(instanceId)
        const { contactId } = yield* sends.reserve(running)
        yield* TestClock.adjust("1 minute")
        const at = yield* DateTime.now
        const gone = yield* sent(instanceId)
        const found = yield* shown(gone)
        assert.deepStrictEqual(
          [found.instanceId, found.contactId, found.kind, found.status, found.placed, found.resend],
          [instanceId, contactId, "text", "unknown", false, Option.none()]
        )
        assert.deepStrictEqual(found.since, at)

        const standing = Effect.fnUntraced(function* (id: MessageId) {
          return (yield* shown(id)).status
        })
        assert.strictEqual(yield* standing(running.messageId), "reserved")
        assert.strictEqual(yield* standing(yield* sent(instanceId, accepted)), "accepted")
        assert.strictEqual(yield* standing(yield* sent(instanceId, held)), "accepted")
        assert.strictEqual(yield* standing(yield* sent(instanceId, refusedForGood)), "failed")
        yield* (yield* Aftermath).told(gone, "delivered", at)
        assert.strictEqual(yield* standing(gone), "delivered")

        const nothing = MessageId.make("00000000-0000-7000-8000-000000000000")
        assert.deepStrictEqual(yield* (yield* Resends).find(nothing), Option.none())
        assert.isFalse(yield* enter(nothing))
      })
    )

    it.effect("enters a wish once, and another only after the one that it follows", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const id = yield* sent(instanceId)
        assert.isFalse(yield* enter(id, { ask: 2 }))
        assert.isTrue(yield* enter(id))
        assert.isFalse(yield* enter(id))
        const first = yield* shown(id)
        const askedAt = yield* DateTime.now
        assert.deepStrictEqual(
          first.resend,
          Option.some({ ask: 1, askedAt, outcome: Option.none(), standing: Option.none() })
        )
        yield* end(yield* claimed(id), { _tag: "NotSent", as: Option.none(), failure: refusal })
        yield* TestClock.adjust("1 hour")
        assert.isTrue(yield* enter(id, { ask: 2 }))
        const again = yield* DateTime.now
        assert.deepStrictEqual(
          (yield* shown(id)).resend,
          Option.some({ ask: 2, askedAt: again, outcome: Option.none(), standing: Option.none() })
        )
        assert.strictEqual((yield* claimed(id)).ask, 2)
      })
    )

    it.effect("lets one of twenty who wish the same at once have it", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const id = yield* sent(instanceId)
        const entered = yield* Effect.all(
          Array.from({ length: 20 }, () => enter(id)),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(entered.filter((isEntered) => isEntered).length, 1)
      })
    )

    it.effect("gives a wish to one claimer, with the message as it was kept and the person as they are known", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const record: Record = {
          kind: "template",
          text: "Olá Ana, seu código é 42.",
          mediaUrl: "https://example.com/a.png",
          templateId: TemplateId.make(15),
          campaignId: CampaignId.make(3),
          variables: { nome: "Ana", código: "42" }
        }
        const recipient = toNumber("5511978049825", "Ana")
        const id = yield* sent(instance.id, unknown, { record, recipient })
        const { contactId } = yield* shown(id)
        const askedAt = yield* DateTime.now
        yield* enter(id)
        const wish = yield* claimed(id)
        assert.deepStrictEqual(wish, {
          messageId: id,
          ask: 1,
          askedAt,
          claim: 1,
          instance,
          contactId,
          number: PhoneNumber.make("5511978049825"),
          record,
          status: "unknown",
          queueId: undefined,
          statusId: undefined
        })
        assert.isUndefined(yield* claimOf(id))
      })
    )

    it.effect("knows of a retired contact the one that it proved to be, and of a message what Meta told since", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const aftermath = yield* Aftermath
        const { id: instanceId } = yield* fixture.instance
        const id = yield* sent(instanceId, unknown, { recipient: toNumber("5511978049825") })
        const survivor = yield* fixture.contact({ instanceId, number: "5521987654321" })
        yield* aftermath.merged(ContactId.make((yield* shown(id)).contactId), survivor.id)
        yield* enter(id)
        yield* aftermath.told(id, "sent", yield* DateTime.now)
        const { contactId, number, status } = yield* claimed(id)
        assert.deepStrictEqual([contactId, number, status], [survivor.id, PhoneNumber.make("5521987654321"), "sent"])
        assert.strictEqual((yield* shown(id)).contactId, survivor.id)
      })
    )

    it.effect("places it where was said, else where the open conversation is, else where it was sent", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const [sales, support] = [yield* fixture.queue(instanceId), yield* fixture.queue(instanceId)]
        const [fresh, busy] = [yield* fixture.status(instanceId), yield* fixture.status(instanceId)]
        const places: Array<readonly [queue: number | undefined, status: number | undefined]> = []
        const id = yield* sent(instanceId, unknown, { queueId: sales.id, statusId: fresh.id })
        const { contactId, placed } = yield* shown(id)
        assert.isTrue(placed)
        yield* fixture.closeConversation(contactId)
        yield* enter(id)
        const closed = yield* claimed(id)
        places.push([closed.queueId, closed.statusId])
        // The person writes, or is written to, and a conversation is open somewhere else.
        const later = yield* sent(instanceId, unknown, { queueId: support.id, statusId: busy.id })
        yield* TestClock.adjust(lease)
        const open = yield* claimed(id)
        places.push([open.queueId, open.statusId])
        yield* enter(later, { queueId: sales.id })
        const said = yield* claimed(later)
        places.push([said.queueId, said.statusId])
        assert.deepStrictEqual(places, [
          [sales.id, fresh.id],
          [support.id, busy.id],
          [sales.id, busy.id]
        ])
      })
    )

    it.effect("comes back when its claimer is not heard of, and heeds the earlier one no longer", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const wishes = yield* Wishes
        const id = yield* sent(instanceId)
        yield* enter(id)
        const dead = yield* claimed(id)
        yield* TestClock.adjust("59 seconds")
        assert.isUndefined(yield* claimOf(id))
        yield* TestClock.adjust("1 second")
        const heir = yield* claimed(id)
        assert.strictEqual(heir.claim, dead.claim + 1)
        yield* end(dead, { _tag: "Expired" })
        yield* wishes.postpone(dead, DateTime.add(yield* DateTime.now, { days: 1 }))
        assert.isTrue(Option.isNone(Option.getOrThrow((yield* shown(id)).resend).outcome))

        yield* wishes.postpone(heir, DateTime.add(yield* DateTime.now, { seconds: 5 }))
        assert.isUndefined(yield* claimOf(id))
        yield* TestClock.adjust("5 seconds")
        yield* end(yield* claimed(id), { _tag: "Settled" })
        yield* TestClock.adjust("1 day")
        assert.isUndefined(yield* claimOf(id))
      })
    )

    it.effect("is not with two of many who claim at once, and none gets more than asked for", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const wishes = yield* Wishes
        const ids: Array<MessageId> = []
        for (let index = 0; index < 30; index++) {
          const id = yield* sent(instanceId)
          yield* enter(id)
          ids.push(id)
        }
        const now = yield* DateTime.now
        const claims = yield* Effect.all(
          Array.from({ length: 12 }, () => wishes.claim(now, lease, 5)),
          { concurrency: "unbounded" }
        )
        for (const claim of claims) assert.isAtMost(claim.length, 5)
        const rest = yield* wishes.claim(now, lease, 1000)
        const got = [...claims.flat(), ...rest].map(({ messageId }) => messageId)
        assert.deepStrictEqual(got.filter((id) => ids.includes(id)).toSorted(), ids.toSorted())
      })
    )

    it.effect("keeps what came of it, and shows how the message that was sent instead stands", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const other = yield* sent(instanceId, accepted)
        const outcomes: ReadonlyArray<ResendOutcome> = [
          { _tag: "Resent", as: other },
          { _tag: "NotSent", as: Option.none(), failure: refusal },
          { _tag: "NotSent", as: Option.some(other), failure: refusal },
          { _tag: "Settled" },
          { _tag: "Expired" }
        ]
        for (const outcome of outcomes) {
          const id = yield* sent(instanceId)
          yield* enter(id)
          yield* end(yield* claimed(id), outcome)
          const resend = Option.getOrThrow((yield* shown(id)).resend)
          assert.deepStrictEqual(resend.outcome, Option.some(outcome))
          const standing = outcome._tag === "Resent" ? Option.some("accepted") : Option.none()
          assert.deepStrictEqual(resend.standing, standing)
        }
        const [resent] = yield* idsOf(instanceId).pipe(Effect.map((ids) => ids.slice(-1)))
        assert.isDefined(resent)
        yield* (yield* Aftermath).told(other, "delivered", yield* DateTime.now)
        assert.deepStrictEqual(Option.getOrThrow((yield* shown(resent)).resend).standing, Option.some("delivered"))
      })
    )
  })
