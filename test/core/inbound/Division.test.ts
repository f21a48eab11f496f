/** However Meta divides its news among requests, and in whatever order statuses come: the state is the same. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import { Buffer } from "node:buffer"
import * as Memory from "../../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../../adapters/memory/MemorySetup.ts"
import { World } from "../../../adapters/memory/World.ts"
import { identityKey, PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { Inbox } from "../../../core/inbound/Inbox.ts"
import { Updates } from "../../../core/inbound/Updates.ts"
import { MessageIds } from "../../../core/message/MessageIds.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { view } from "../../../core/message/StatusHistory.ts"
import { newsOf, payloadOf, phoneNumberId, wabaId } from "./samples/envelope.ts"

const people = ["556187654321", "5511978049825", "552133334444"] as const

const textOf = (from: string, nth: number, body: string) => ({
  list: "messages",
  item: { id: `wamid.IN_${from}_${nth}`, from, timestamp: String(1_790_000_100 + nth), type: "text", text: { body } }
})

const statusOf = (nth: number, status: string, timestamp: number) => ({
  list: "statuses",
  item: { id: `wamid.OUT_${nth}`, status, timestamp: String(timestamp) }
})

const texts = people.flatMap((from) => ["Oi", "PARAR", "Quero saber"].map((body, nth) => textOf(from, nth, body)))
const statuses = people.flatMap((_, nth) => [
  statusOf(nth, "sent", 1_790_000_001),
  statusOf(nth, "delivered", 1_790_000_002),
  statusOf(nth, "delivered", 1_790_000_002),
  statusOf(nth, nth === 1 ? "failed" : "read", 1_790_000_003)
])

type News = (typeof texts)[number] | (typeof statuses)[number]

/** Sends one message to each, then hears the news in these requests. What is compared has no ids of ours in it. */
const stateAfter = (requests: ReadonlyArray<ReadonlyArray<News>>) =>
  Effect.gen(function* () {
    const setup = yield* MemorySetup
    const { id: instanceId } = yield* setup.addInstance({ phoneNumberId, wabaId })
    const sends = yield* Sends
    const ids = yield* MessageIds
    for (const [nth, digits] of people.entries()) {
      const number = PhoneNumber.make(digits)
      const names = { messageId: yield* ids.message, attemptId: yield* ids.attempt, instanceId }
      const at = yield* DateTime.now
      yield* sends.reserve({
        ...names,
        revision: undefined,
        marketing: false,
        recipient: { _tag: "Number", number, identityKey: identityKey(number), name: undefined },
        queueId: undefined,
        statusId: undefined,
        record: {
          kind: "text",
          text: "Olá!",
          mediaUrl: undefined,
          templateId: undefined,
          campaignId: undefined,
          variables: undefined
        },
        idempotency: undefined,
        at
      })
      const outcome = { _tag: "Accepted", wamid: `wamid.OUT_${nth}`, waId: undefined, held: false } as const
      yield* sends.settle({
        ...names,
        outcome,
        contactName: undefined,
        queueId: undefined,
        statusId: undefined,
        calls: 1,
        at
      })
    }
    const inbox = yield* Inbox
    const updates = yield* Updates
    for (const request of requests) {
      const lists = Map.groupBy(request, ({ list }) => list)
      const items = [...lists].map(([list, news]) => [list, news.map(({ item }) => item)] as const)
      const payload = payloadOf({ ...newsOf({ ...Object.fromEntries(items), contacts: [] }) })
      yield* inbox.keep({
        source: "meta",
        body: Buffer.from(JSON.stringify(payload)),
        receivedAt: yield* DateTime.now
      })
      yield* updates.workThrough(yield* DateTime.now)
    }
    const world = yield* World
    return {
      messages: [...world.messages.values()].map(({ id }) => {
        const { status, timeline } = view(world.heard.get(id) ?? [])
        return {
          status,
          timeline: timeline.map((entry) => [entry.status, DateTime.formatIso(entry.at), entry.conflict])
        }
      }),
      people: [...world.contacts.values()].map(({ consents = [], contact, keys = [] }) => ({
        number: contact.number,
        lastInboundAt: contact.lastInboundAt,
        keys: keys.map(({ kind, value }) => `${kind} ${value}`).toSorted(),
        consents: consents.map(({ at, intent }) => `${intent} ${DateTime.formatIso(at)}`)
      })),
      conversations: world.conversations.size,
      inbound: [...world.inbound.values()].map(({ text, wamid }) => `${wamid} ${text}`).toSorted(),
      events: world.events
        .map(({ at, type }) => (type === "message.accepted" ? type : `${type} ${DateTime.formatIso(at)}`))
        .toSorted()
    }
  }).pipe(Effect.provide(Memory.layer))

const whole = [[...texts, ...statuses]]

describe("news of a business", () => {
  it.effect.prop(
    "come to the same in one request and in any number, with statuses in any order",
    {
      cuts: Schema.Array(Schema.Boolean).check(Schema.isMinLength(1), Schema.isMaxLength(30)),
      order: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))).check(
        Schema.isMinLength(12),
        Schema.isMaxLength(12)
      )
    },
    ({ cuts, order }) =>
      Effect.gen(function* () {
        const shuffled = statuses
          .map((news, nth) => ({ news, place: order[nth] ?? 0 }))
          .toSorted((one, other) => one.place - other.place)
          .map(({ news }) => news)
        const requests: Array<Array<News>> = [[]]
        for (const [nth, news] of [...texts, ...shuffled].entries()) {
          if (cuts[nth % cuts.length] === true) requests.push([])
          requests.at(-1)?.push(news)
        }
        assert.deepStrictEqual(yield* stateAfter(requests), yield* stateAfter(whole))
      })
  )

  it.effect("are all of them heard", () =>
    Effect.gen(function* () {
      const { events, inbound, messages } = yield* stateAfter(whole)
      assert.deepStrictEqual(
        messages.map(({ status }) => status),
        ["read", "delivered", "read"]
      )
      assert.strictEqual(inbound.length, texts.length)
      // Accepted, three statuses and three texts each, and one refusal.
      assert.strictEqual(events.length, people.length * 8)
    })
  )
})
