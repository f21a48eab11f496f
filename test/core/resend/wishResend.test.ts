import { assert, describe } from "@effect/vitest"
import { Effect, Option } from "effect"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { sendDirect } from "../../../core/message/SendDirect.ts"
import { sendTemplate } from "../../../core/message/SendTemplate.ts"
import { Resends, type WantedPlace } from "../../../core/resend/Resends.ts"
import { NoSuchMessage, OutcomeKnown, PlaceMissing, WishedBefore, wishResend } from "../../../core/resend/wishResend.ts"
import { furnished, test } from "../message/Desk.ts"

const asItIs: WantedPlace = { queueId: undefined, statusId: undefined }

/** The greeting, of which nobody knows what became of it. */
const greeted = Effect.gen(function* () {
  const desk = yield* furnished
  yield* (yield* MemoryGateway).script({ _tag: "Lost", reason: "socket hang up" })
  const { messageId } = yield* sendTemplate(desk.request)
  assert.isDefined(messageId)
  return { ...desk, messageId }
})

const refusal = (id: MessageId, place = asItIs) => Effect.flip(wishResend(id, place))

/** As in a conversation that the person opened. */
const displace = Effect.gen(function* () {
  const { conversations } = yield* World
  for (const [id, conversation] of conversations) {
    conversations.set(id, { ...conversation, queueId: undefined, statusId: undefined })
  }
})

describe("the wish to send a message again", () => {
  test("is noted where nobody knows what became of it, once", () =>
    Effect.gen(function* () {
      const { messageId } = yield* greeted
      assert.strictEqual(yield* wishResend(messageId, asItIs), 1)
      const { resend } = Option.getOrThrow(yield* (yield* Resends).find(messageId))
      assert.strictEqual(Option.getOrThrow(resend).ask, 1)
      const again = yield* refusal(messageId)
      assert.deepStrictEqual(again, new WishedBefore({ as: Option.none() }))
      assert.match(again.message, /já foi pedido/u)
    }))

  test("is refused of a message that does not exist", () =>
    Effect.gen(function* () {
      yield* furnished
      const id = MessageId.make("0199aaaa-0000-7000-8000-000000000000")
      const refused = yield* refusal(id)
      assert.deepStrictEqual(refused, new NoSuchMessage({ id }))
      assert.include(refused.message, id)
    }))

  test("is refused of a message whose outcome is known, and says it", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const { messageId } = yield* sendTemplate(request)
      assert.isDefined(messageId)
      const refused = yield* refusal(messageId)
      assert.deepStrictEqual(refused, new OutcomeKnown({ status: "accepted" }))
      assert.match(refused.message, /"accepted" \(a Meta a aceitou\)/u)
    }))

  test("of a template needs a place: its conversation's, or one that is said", () =>
    Effect.gen(function* () {
      const { messageId, queue, status } = yield* greeted
      yield* displace
      assert.deepStrictEqual(yield* refusal(messageId), new PlaceMissing())
      assert.deepStrictEqual(yield* refusal(messageId, { ...asItIs, queueId: queue.id }), new PlaceMissing())
      assert.strictEqual(yield* wishResend(messageId, { queueId: queue.id, statusId: status.id }), 1)
    }))

  test("of what was said inside the window needs none", () =>
    Effect.gen(function* () {
      const { contact, instance } = yield* furnished
      yield* (yield* MemoryGateway).script({ _tag: "Lost", reason: "socket hang up" })
      const { messageId } = yield* sendDirect({
        instance,
        requestId: "request",
        idempotency: undefined,
        contactId: contact.id,
        body: { _tag: "Text", text: "Olá!" }
      })
      assert.isDefined(messageId)
      assert.strictEqual(yield* wishResend(messageId, asItIs), 1)
    }))
})
