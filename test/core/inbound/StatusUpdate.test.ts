import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { onlyOf, onlyUpdate } from "./Reading.ts"
import { customer, newsOf, payloadOf, displayNumber, phoneNumberId, wabaId } from "./samples/envelope.ts"
import { withoutNumber } from "./samples/messages.ts"
import { attemptId, statuses, throttled } from "./samples/statuses.ts"

const readStatus = (status: unknown) => onlyOf("Status", payloadOf(newsOf({ statuses: [status] })))

describe("a status", () => {
  it("belongs to the business number of its metadata and counts once per message and status", () => {
    const { at, key, route } = onlyUpdate(payloadOf(newsOf({ statuses: [statuses.delivered] })))
    assert.deepStrictEqual(route, { _tag: "Number", phoneNumberId, wabaId, displayNumber })
    assert.strictEqual(key, "status:wamid.OUT_1:delivered")
    assert.deepStrictEqual(at, DateTime.makeUnsafe("2026-09-21T14:13:23Z"))
  })

  it.each(["sent", "delivered", "read", "played", "failed"] as const)("may be %s", (name) => {
    assert.strictEqual(readStatus(statuses[name]).status, name)
  })

  it("leads back to the attempt that sent the message", () => {
    assert.strictEqual(readStatus(statuses.sent).attemptId, attemptId)
  })

  it.each([["gw:job:1"], ["0199c3a0-52f1-4c3e-9d7a-3f1b8a6d2c44"], [17], [{}]])(
    "with another's callback data (%j) leads to no attempt, and still counts",
    (data) => {
      assert.isUndefined(readStatus({ ...statuses.sent, biz_opaque_callback_data: data }).attemptId)
    }
  )

  it("names the recipient as WhatsApp does, which may lack the ninth digit, and by user id", () => {
    const { recipient } = readStatus(statuses.delivered)
    assert.deepStrictEqual(
      [recipient?.phone, recipient?.waId, recipient?.userId, recipient?.profileName],
      [undefined, customer.waId, customer.userId, "Joana Prado"]
    )
  })

  it("may name a recipient without a number", () => {
    const payload = payloadOf(newsOf({ contacts: [withoutNumber.contact], statuses: [statuses.withoutNumber] }))
    const { recipient } = onlyOf("Status", payload)
    assert.deepStrictEqual(
      [recipient?.waId, recipient?.userId, recipient?.parentUserId, recipient?.username],
      [undefined, "BR.9920001112223334", "BR.ENT.5510009998887", "lia.souza"]
    )
  })

  it("may name no recipient at all", () => {
    const { recipient_id: _, ...anonymous } = statuses.failed
    assert.isUndefined(onlyOf("Status", payloadOf(newsOf({ contacts: [], statuses: [anonymous] }))).recipient)
  })

  it("tells the price by category and type, in old versions too, and the conversation where there is one", () => {
    assert.deepStrictEqual(readStatus(statuses.sent).pricing, {
      billable: true,
      model: "PMP",
      type: "regular",
      category: "utility"
    })
    const { conversation } = readStatus(statuses.free)
    assert.deepStrictEqual(conversation?.expiresAt, DateTime.makeUnsafe("2026-09-24T14:13:20Z").pipe(DateTime.toUtc))
    assert.deepStrictEqual(
      readStatus({ ...statuses.sent, pricing: { pricing_model: "CBP", billable: false } }).pricing,
      {
        model: "CBP",
        billable: false
      }
    )
  })

  it("that is a failure tells Meta's reasons", () => {
    const [error] = readStatus(statuses.failed).errors
    assert.deepStrictEqual(
      [error?.code, error?.title, error?.details],
      [131026, "Message undeliverable", "Message Undeliverable."]
    )
  })

  it.each([
    ["nothing but a code", { code: 131026 }, [131026, undefined, undefined]],
    ["a message for a title", { code: 1, message: "Unknown" }, [1, "Unknown", undefined]],
    ["details as text", { code: 1, title: "t", error_data: "porque sim" }, [1, "t", "porque sim"]],
    ["details of no known form", { code: 1, title: 5, error_data: [1] }, [1, undefined, undefined]]
  ])("takes an error of %s", (_, error, expected) => {
    const [read] = readStatus({ ...statuses.failed, errors: [error] }).errors
    assert.deepStrictEqual([read?.code, read?.title, read?.details], expected)
  })
})

describe("an error of the number", () => {
  it("belongs to no message and has no time", () => {
    const { at, key, route, update } = onlyUpdate(payloadOf(newsOf({ errors: [throttled] })))
    assert.strictEqual(update._tag === "NumberError" && update.error.code, 130429)
    assert.isUndefined(at)
    assert.deepStrictEqual(route, { _tag: "Number", phoneNumberId, wabaId, displayNumber })
    assert.isTrue(key.startsWith(`error:${phoneNumberId}:{`))
  })
})
