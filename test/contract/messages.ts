import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { CampaignId } from "../../core/campaign/Campaign.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { ConversationId } from "../../core/conversation/Conversation.ts"
import { failure } from "../../core/failure/Failure.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import { type MessageDetail, ShownStatus, statusOf } from "../../core/message/MessageDetail.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"
import { type MessageFilter, Messages, nameIn } from "../../core/message/Messages.ts"
import { TemplateId } from "../../core/template/Template.ts"
import { Fixture } from "./Fixture.ts"
import * as Life from "./lookup/Life.ts"
import { refusedForGood, textRecord, toNumber, unknown } from "./sends/Example.ts"

const start = DateTime.makeUnsafe("2026-03-01T12:00:00.123Z")

const begin = Effect.gen(function* () {
  yield* TestClock.setTime(start.epochMilliseconds)
  return yield* (yield* Fixture).instance
})

const named = Effect.fnUntraced(function* (instance: Instance, text: string) {
  const name = nameIn(text)
  return name === undefined ? Option.none() : yield* (yield* Messages).find(instance.id, name)
})

const get = (instance: Instance, text: string) => Effect.map(named(instance, text), Option.getOrThrow)

const getOutgoing = Effect.fnUntraced(function* (instance: Instance, text: string) {
  const found = yield* get(instance, text)
  return found._tag === "Outgoing" ? found : assert.fail("not one of ours")
})

const getIncoming = Effect.fnUntraced(function* (instance: Instance, text: string) {
  const found = yield* get(instance, text)
  return found._tag === "Incoming" ? found : assert.fail("not a contact's")
})

const idsOf = (messages: ReadonlyArray<MessageDetail>) => messages.map(({ id }) => id)

/** All pages, one after the other. */
const listAll = Effect.fnUntraced(function* (instance: Instance, filter: MessageFilter, limit = 100) {
  const messages = yield* Messages
  const all: Array<MessageDetail> = []
  let before: MessageId | undefined
  do {
    const page = yield* messages.list(instance.id, filter, { before, limit })
    assert.isAtMost(page.messages.length, limit)
    all.push(...page.messages)
    before = page.next
  } while (before !== undefined)
  return all
})

const listIds = (instance: Instance, filter: MessageFilter, limit?: number) =>
  Effect.map(listAll(instance, filter, limit), idsOf)

const later = TestClock.adjust("1 second")

/** A few messages in both directions, a second apart, the oldest first. */
const conversation = Effect.fnUntraced(function* (instance: Instance, count: number, number = "5511978049825") {
  const ids: Array<MessageId> = []
  for (let index = 0; index < count; index += 1) {
    if (index % 3 === 2) {
      const wamid = yield* Life.write(instance, { from: number })
      ids.push((yield* get(instance, wamid)).id)
    } else {
      ids.push((yield* Life.send(instance, { recipient: toNumber(number) })).messageId)
    }
    yield* later
  }
  return ids
})

/** The laws of the `Messages` port. */
export const messagesContract = <E>(adapter: string, live: Life.Live<E>) =>
  layer(live, { timeout: "60 seconds" })(`Messages on ${adapter}`, (it) => {
    it.effect("a message is found by our id and by Meta's, with all that was kept of it", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const fixture = yield* Fixture
        const queue = yield* fixture.queue(instance.id)
        const status = yield* fixture.status(instance.id)
        const record = {
          kind: "image" as const,
          text: `Olá "João" 👋`,
          mediaUrl: "https://example.com/a.png",
          templateId: TemplateId.make(15),
          campaignId: CampaignId.make(3),
          variables: { nome: "João" }
        }
        const sent = yield* Life.send(instance, { queueId: queue.id, statusId: status.id, record })
        const found = yield* getOutgoing(instance, sent.messageId)
        assert.deepStrictEqual(yield* getOutgoing(instance, sent.wamid), found)
        assert.deepStrictEqual(yield* getOutgoing(instance, sent.messageId.toUpperCase()), found)
        const { conversation, view, ...rest } = found
        assert.deepStrictEqual(rest, {
          _tag: "Outgoing",
          id: sent.messageId,
          instanceId: instance.id,
          contactId: sent.contactId,
          wamid: sent.wamid,
          kind: record.kind,
          text: record.text,
          mediaUrl: record.mediaUrl,
          templateId: record.templateId,
          campaignId: record.campaignId,
          settled: {
            event: { _tag: "Outcome", status: "accepted", at: start, failure: undefined },
            wamid: sent.wamid,
            calls: 1,
            reason: undefined
          }
        })
        assert.deepInclude(conversation, { queueId: queue.id, statusId: status.id, open: true })
        assert.strictEqual(view.status, "accepted")
        yield* fixture.closeConversation(sent.contactId)
        const closed = yield* get(instance, sent.messageId)
        assert.deepStrictEqual([closed.conversation?.id, closed.conversation?.open], [conversation?.id, false])
      }).pipe(Life.inOwnTime)
    )

    it.effect("a call that is under way, one that failed and one of which nobody knows are told apart", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const [running, failed, lost] = yield* Effect.all([
          Life.reserve(instance),
          Life.reserve(instance),
          Life.reserve(instance)
        ])
        yield* Life.settle(failed, refusedForGood, { calls: 3 })
        yield* Life.settle(lost, unknown)
        const states = yield* Effect.forEach([running, failed, lost], ({ messageId }) =>
          getOutgoing(instance, messageId)
        )
        assert.deepStrictEqual(
          states.map(({ settled, view, wamid }) => [view.status, settled?.calls, settled?.reason, wamid]),
          [
            ["reserved", undefined, undefined, undefined],
            ["failed", 3, undefined, undefined],
            ["unknown", 1, "socket hang up", undefined]
          ]
        )
        assert.deepStrictEqual(states[1]?.view.failure, failure("meta_rejected"))
      }).pipe(Life.inOwnTime)
    )

    it.effect(
      "Meta's news make up the history: times, what it costs, why it failed, and a failure beside a delivery",
      () =>
        Effect.gen(function* () {
          const instance = yield* begin
          const sent = yield* Life.send(instance)
          const pricing = { billable: true, pricing_model: "PMP", category: "utility", type: "regular" }
          yield* TestClock.adjust("2 seconds")
          yield* Life.tell(instance, { wamid: sent.wamid, status: "delivered", further: { pricing } })
          yield* TestClock.adjust("2 seconds")
          const errors = [{ code: 131026, title: "Message undeliverable" }]
          yield* Life.tell(instance, { wamid: sent.wamid, status: "failed", further: { errors } })
          const { view } = yield* getOutgoing(instance, sent.wamid)
          assert.deepStrictEqual(
            view.timeline.map(({ conflict, failure, source, status }) => [
              status,
              source,
              conflict,
              failure?.meta?.code
            ]),
            [
              ["accepted", "aidesk", false, undefined],
              ["delivered", "meta", false, undefined],
              ["failed", "meta", true, 131026]
            ]
          )
          assert.deepStrictEqual(
            view.timeline.map(({ at, receivedAt }) => [DateTime.formatIso(at), receivedAt?.pipe(DateTime.formatIso)]),
            [
              ["2026-03-01T12:00:00.123Z", undefined],
              ["2026-03-01T12:00:02.000Z", "2026-03-01T12:00:02.123Z"],
              ["2026-03-01T12:00:04.000Z", "2026-03-01T12:00:04.123Z"]
            ]
          )
          assert.deepStrictEqual(
            [view.status, view.conflict, view.cost],
            ["delivered", true, { category: "utility", type: "regular", billable: true }]
          )
        }).pipe(Life.inOwnTime)
    )

    it.effect("a message whose outcome nobody knew is found by the id that Meta's news gave it", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const lost = yield* Life.reserve(instance)
        yield* Life.settle(lost, unknown)
        const wamid = Life.newWamid()
        const further = { biz_opaque_callback_data: lost.attemptId }
        yield* Life.tell(instance, { wamid, status: "sent", further })
        const found = yield* getOutgoing(instance, wamid)
        assert.deepStrictEqual([found.id, found.wamid, found.view.status], [lost.messageId, wamid, "sent"])
      }).pipe(Life.inOwnTime)
    )

    it.effect("what a person wrote is found by both ids, with what it hangs on and who wrote it", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const asked = yield* Life.send(instance)
        yield* later
        const wamid = yield* Life.write(instance, {
          message: {
            type: "document",
            document: {
              id: "1003383421387256",
              mime_type: "application/pdf",
              sha256: "aGFzaA==",
              filename: "nota.pdf"
            },
            context: { from: "551132100000", id: asked.wamid },
            referral: { source_url: "https://fb.me/x", source_type: "ad", headline: "Promoção" }
          }
        })
        const found = yield* getIncoming(instance, wamid)
        assert.deepStrictEqual(yield* get(instance, found.id), found)
        assert.strictEqual(found.contactId, asked.contactId)
        assert.strictEqual(found.conversation?.id, (yield* get(instance, asked.messageId)).conversation?.id)
        assert.strictEqual(found.content.type, "document")
        assert.strictEqual(found.context?.repliedTo, asked.wamid)
        assert.strictEqual(found.referral?.headline, "Promoção")
        assert.deepStrictEqual(found.from, {
          name: "Ana",
          number: "5511978049825",
          userId: undefined,
          username: undefined
        })
        assert.deepStrictEqual(found.media, {
          state: "pending",
          mimeType: "application/pdf",
          filename: "nota.pdf",
          size: undefined
        })
        assert.deepStrictEqual([found.at, found.receivedAt].map(DateTime.formatIso), [
          "2026-03-01T12:00:01.000Z",
          "2026-03-01T12:00:01.123Z"
        ])
      }).pipe(Life.inOwnTime)
    )

    it.effect("a message sent months ago is found by Meta's id, though nothing was heard of it", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const old = yield* Life.send(instance)
        for (let month = 0; month < 5; month += 1) {
          yield* TestClock.adjust("30 days")
          yield* Life.send(instance)
        }
        assert.strictEqual((yield* get(instance, old.wamid)).id, old.messageId)
      }).pipe(Life.inOwnTime)
    )

    it.effect("another instance's message answers as one that never existed, whatever it is called", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const other = yield* (yield* Fixture).instance
        const sent = yield* Life.send(other)
        const said = yield* Life.write(other)
        const { conversation, id } = yield* get(other, said)
        for (const name of [
          sent.messageId,
          sent.wamid,
          said,
          id,
          Life.newWamid(),
          yield* (yield* MessageIds).message
        ]) {
          assert.deepStrictEqual(yield* named(instance, name), Option.none(), name)
        }
        yield* Life.send(instance)
        const nothing: ReadonlyArray<MessageFilter> = [
          { contactId: sent.contactId },
          { contactId: ContactId.make(2_147_483_647) },
          { conversationId: conversation?.id },
          { conversationId: ConversationId.make(2_147_483_647) },
          { contactId: sent.contactId, conversationId: conversation?.id }
        ]
        for (const filter of nothing) assert.deepStrictEqual(yield* listAll(instance, filter), [])
        assert.lengthOf(yield* listAll(other, { contactId: sent.contactId, conversationId: conversation?.id }), 2)
      }).pipe(Life.inOwnTime)
    )

    it.effect("both directions are one list, newest first, whatever the size of its pages", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const ids = yield* conversation(instance, 10)
        const newestFirst = ids.toReversed()
        for (const limit of [1, 2, 3, 9, 10, 11])
          assert.deepStrictEqual(yield* listIds(instance, {}, limit), newestFirst)
        const whole = yield* (yield* Messages).list(instance.id, {}, { before: undefined, limit: 10 })
        assert.isUndefined(whole.next)
      }).pipe(Life.inOwnTime)
    )

    it.effect("pages stay as they are while messages are added", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const ids = yield* conversation(instance, 6)
        const messages = yield* Messages
        const first = yield* messages.list(instance.id, {}, { before: undefined, limit: 2 })
        yield* conversation(instance, 3)
        const second = yield* messages.list(instance.id, {}, { before: first.next, limit: 4 })
        assert.deepStrictEqual([...idsOf(first.messages), ...idsOf(second.messages)], ids.toReversed())
        assert.isUndefined(second.next)
      }).pipe(Life.inOwnTime)
    )

    it.effect("a contact's and a conversation's messages are listed alone, over any length of time", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const fixture = yield* Fixture
        const first = yield* conversation(instance, 3)
        const others = yield* conversation(instance, 2, "5521978049825")
        yield* TestClock.adjust("40 days")
        const { contactId, conversation: talk } = yield* get(instance, first[0] ?? "")
        yield* fixture.closeConversation(contactId)
        const second = yield* conversation(instance, 4)
        assert.deepStrictEqual(yield* listIds(instance, { contactId }, 2), [...first, ...second].toReversed())
        assert.deepStrictEqual(yield* listIds(instance, { conversationId: talk?.id }, 2), first.toReversed())
        const newer = (yield* get(instance, second[0] ?? "")).conversation?.id
        assert.deepStrictEqual(yield* listIds(instance, { contactId, conversationId: newer }), second.toReversed())
        const stranger = (yield* get(instance, others[0] ?? "")).contactId
        assert.deepStrictEqual(yield* listIds(instance, { contactId: stranger }), others.toReversed())
        assert.deepStrictEqual(yield* listIds(instance, { contactId: stranger, conversationId: newer }), [])
      }).pipe(Life.inOwnTime)
    )

    it.effect("each filter keeps what it names, alone and with others", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const fixture = yield* Fixture
        const template = yield* fixture.template(instance.id, {
          name: "aviso",
          language: "pt_BR",
          category: "UTILITY",
          status: "APPROVED",
          components: [{ type: "BODY", text: "Olá" }],
          variables: {}
        })
        const campaign = yield* fixture.campaign(instance.id, template, {
          name: "Março",
          template_id: template.id,
          variables: {}
        })
        const campaignId = campaign.id
        const record = { ...textRecord("Olá"), campaignId }
        const inCampaign = yield* Life.send(instance, { record })
        yield* later
        const toOther = yield* Life.send(instance, { record, recipient: toNumber("5521978049825") })
        yield* later
        const plain = yield* Life.send(instance)
        yield* later
        const said = (yield* get(instance, yield* Life.write(instance))).id
        const { contactId } = inCampaign
        const at = (seconds: number) => DateTime.add(start, { seconds })
        const cases: ReadonlyArray<readonly [MessageFilter, ReadonlyArray<MessageId>]> = [
          [{ campaignId }, [toOther.messageId, inCampaign.messageId]],
          [{ campaignId, contactId }, [inCampaign.messageId]],
          [{ campaignId, direction: "inbound" }, []],
          [{ campaignId, status: "received" }, []],
          [{ direction: "inbound" }, [said]],
          [{ direction: "outbound" }, [plain.messageId, toOther.messageId, inCampaign.messageId]],
          [{ direction: "outbound", contactId }, [plain.messageId, inCampaign.messageId]],
          [{ since: at(1), until: at(3) }, [plain.messageId, toOther.messageId]],
          [{ since: at(1), contactId }, [said, plain.messageId]],
          [{ until: at(1), campaignId }, [inCampaign.messageId]],
          [{ since: at(9) }, []],
          [{ until: start }, []]
        ]
        for (const [filter, expected] of cases) {
          assert.deepStrictEqual(yield* listIds(instance, filter), expected, JSON.stringify(filter))
        }
        const other = yield* fixture.instance
        yield* Life.send(other)
        assert.deepStrictEqual(yield* listAll(other, { campaignId }), [])
      }).pipe(Life.inOwnTime)
    )

    it.effect("each status lists what stands there now, whoever told it, and nothing else", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const number = toNumber("5511978049825")
        const reserve = Effect.tap(Life.reserve(instance, { recipient: number }), later)
        const send = Effect.tap(Life.send(instance, { recipient: number }), later)
        const running = yield* reserve
        const refused = yield* reserve
        yield* Life.settle(refused, refusedForGood)
        const lost = yield* reserve
        yield* Life.settle(lost, unknown)
        const settledLater = yield* reserve
        yield* Life.settle(settledLater, unknown)
        const held = yield* reserve
        const heldWamid = Life.newWamid()
        yield* Life.settle(held, { _tag: "Accepted", wamid: heldWamid, waId: undefined, held: true })
        const accepted = yield* send
        const [sent, delivered, read, played, undelivered, conflicting] = yield* Effect.all([
          send,
          send,
          send,
          send,
          send,
          send
        ])
        const errors = [{ code: 131026, title: "Message undeliverable" }]
        const failed = (wamid: string) => ({ wamid, status: "failed", further: { errors } })
        yield* Life.tell(
          instance,
          { wamid: sent.wamid, status: "sent" },
          { wamid: delivered.wamid, status: "delivered" },
          { wamid: read.wamid, status: "delivered" },
          { wamid: read.wamid, status: "read" },
          { wamid: played.wamid, status: "played" },
          failed(undelivered.wamid),
          failed(conflicting.wamid),
          { wamid: conflicting.wamid, status: "delivered" },
          {
            wamid: Life.newWamid(),
            status: "sent",
            further: { biz_opaque_callback_data: settledLater.attemptId }
          }
        )
        const said = (yield* get(instance, yield* Life.write(instance))).id
        const expected: { readonly [status in ShownStatus]: ReadonlyArray<MessageId> } = {
          reserved: [running.messageId],
          failed: [undelivered.messageId, refused.messageId],
          unknown: [lost.messageId],
          accepted: [accepted.messageId, held.messageId],
          sent: [sent.messageId, settledLater.messageId],
          delivered: [conflicting.messageId, delivered.messageId],
          read: [read.messageId],
          played: [played.messageId],
          received: [said]
        }
        for (const status of ShownStatus.literals) {
          const found = yield* listAll(instance, { status })
          assert.deepStrictEqual(idsOf(found), expected[status], status)
          assert.isTrue(found.every((message) => statusOf(message) === status))
          const { contactId } = running
          assert.deepStrictEqual(yield* listIds(instance, { status, contactId }, 1), expected[status], status)
          const wrong = status === "received" ? "outbound" : "inbound"
          assert.deepStrictEqual(yield* listAll(instance, { status, direction: wrong }), [])
        }
        const other = yield* (yield* Fixture).instance
        for (const status of ["failed", "unknown", "reserved", "sent"] as const) {
          assert.deepStrictEqual(yield* listAll(other, { status }), [])
        }
      }).pipe(Life.inOwnTime)
    )

    it.effect("the messages of two contacts that prove to be one are one list, under either id", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const userId = "BR.1349847523987452398"
        // Two lines of one person: neither leads to the other until a name that both bear does.
        const first = yield* Life.send(instance, { recipient: toNumber("5511978049825") })
        yield* later
        const second = yield* Life.send(instance, { recipient: toNumber("5521978049826") })
        yield* later
        const say = (from: string) =>
          Life.write(instance, {
            from,
            message: { type: "text", text: { body: "Oi" }, from_user_id: userId }
          })
        const one = (yield* get(instance, yield* say("5511978049825"))).id
        yield* later
        const two = (yield* get(instance, yield* say("5521978049826"))).id
        const survivor = (yield* get(instance, one)).contactId
        const all = [two, one, second.messageId, first.messageId]
        for (const message of all) assert.strictEqual((yield* get(instance, message)).contactId, survivor)
        for (const contactId of [first.contactId, second.contactId]) {
          assert.deepStrictEqual(yield* listIds(instance, { contactId }, 2), all)
        }
      }).pipe(Life.inOwnTime)
    )
  })
