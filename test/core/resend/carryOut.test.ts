import { assert, describe } from "@effect/vitest"
import { DateTime, Deferred, Duration, Effect, Fiber, Option, Struct } from "effect"
import { TestClock } from "effect/testing"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { Contact, type ContactId } from "../../../core/contact/Contact.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import type { DeliveryStatus } from "../../../core/message/StatusHistory.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import { abandonedAfter } from "../../../core/message/Idempotency.ts"
import type { MessageId } from "../../../core/message/Message.ts"
import { type DirectRequest, sendDirect } from "../../../core/message/SendDirect.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { sendTemplate } from "../../../core/message/SendTemplate.ts"
import { carryOut, type Decision, goodFor, lease } from "../../../core/resend/carryOut.ts"
import { Resends, type WantedPlace } from "../../../core/resend/Resends.ts"
import { Wishes } from "../../../core/resend/Wishes.ts"
import { wishResend } from "../../../core/resend/wishResend.ts"
import { furnished, Outage, outcomeOf, stored, test } from "../message/Desk.ts"

const lost: GatewayAnswer = { _tag: "Lost", reason: "socket hang up" }

const asItIs: WantedPlace = { queueId: undefined, statusId: undefined }

/** The greeting, sent to Ana with its answer lost. */
const greeted = Effect.gen(function* () {
  const desk = yield* furnished
  const gateway = yield* MemoryGateway
  yield* gateway.script(lost)
  const { messageId } = yield* sendTemplate(desk.request)
  assert.isDefined(messageId)
  return { ...desk, gateway, messageId }
})

/** The same of what was said inside the window. */
const said = Effect.fnUntraced(function* (body: DirectRequest["body"]) {
  const desk = yield* furnished
  const gateway = yield* MemoryGateway
  yield* gateway.script(lost)
  const { contact, instance } = desk
  const request = { instance, requestId: "request", idempotency: undefined, contactId: contact.id, body }
  const { messageId } = yield* sendDirect(request)
  assert.isDefined(messageId)
  return { ...desk, gateway, messageId }
})

const wish = Effect.fnUntraced(function* (id: MessageId, place: WantedPlace = asItIs) {
  yield* wishResend(id, place)
})

const claim = Effect.gen(function* () {
  const [claimed] = yield* (yield* Wishes).claim(yield* DateTime.now, lease, 1)
  assert.isDefined(claimed)
  return claimed
})

const enter = Effect.fnUntraced(function* (id: MessageId) {
  const claimed = yield* claim
  assert.strictEqual(claimed.messageId, id)
  const decision = yield* carryOut(claimed)
  if (decision._tag === "Ended") yield* (yield* Wishes).end(claimed, decision.outcome)
  return decision
})

/** A wish, and what came of it. */
const resent = Effect.fnUntraced(function* (id: MessageId, place?: WantedPlace) {
  yield* wish(id, place)
  return yield* enter(id)
})

const summary = (decision: Decision): string => {
  if (decision._tag === "Later") return "later"
  const { outcome } = decision
  return outcome._tag === "NotSent" ? outcome.failure.code : outcome._tag
}

const newId = (decision: Decision): MessageId | undefined =>
  decision._tag === "Ended" && decision.outcome._tag === "Resent" ? decision.outcome.as : undefined

const messages = Effect.map(World, ({ messages }) => [...messages.values()])

const told = Effect.fnUntraced(function* (id: MessageId, status: DeliveryStatus) {
  const at = yield* DateTime.now
  const event = { _tag: "Status", status, at, receivedAt: at, errors: [], pricing: undefined } as const
  ;(yield* World).heard.set(id, [{ ...event, wamid: "wamid.TOLD" }])
})

const forgetNumber = Effect.fnUntraced(function* (contactId: ContactId) {
  const world = yield* World
  const known = world.contacts.get(contactId)
  assert.isDefined(known)
  const contact = new Contact(Struct.assign(known.contact, { number: Option.none() }))
  world.contacts.set(contactId, { ...known, contact })
})

describe("a message that is sent again", () => {
  test("is another message, filled with the same values, and the first stays unknown", () =>
    Effect.gen(function* () {
      const { gateway, messageId, template } = yield* greeted
      const decision = yield* resent(messageId)
      const as = newId(decision)
      assert.isDefined(as)
      const [first, second] = yield* messages
      assert.deepStrictEqual([first?.id, second?.id], [messageId, as])
      assert.deepStrictEqual(second?.record, first?.record)
      assert.strictEqual(second?.record.templateId, template.id)
      assert.strictEqual((yield* outcomeOf(messageId))?._tag, "Unknown")
      assert.strictEqual((yield* outcomeOf(as))?._tag, "Accepted")
      const [one, other] = yield* gateway.calls
      assert.deepStrictEqual(other?.message, one?.message)
      assert.notStrictEqual(other?.attemptId, one?.attemptId)
    }))

  test("of a campaign is the campaign's again", () =>
    Effect.gen(function* () {
      const { campaign, request } = yield* furnished
      yield* (yield* MemoryGateway).script(lost)
      const variables = { nomeCliente: "Ana", codigo: "42" }
      const { messageId } = yield* sendTemplate({
        ...request,
        templateId: undefined,
        campaignId: campaign.id,
        variables
      })
      assert.isDefined(messageId)
      const second = yield* stored(newId(yield* resent(messageId)))
      assert.deepStrictEqual(second?.record, (yield* stored(messageId))?.record)
    }))

  test("goes to the queue and status of its conversation", () =>
    Effect.gen(function* () {
      const { messageId, queue, status } = yield* greeted
      yield* resent(messageId)
      const [conversation] = (yield* World).conversations.values()
      assert.deepStrictEqual([conversation?.queueId, conversation?.statusId], [queue.id, status.id])
    }))

  test("goes to the queue that was said", () =>
    Effect.gen(function* () {
      const { messageId, status, support } = yield* greeted
      yield* resent(messageId, { queueId: support.id, statusId: undefined })
      const [conversation] = (yield* World).conversations.values()
      assert.deepStrictEqual([conversation?.queueId, conversation?.statusId], [support.id, status.id])
    }))

  test("can be a text inside the window", () =>
    Effect.gen(function* () {
      const text = yield* said({ _tag: "Text", text: "Olá! 👋" })
      yield* resent(text.messageId)
      const calls = yield* text.gateway.calls
      assert.deepStrictEqual(calls[1]?.message, calls[0]?.message)
    }))

  for (const caption of ["Contrato", undefined]) {
    test(`can be a file ${caption === undefined ? "without" : "with"} a caption`, () =>
      Effect.gen(function* () {
        const file = yield* said({ _tag: "Media", url: "https://example.com/a.pdf", caption })
        yield* resent(file.messageId)
        const calls = yield* file.gateway.calls
        assert.deepStrictEqual(calls[1]?.message, calls[0]?.message)
      }))
  }

  test("is not sent where the window has closed", () =>
    Effect.gen(function* () {
      const text = yield* said({ _tag: "Text", text: "Olá!" })
      yield* TestClock.adjust("24 hours")
      assert.strictEqual(summary(yield* resent(text.messageId)), "window_closed")
      assert.strictEqual((yield* text.gateway.calls).length, 1)
    }))

  test("is not sent where its template was paused, and can be wished again once that is over", () =>
    Effect.gen(function* () {
      const { gateway, messageId, setup, template } = yield* greeted
      yield* setup.setTemplateStatus(template.id, "PAUSED")
      assert.strictEqual(summary(yield* resent(messageId)), "template_not_approved")
      yield* setup.setTemplateStatus(template.id, "APPROVED")
      assert.strictEqual(summary(yield* resent(messageId)), "Resent")
      assert.strictEqual((yield* gateway.calls).length, 2)
    }))

  test("that Meta refuses for good can be wished again, and is then asked anew", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      const error = new MetaError({ code: 131026, title: "Message undeliverable" })
      yield* gateway.script({ _tag: "Refused", error })
      const refused = yield* resent(messageId)
      assert.strictEqual(summary(refused), "meta_rejected")
      const failed = refused._tag === "Ended" && refused.outcome._tag === "NotSent" ? refused.outcome.as : Option.none()
      assert.strictEqual((yield* outcomeOf(Option.getOrThrow(failed)))?._tag, "Failed")
      assert.strictEqual(summary(yield* resent(messageId)), "Resent")
    }))

  test("whose outcome is lost as well is unknown by itself, and the first is not sent a third time", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* gateway.script(lost)
      const as = newId(yield* resent(messageId))
      assert.isDefined(as)
      assert.strictEqual((yield* outcomeOf(as))?._tag, "Unknown")
      assert.strictEqual((yield* Effect.flip(wishResend(messageId, asItIs)))._tag, "WishedBefore")
      // It is its own to be sent again.
      assert.strictEqual(summary(yield* resent(as)), "Resent")
      assert.strictEqual((yield* gateway.calls).length, 3)
    }))

  test("needs a number where it is a template", () =>
    Effect.gen(function* () {
      const { contact, messageId } = yield* greeted
      yield* forgetNumber(contact.id)
      assert.strictEqual(summary(yield* resent(messageId)), "contact_without_number")
    }))
})

describe("a wish", () => {
  test("whose message Meta has told of meanwhile sends nothing", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* wish(messageId)
      yield* told(messageId, "delivered")
      assert.strictEqual(summary(yield* enter(messageId)), "Settled")
      assert.strictEqual((yield* gateway.calls).length, 1)
    }))

  test("that nobody came to for a day sends nothing, and can be wished again", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* wish(messageId)
      yield* TestClock.adjust(Duration.sum(goodFor, Duration.seconds(1)))
      assert.strictEqual(summary(yield* enter(messageId)), "Expired")
      assert.strictEqual((yield* gateway.calls).length, 1)
      assert.strictEqual(summary(yield* resent(messageId)), "Resent")
    }))

  test("waits while the database is away", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* wish(messageId)
      const claimed = yield* claim
      const outage = yield* Outage
      outage.reserve = 1000
      const decision = yield* Effect.forkChild(carryOut(claimed), { startImmediately: true })
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(summary(yield* Fiber.join(decision)), "later")
      assert.strictEqual((yield* gateway.calls).length, 1)
    }))
})

/** As the process leaves it that dies while Meta is called. */
const dieWhileSending = Effect.fnUntraced(function* (messageId: MessageId) {
  const { script } = yield* MemoryGateway
  const called = yield* Deferred.make<void>()
  yield* script(Effect.andThen(Deferred.succeed(called, undefined), Effect.never))
  yield* wish(messageId)
  yield* Effect.forkDetach(carryOut(yield* claim), { startImmediately: true })
  yield* Deferred.await(called)
})

describe("a process that dies while it sends again", () => {
  test("leaves one send behind, of which the next one tells, however often it is tried", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* dieWhileSending(messageId)
      // Somebody might still be at it.
      yield* TestClock.adjust("5 seconds")
      const [heir] = yield* (yield* Wishes).claim(DateTime.add(yield* DateTime.now, { minutes: 1 }), lease, 1)
      assert.isDefined(heir)
      const early = yield* carryOut(heir)
      assert.strictEqual(early._tag, "Later")

      yield* TestClock.adjust(abandonedAfter)
      yield* (yield* Sends).abandon(yield* DateTime.now, yield* DateTime.now)
      const late = yield* carryOut(heir)
      const as = newId(late)
      assert.isDefined(as)
      assert.strictEqual((yield* outcomeOf(as))?._tag, "Unknown")
      assert.deepStrictEqual(yield* carryOut(heir), late)
      assert.strictEqual((yield* gateway.calls).length, 2)
    }))

  test("is told of even where Meta has told of the first one meanwhile", () =>
    Effect.gen(function* () {
      const { gateway, messageId } = yield* greeted
      yield* dieWhileSending(messageId)
      yield* told(messageId, "read")
      yield* TestClock.adjust(abandonedAfter)
      yield* TestClock.adjust(lease)
      yield* (yield* Sends).abandon(yield* DateTime.now, yield* DateTime.now)
      assert.strictEqual(summary(yield* enter(messageId)), "Resent")
      assert.strictEqual((yield* gateway.calls).length, 2)
      assert.isTrue(Option.isSome(yield* (yield* Resends).find(messageId)))
    }))
})
