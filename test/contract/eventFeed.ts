import { assert, layer } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { EventFeed, FeedCursor } from "../../core/event/EventFeed.ts"
import { idOfMessageEvent } from "../../core/event/StoredEvent.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import { Fixture } from "./Fixture.ts"
import * as Life from "./lookup/Life.ts"
import { refusedForGood, unknown } from "./sends/Example.ts"

const start = DateTime.makeUnsafe("2026-03-01T12:00:00.123Z")

const begin = Effect.gen(function* () {
  yield* TestClock.setTime(start.epochMilliseconds)
  return yield* (yield* Fixture).instance
})

/** Everything after `cursor`, page by page. */
const follow = Effect.fnUntraced(function* (instance: Instance, cursor?: FeedCursor, limit = 100) {
  const feed = yield* EventFeed
  let page = yield* feed.read(instance.id, cursor, limit)
  const events = [...page.events]
  while (page.events.length > 0) {
    assert.isAtMost(page.events.length, limit)
    page = yield* feed.read(instance.id, page.next, limit)
    events.push(...page.events)
  }
  return { events, next: page.next }
})

/** The laws of the `EventFeed` port. */
export const eventFeedContract = <E>(adapter: string, live: Life.Live<E>) =>
  layer(live, { timeout: "60 seconds" })(`EventFeed on ${adapter}`, (it) => {
    it.effect("what happened is told in its order, each once, whatever the size of the pages", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const sent = yield* Life.send(instance)
        const refused = yield* Life.reserve(instance)
        yield* Life.settle(refused, refusedForGood)
        const lost = yield* Life.reserve(instance)
        yield* Life.settle(lost, unknown)
        yield* Life.tell(instance, { wamid: sent.wamid, status: "delivered" })
        const expected = [
          [sent.messageId, "accepted"],
          [refused.messageId, "failed"],
          [lost.messageId, "unknown"],
          [sent.messageId, "delivered"]
        ] as const
        for (const limit of [1, 2, 3, 4, 100]) {
          const { events } = yield* follow(instance, undefined, limit)
          assert.deepStrictEqual(
            events.map(({ id, type }) => [id, type]),
            expected.map(([id, status]) => [idOfMessageEvent(id, status), `message.${status}`])
          )
        }
      }).pipe(Life.inOwnTime)
    )

    it.effect("an event of a message tells of its own status, with what it cost or why it failed", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const sent = yield* Life.send(instance)
        yield* TestClock.adjust("2 seconds")
        const pricing = { billable: true, pricing_model: "PMP", category: "utility", type: "regular" }
        yield* Life.tell(instance, { wamid: sent.wamid, status: "delivered", further: { pricing } })
        const errors = [{ code: 131026, title: "Message undeliverable" }]
        yield* Life.tell(instance, { wamid: sent.wamid, status: "failed", further: { errors } })
        const { events } = yield* follow(instance)
        const common = {
          message_id: sent.messageId,
          wamid: sent.wamid,
          direction: "outbound",
          contact_id: sent.contactId,
          campaign_id: null,
          template_id: null,
          kind: "text"
        }
        for (const { data, instanceId } of events) {
          assert.deepInclude(data, common)
          assert.isNumber(data["conversation_id"])
          assert.strictEqual(instanceId, instance.id)
        }
        const at = "2026-03-01T12:00:02.000Z"
        assert.deepInclude(events[0]?.data, {
          status: "accepted",
          at: DateTime.formatIso(start),
          error: null,
          cost: null
        })
        assert.deepInclude(events[1]?.data, {
          status: "delivered",
          at,
          error: null,
          cost: { category: "utility", type: "regular", billable: true }
        })
        assert.deepInclude(events[2]?.data, { status: "failed", at, cost: null })
        const error = events[2]?.data["error"]
        assert.nestedPropertyVal({ error }, "error.meta.code", 131026)
        assert.nestedProperty({ error }, "error.action")
        assert.deepStrictEqual(
          events.map(({ timestamp }) => DateTime.formatIso(timestamp)),
          [DateTime.formatIso(start), at, at]
        )
      }).pipe(Life.inOwnTime)
    )

    it.effect("what a person wrote is told whole, with who they are", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const wamid = yield* Life.write(instance)
        const { events } = yield* follow(instance)
        assert.deepStrictEqual(
          events.map(({ type }) => type),
          ["message.received"]
        )
        const data = events[0]?.data
        assert.deepInclude(data, {
          wamid,
          direction: "inbound",
          kind: "text",
          text: "Oi",
          content: { type: "text", text: { body: "Oi" } },
          context: null,
          referral: null,
          media: null,
          at: "2026-03-01T12:00:00.000Z"
        })
        assert.deepStrictEqual(data?.["contact"], {
          id: data?.["contact_id"],
          name: "Ana",
          number: "5511978049825",
          user_id: null,
          username: null
        })
      }).pipe(Life.inOwnTime)
    )

    it.effect("an event that is no message's says what was written down, and whom it is about", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const { contactId } = yield* Life.send(instance)
        yield* Life.write(instance, { message: { type: "text", text: { body: "PARAR" } } })
        const { events } = yield* follow(instance)
        const told = events.find(({ type }) => type === "contact.opted_out")
        assert.deepInclude(told?.data, { contact_id: contactId, source: "keyword" })
      }).pipe(Life.inOwnTime)
    )

    it.effect("whoever has read to the end stays at their place, and is told from there on", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const feed = yield* EventFeed
        const none = yield* feed.read(instance.id, undefined, 10)
        assert.deepStrictEqual(none.events, [])
        assert.deepStrictEqual(yield* feed.read(instance.id, none.next, 10), none)
        yield* Life.send(instance)
        const first = yield* feed.read(instance.id, none.next, 10)
        assert.lengthOf(first.events, 1)
        const end = yield* feed.read(instance.id, first.next, 10)
        assert.deepStrictEqual(end, { events: [], next: first.next })
        const { messageId } = yield* Life.send(instance)
        const second = yield* feed.read(instance.id, end.next, 10)
        assert.deepStrictEqual(
          second.events.map(({ data }) => data["message_id"]),
          [messageId]
        )
      }).pipe(Life.inOwnTime)
    )

    it.effect("after the end is only what is yet to come", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const feed = yield* EventFeed
        yield* Life.send(instance)
        const end = yield* feed.end(instance.id)
        assert.deepStrictEqual((yield* follow(instance, end)).events, [])
        const { messageId } = yield* Life.send(instance)
        assert.deepStrictEqual(
          (yield* follow(instance, end)).events.map(({ data }) => data["message_id"]),
          [messageId]
        )
      }).pipe(Life.inOwnTime)
    )

    it.effect("another instance's events are not told, from whatever place", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const other = yield* (yield* Fixture).instance
        yield* Life.send(other)
        const place = (yield* follow(other)).next
        yield* Life.send(other)
        assert.deepStrictEqual((yield* follow(instance)).events, [])
        assert.deepStrictEqual((yield* follow(instance, place)).events, [])
      }).pipe(Life.inOwnTime)
    )

    it.effect("a cursor that the feed did not make is refused", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const feed = yield* EventFeed
        for (const text of ["x", "1.", "-1", "1.2.3", " 1", "99999999999999999999999", "%00", "0x10.1", "1e3"]) {
          const error = yield* Effect.flip(feed.read(instance.id, FeedCursor.make(text), 10))
          assert.strictEqual(error._tag, "InvalidCursor", text)
        }
      }).pipe(Life.inOwnTime)
    )

    it.effect("what is old is forgotten from the front; places behind it lead to what is left", () =>
      Effect.gen(function* () {
        const instance = yield* begin
        const feed = yield* EventFeed
        yield* Life.send(instance)
        yield* Life.send(instance)
        const first = yield* feed.read(instance.id, undefined, 1)
        yield* TestClock.adjust("1 hour")
        const kept = yield* Life.send(instance)
        const last = yield* follow(instance)
        assert.strictEqual(yield* feed.forget(start), 0)
        assert.isAtLeast(yield* feed.forget(DateTime.add(start, { minutes: 1 })), 2)
        assert.strictEqual(yield* feed.forget(DateTime.add(start, { minutes: 1 })), 0)
        for (const cursor of [undefined, first.next]) {
          assert.deepStrictEqual(
            (yield* follow(instance, cursor)).events.map(({ data }) => data["message_id"]),
            [kept.messageId]
          )
        }
        assert.deepStrictEqual((yield* follow(instance, last.next)).events, [])
      }).pipe(Life.inOwnTime)
    )
  })
