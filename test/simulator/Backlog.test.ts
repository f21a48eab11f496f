import { assert, it } from "@effect/vitest"
import { DateTime, Deferred, Effect } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import * as BusinessNumbers from "../../adapters/simulator/BusinessNumbers.ts"
import * as Callback from "../../adapters/simulator/Callback.ts"
import * as Chance from "../../adapters/simulator/Chance.ts"
import * as EntryPoints from "../../adapters/simulator/EntryPoints.ts"
import * as Ids from "../../adapters/simulator/Ids.ts"
import * as Ledger from "../../adapters/simulator/Ledger.ts"
import type { Outbox } from "../../adapters/simulator/Outbox.ts"
import * as People from "../../adapters/simulator/People.ts"
import * as Statuses from "../../adapters/simulator/Statuses.ts"
import * as Templates from "../../adapters/simulator/Templates.ts"
import { usual } from "../../adapters/simulator/WebhookBehaviour.ts"
import { secret } from "./Receiver.ts"
import { phoneNumberId, temporaryFolder } from "./RunningSimulator.ts"

/** Follows three messages at a time. What it tells is noted, and over once `receive` is called. */
const small = Effect.gen(function* () {
  const ledger = yield* Ledger.make(join(yield* temporaryFolder, "ledger.jsonl"))
  const received = Deferred.makeUnsafe<void>()
  const labels: Array<string> = []
  const offer: Outbox["offer"] = ({ label }) =>
    Effect.sync(() => {
      labels.push(label)
      return { tried: Effect.void, over: Deferred.await(received) }
    })
  const statuses = yield* Statuses.make(
    {
      ledger,
      outbox: { offer, offerNow: offer, release: Effect.succeed(0), held: () => 0 },
      callback: Callback.make({ url: "http://127.0.0.1/", appSecret: secret }),
      behaviour: () => usual,
      chance: Chance.make("seed"),
      numbers: BusinessNumbers.make({}, []),
      people: People.make(),
      entryPoints: EntryPoints.make((key) => key),
      templates: Templates.make(Ids.make("seed", 0), "accept")
    },
    3
  )
  const send = Effect.fnUntraced(function* (wamid: string, to = "5511978049825") {
    const at = DateTime.formatIso(yield* DateTime.now)
    const sent = { wamid, to, attempt_id: null, phone_number_id: phoneNumberId, at, body: { type: "text" } }
    yield* statuses.follow(sent, yield* ledger.append(sent))
  })
  return { labels, ledger, receive: Deferred.succeed(received, undefined), send, statuses }
})

const wamids = ["one", "two", "three", "four", "five", "six", "seven", "eight"]

it.effect("Messages beyond those that are followed wait in the ledger, and none of their statuses is lost", () =>
  Effect.gen(function* () {
    const { labels, receive, send, statuses } = yield* small
    for (const wamid of wamids) yield* send(wamid)
    assert.strictEqual(statuses.pending(), 8)
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(labels.length, 9)
    yield* receive
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(statuses.pending(), 0)
    assert.deepStrictEqual(
      labels.toSorted(),
      wamids.flatMap((wamid) => ["sent", "delivered", "read"].map((status) => `${status} ${wamid}`)).toSorted()
    )
    yield* send("after")
    assert.strictEqual(statuses.pending(), 1)
  })
)

it.effect("Messages that wait in the ledger are gone when it is cleared", () =>
  Effect.gen(function* () {
    const { ledger, receive, send, statuses } = yield* small
    for (const wamid of wamids) yield* send(wamid)
    yield* ledger.clear
    statuses.ledgerCleared()
    assert.strictEqual(statuses.pending(), 3)
    yield* receive
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(statuses.pending(), 0)
  })
)

it.effect("Thousands in the ledger of whom nothing is told are soon done with", () =>
  Effect.gen(function* () {
    const { receive, send, statuses } = yield* small
    for (const wamid of wamids.slice(0, 3)) yield* send(wamid)
    for (let count = 0; count < 20_000; count += 1) yield* send(`silent ${count}`, "5511993000002")
    assert.strictEqual(statuses.pending(), 20_003)
    yield* receive
    yield* TestClock.adjust("1 minute")
    yield* Effect.repeat(Effect.yieldNow, { until: () => statuses.pending() === 0 })
  })
)
