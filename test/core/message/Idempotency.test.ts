import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { failure } from "../../../core/failure/Failure.ts"
import { abandonedAfter, answer } from "../../../core/message/Idempotency.ts"
import { MessageId } from "../../../core/message/Message.ts"
import type { Earlier } from "../../../core/message/Sends.ts"

const reservedAt = DateTime.makeUnsafe("2026-03-01T12:00:00Z")

const reserved: Earlier = {
  bodyHash: "b0d1",
  requestId: "original",
  messageId: MessageId.make("01890000-0000-7000-8000-000000000001"),
  contactId: ContactId.make(53),
  reservedAt,
  status: "reserved",
  kind: "template",
  wamid: undefined,
  failure: undefined
}

const request = { requestId: "repetition", bodyHash: "b0d1" }

const after = (milliseconds: number) => DateTime.add(reservedAt, { milliseconds })

const ids = { messageId: reserved.messageId, contactId: reserved.contactId }

describe("a request that finds an earlier one under its key", () => {
  it("gives the acceptance again, as an answer of the original request", () => {
    for (const status of ["accepted", "held"] as const) {
      assert.deepStrictEqual(answer({ ...reserved, status, wamid: "wamid.A" }, request, after(1)), {
        requestId: "original",
        replayed: true,
        ...ids,
        result: { _tag: "Sent", wamid: "wamid.A", kind: "template" }
      })
    }
  })

  it("gives the failure again, word for word", () => {
    const stored = failure("meta_rejected", { message: "Como foi dito." })
    assert.deepStrictEqual(answer({ ...reserved, status: "failed", failure: stored }, request, after(1)), {
      requestId: "original",
      replayed: true,
      ...ids,
      result: { _tag: "NotSent", failure: stored }
    })
  })

  it("gives a 504 again while the outcome is unknown", () => {
    const report = answer({ ...reserved, status: "unknown" }, request, after(1))
    assert.isTrue(report.replayed)
    assert.strictEqual(report.result._tag === "NotSent" ? report.result.failure.code : "", "outcome_unknown")
  })

  it.each([
    [0, 30],
    [1, 30],
    [1000, 29],
    [29_000, 1],
    [29_999, 1]
  ])("waits for one that may be running: %i ms after its reservation, %i s more", (elapsed, retryAfter) => {
    const report = answer(reserved, request, after(elapsed))
    assert.deepStrictEqual(report, {
      requestId: "repetition",
      replayed: false,
      ...ids,
      result: { _tag: "NotSent", failure: failure("idempotency_key_running", { retryAfter }) }
    })
  })

  it("takes it for dead once its deadline and a margin have passed: whether it sent is unknown", () => {
    for (const elapsed of [30_000, 60_000, 72 * 3_600_000]) {
      assert.deepStrictEqual(answer(reserved, request, after(elapsed)), {
        requestId: "original",
        replayed: true,
        ...ids,
        result: { _tag: "NotSent", failure: failure("outcome_unknown") }
      })
    }
  })

  it("asks for another key where the body is another, and tells nothing of the original", () => {
    for (const status of ["reserved", "accepted", "failed", "unknown"] as const) {
      const report = answer({ ...reserved, status }, { ...request, bodyHash: "0ther" }, after(1))
      assert.deepStrictEqual(report, {
        requestId: "repetition",
        replayed: false,
        messageId: undefined,
        contactId: undefined,
        result: { _tag: "NotSent", failure: failure("idempotency_key_reused") }
      })
    }
  })

  it.prop(
    "is told to come back no later than the original can be alive, and is then not told so again",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40_000 }))],
    ([elapsed]) => {
      const { result } = answer(reserved, request, after(elapsed))
      const told = result._tag === "NotSent" ? result.failure.retryAfter : undefined
      assert.strictEqual(
        told !== undefined,
        DateTime.isLessThan(after(elapsed), DateTime.addDuration(reservedAt, abandonedAfter))
      )
      if (told !== undefined) {
        const back = answer(reserved, request, after(elapsed + told * 1000))
        assert.strictEqual(back.result._tag === "NotSent" ? back.result.failure.code : "", "outcome_unknown")
      }
    }
  )
})
