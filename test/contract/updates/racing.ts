import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { Updates } from "../../../core/inbound/Updates.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { Traces } from "../Traces.ts"
import { Fixture, Peer } from "../Fixture.ts"
import { reservationIn, settlementOf, toNumber } from "../sends/Example.ts"
import {
  acceptedAs,
  entryOf,
  eventsOf,
  itIs,
  payloadOf,
  PeerUpdates,
  post,
  sent,
  statusOf,
  survivors,
  textOf,
  type UpdatesIt,
  workThrough
} from "./Desk.ts"

const at = { concurrency: "unbounded" } as const

/** Mobiles of DDD 11, each with a twin. */
const numberOf = (n: number): string => `55119${String(70_000_000 + n)}`
const twinOf = (n: number): string => `5511${String(70_000_000 + n)}`

/** A worker that goes on until it finds nothing, whoever else is at it. */
const worker = Effect.fnUntraced(function* (updates: Updates["Service"]) {
  let payloads = 0
  let idle = 0
  while (idle < 3) {
    const worked = yield* updates.workThrough(yield* DateTime.now)
    payloads += worked.payloads
    idle = worked.payloads === 0 ? idle + 1 : 0
    yield* Effect.yieldNow
  }
  return payloads
})

/** Several at once. */
export const racing = (it: UpdatesIt) => {
  it.effect("two workers at once count everything once", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const sends = yield* Effect.forEach(Array.from({ length: 60 }), () => sent(instance.id), at)
      const statuses = sends.flatMap((send) => [statusOf(send, "sent", 1), statusOf(send, "delivered", 2)])
      const posts = [
        ...statuses.map((status) => ({ statuses: [status] })),
        ...sends.map((_, n) => ({ messages: [textOf(`wamid.race${n}`, { from: numberOf(n % 7) }, n)] }))
      ]
      const all = [...posts, ...posts]
      yield* Effect.forEach(all, (lists) => post(payloadOf(entryOf(instance, lists))), at)
      const [ours, theirs] = yield* Effect.all([worker(yield* Updates), worker(yield* PeerUpdates)], at)
      const rest = yield* worker(yield* Updates)
      assert.strictEqual(ours + theirs + rest, all.length)
      const states = yield* Effect.forEach(sends, ({ messageId }) => traces.heard(messageId))
      assert.isTrue(states.every(({ state, statuses }) => state?.status === "delivered" && statuses.length === 2))
      assert.strictEqual((yield* traces.inbound(instance.id)).length, sends.length)
      const events = (yield* traces.events(instance.id)).map(({ id }) => id)
      assert.strictEqual(new Set(events).size, events.length)
      assert.strictEqual(events.length, 4 * sends.length)
    })
  )

  it.effect("people who write while two processes send to them are one contact each, with one open conversation", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const processes = [yield* Sends, yield* Peer]
      const people = 40
      for (let round = 0; round < 4; round++) {
        const numbers = Array.from({ length: people }, (_, n) => round * 20 + n)
        const order = round % 2 === 0 ? numbers : numbers.toReversed()
        const send = Effect.fnUntraced(function* (through: Sends["Service"], n: number) {
          const reservation = yield* reservationIn(instance.id, { recipient: toNumber(numberOf(n), `Pessoa ${n}`) })
          yield* through.reserve(reservation)
          const outcome = acceptedAs(`wamid.${reservation.messageId}`)
          yield* through.settle(yield* settlementOf(reservation, outcome, { contactName: `Cliente ${n}` }))
          return { ...reservation, wamid: `wamid.${reservation.messageId}` }
        })
        const write = Effect.gen(function* () {
          for (const n of order.toReversed()) {
            const messages = [textOf(`wamid.W${round}_${n}`, { from: twinOf(n), from_user_id: `BR.${n}x` }, n)]
            yield* post(payloadOf(entryOf(instance, { messages })))
            if (n % 5 === 0) yield* worker(yield* Updates)
          }
          return yield* worker(yield* Updates)
        })
        const sending = processes.map((through, index) =>
          Effect.forEach(index === 0 ? order : order.toReversed(), (n) => send(through, n), { concurrency: 16 })
        )
        yield* Effect.all([write, ...sending], at)
      }
      yield* workThrough
      const known = yield* survivors(instance.id)
      assert.strictEqual(known.length, 3 * 20 + people)
      assert.strictEqual(new Set(known.map(({ userId }) => userId)).size, known.length)
      assert.strictEqual((yield* traces.inbound(instance.id)).length, 4 * people)
      for (const { id, name } of known) {
        assert.match(name ?? "", /^Cliente /u)
        assert.strictEqual((yield* fixture.conversations(id)).filter(({ open }) => open).length, 1)
      }
      const events = (yield* eventsOf(instance.id)).map(String)
      assert.strictEqual(new Set(events).size, events.length)
    })
  )

  it.effect("statuses that overtake the end of their own send are applied whichever comes first", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const sends = yield* Sends
      const instance = yield* (yield* Fixture).instance
      const reservations = yield* Effect.forEach(Array.from({ length: 80 }), () => reservationIn(instance.id), at)
      yield* Effect.forEach(reservations, sends.reserve, at)
      const named = reservations.map((send) => ({ ...send, wamid: `wamid.OUT_${send.messageId}` }))
      const finish = Effect.forEach(
        named,
        (send) => Effect.flatMap(settlementOf(send, acceptedAs(send.wamid)), sends.settle),
        { concurrency: 8 }
      )
      const hear = Effect.gen(function* () {
        for (const send of named) yield* post(payloadOf(entryOf(instance, { statuses: [statusOf(send, "sent", 1)] })))
        yield* worker(yield* Updates)
      })
      yield* Effect.all([finish, hear], at)
      yield* workThrough
      for (const { messageId } of named) {
        const { state, statuses } = yield* traces.heard(messageId)
        assert.deepStrictEqual([state?.status, statuses.length], ["sent", 1])
      }
      assert.strictEqual((yield* eventsOf(instance.id)).length, 160)
    })
  )
}
