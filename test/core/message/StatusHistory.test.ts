import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { failure } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import { knownCodes } from "../../../core/failure/MetaErrorTable.ts"
import {
  type CurrentStatus,
  DeliveryStatus,
  failureOf,
  type HistoryEvent,
  type OutcomeEvent,
  type Pricing,
  type StatusEvent,
  view
} from "../../../core/message/StatusHistory.ts"

const start = DateTime.makeUnsafe("2026-09-21T14:13:20Z")

const after = (seconds: number) => DateTime.add(start, { seconds })

const told = (
  status: DeliveryStatus,
  seconds: number,
  more: { readonly codes?: ReadonlyArray<number>; readonly pricing?: Pricing; readonly received?: number } = {}
): StatusEvent => ({
  _tag: "Status",
  status,
  at: after(seconds),
  receivedAt: after(more.received ?? seconds + 1),
  errors: (more.codes ?? []).map((code) => new MetaError({ code })),
  pricing: more.pricing
})

const ours = (status: OutcomeEvent["status"], millis = 0): OutcomeEvent => ({
  _tag: "Outcome",
  status,
  at: DateTime.add(start, { milliseconds: millis }),
  failure: status === "failed" ? failure("meta_account") : undefined
})

const utility: Pricing = { type: "regular", category: "utility", billable: true }

const Seconds = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))

/** Anything that can be heard of a message, times and contents that collide included. */
const AnyEvent = Schema.Union([
  Schema.Struct({ ours: Schema.Literals(["accepted", "held", "failed", "unknown"]), seconds: Seconds }),
  Schema.Struct({
    meta: DeliveryStatus,
    seconds: Seconds,
    received: Seconds,
    codes: Schema.Array(Schema.Literals([131026, 131049])).check(Schema.isMaxLength(2)),
    category: Schema.Literals(["utility", "service", "none"])
  })
])

const eventOf = (any: typeof AnyEvent.Type): HistoryEvent =>
  "ours" in any
    ? ours(any.ours, any.seconds * 500)
    : told(any.meta, any.seconds, {
        codes: any.codes,
        received: any.received,
        ...(any.category !== "none" && { pricing: { type: "regular", category: any.category } })
      })

const Events = Schema.Array(AnyEvent).check(Schema.isMaxLength(12))

/** One of the orders, with some repeated: whatever `picks` says. */
const shuffled = <A>(items: ReadonlyArray<A>, picks: ReadonlyArray<number>): ReadonlyArray<A> => {
  const rest = [...items]
  const taken: Array<A> = []
  for (const [turn, pick] of [...picks, ...items.map(() => 0)].entries()) {
    const [item] = rest.splice(pick % Math.max(rest.length, 1), 1)
    if (item !== undefined) taken.push(item)
    const again = taken[pick % Math.max(taken.length, 1)]
    if (turn % 2 === 1 && again !== undefined) taken.push(again)
  }
  return taken
}

const Picks = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 }))).check(
  Schema.isMaxLength(12)
)

/** The strongest first. */
const ranking: ReadonlyArray<{ readonly status: CurrentStatus; readonly event?: HistoryEvent }> = [
  { status: "played", event: told("played", 0) },
  { status: "read", event: told("read", 1) },
  { status: "delivered", event: told("delivered", 2) },
  { status: "failed", event: told("failed", 3, { codes: [131026] }) },
  { status: "sent", event: told("sent", 4) },
  { status: "accepted", event: ours("accepted", 5000) },
  { status: "held", event: ours("held", 6000) },
  { status: "unknown", event: ours("unknown", 7000) },
  { status: "reserved" }
]

describe("the view of a message", () => {
  it.each(ranking.map(({ status }, index) => [status, index] as const))(
    "is %s where nothing stronger was heard, whatever else was, and when",
    (status, index) => {
      const events = ranking.slice(index).flatMap(({ event }) => event ?? [])
      assert.strictEqual(view(events).status, status)
      assert.strictEqual(view(events.toReversed()).status, status)
    }
  )

  it.prop(
    "is one for any order of any events, each of which came any number of times",
    { events: Events, picks: Picks },
    ({ events, picks }) => {
      const heard = events.map(eventOf)
      assert.deepStrictEqual(view(shuffled(heard, picks)), view(heard))
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop("never falls back when more is heard", { events: Events }, ({ events }) => {
    const order = ranking.map(({ status }) => status)
    const heard = events.map(eventOf)
    for (let count = 1; count <= heard.length; count++) {
      const before = order.indexOf(view(heard.slice(0, count - 1)).status)
      assert.isAtMost(order.indexOf(view(heard.slice(0, count)).status), before)
    }
  })

  it.prop("tells every status once for each of its two sources", { events: Events }, ({ events }) => {
    const heard = events.map(eventOf)
    const said = new Set(heard.map(({ _tag, status }) => `${_tag === "Outcome" ? "aidesk" : "meta"} ${status}`))
    assert.sameMembers(
      view(heard).timeline.map(({ source, status }) => `${source} ${status}`),
      [...said]
    )
  })

  it("of nothing is reserved", () => {
    assert.deepStrictEqual(view([]), {
      status: "reserved",
      at: undefined,
      failure: undefined,
      timeline: [],
      conflict: false,
      cost: undefined
    })
  })

  it("settles what was unknown as soon as Meta says anything", () => {
    assert.strictEqual(view([ours("unknown"), told("sent", 3)]).status, "sent")
    assert.strictEqual(view([told("failed", 3, { codes: [131026] }), ours("unknown")]).status, "failed")
  })

  it("says when its status began: the first time it was told", () => {
    assert.deepStrictEqual(view([told("read", 9), told("read", 7), told("delivered", 8)]).at, after(7))
  })
})

const statusesOf = (events: ReadonlyArray<HistoryEvent>) => view(events).timeline.map(({ status }) => status)

describe("the timeline", () => {
  it("goes by Meta's time, however late a webhook came", () => {
    const events = [told("read", 60), told("delivered", 5, { received: 300 }), told("sent", 2), ours("accepted", 1200)]
    assert.deepStrictEqual(statusesOf(events), ["accepted", "sent", "delivered", "read"])
  })

  it("goes by how things come about within one of Meta's seconds, ours of the same second included", () => {
    const events = [told("read", 0), told("delivered", 0), told("sent", 0), ours("accepted", 900)]
    assert.deepStrictEqual(statusesOf(events), ["accepted", "sent", "delivered", "read"])
  })

  it("tells of each of Meta's entries when it first came", () => {
    const [entry] = view([told("sent", 1, { received: 40 }), told("sent", 1, { received: 9 })]).timeline
    assert.deepStrictEqual([entry?.at, entry?.receivedAt], [after(1), after(9)])
  })

  it("keeps a failure beside a delivery, and calls it a conflict", () => {
    for (const status of ["delivered", "read", "played"] as const) {
      const {
        conflict,
        failure,
        status: current,
        timeline
      } = view([told("failed", 3, { codes: [131026] }), told(status, 4)])
      assert.deepStrictEqual([current, conflict, failure], [status, true, undefined])
      assert.deepStrictEqual(
        timeline.map((entry) => [entry.status, entry.conflict, entry.failure?.meta?.code]),
        [
          ["failed", true, 131026],
          [status, false, undefined]
        ]
      )
    }
  })

  it("knows no conflict in a failure of what was only sent", () => {
    const { conflict, status } = view([told("sent", 1), told("failed", 3)])
    assert.deepStrictEqual([status, conflict], ["failed", false])
  })
})

describe("the failure of a message", () => {
  it("is ours where our own call was refused", () => {
    assert.strictEqual(view([ours("failed")]).failure?.code, "meta_account")
  })

  it.each([
    [131026, "meta_rejected"],
    [131047, "meta_rejected"],
    [131049, "meta_refused_until"],
    [132015, "meta_refused_for_now"],
    [131042, "meta_account"],
    [130429, "meta_throttled"],
    [131016, "meta_busy"],
    [131000, "meta_rejected"],
    [999999, "meta_unrecognized"]
  ])("that Meta reports later, with code %i, is judged as one at once would be: %s", (code, expected) => {
    const { failure } = view([told("failed", 3, { codes: [code] })])
    assert.deepStrictEqual([failure?.code, failure?.meta?.code], [expected, code])
  })

  it("is a failure for every code that is known", () => {
    for (const code of knownCodes) assert.strictEqual(failureOf(new MetaError({ code })).meta?.code, code)
  })

  it("is not lost when the status comes again without its reason", () => {
    assert.strictEqual(view([told("failed", 3), told("failed", 3, { codes: [131026] })]).failure?.meta?.code, 131026)
  })
})

describe("the cost of a message", () => {
  it("is told by whichever status brings it", () => {
    assert.deepStrictEqual(view([told("read", 5, { pricing: utility }), told("sent", 1)]).cost, {
      category: "utility",
      type: "regular",
      billable: true
    })
    assert.isUndefined(view([told("read", 5), told("sent", 1)]).cost)
  })

  it("is the one of the later stage, where two differ", () => {
    const free: Pricing = { type: "free_customer_service", category: "service", billable: false }
    const events = [told("sent", 1, { pricing: utility }), told("delivered", 2, { pricing: free })]
    assert.deepStrictEqual(view(events).cost, { category: "service", type: "free_customer_service", billable: false })
  })

  it.each([
    ["regular", undefined, true],
    ["regular", false, true],
    ["free_customer_service", true, false],
    ["free_entry_point", undefined, false],
    [undefined, true, true],
    [undefined, undefined, undefined]
  ])("of type %s, called billable: %s, is billed: %s", (type, billable, billed) => {
    const pricing: Pricing = {
      category: "service",
      ...(type !== undefined && { type }),
      ...(billable !== undefined && { billable })
    }
    assert.strictEqual(view([told("sent", 1, { pricing })]).cost?.billable, billed)
  })
})
