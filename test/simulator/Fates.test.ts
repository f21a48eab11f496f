import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { FatedRecipient } from "../../adapters/simulator/MagicRecipients.ts"
import { fatedRecipients, magicRecipients } from "../../adapters/simulator/MagicRecipients.ts"
import { quiet, takeMany, telling } from "./Receiver.ts"
import { ledger, request, send } from "./RunningSimulator.ts"

const stepsOf = ({ fate }: FatedRecipient) => fate.map(({ code, status }) => ({ status, code }))

describe("The recipients whose messages are accepted first", () => {
  it("are possible Brazilian mobiles that are not magic otherwise, each told in Portuguese", () => {
    const numbers = [...magicRecipients, ...fatedRecipients].map(({ number }) => number)
    assert.strictEqual(new Set(numbers).size, numbers.length)
    for (const { description, number } of fatedRecipients) {
      assert.match(number, /^551199[13]\d{6}$/u)
      assert.match(description, /^envio aceito; /u)
    }
  })

  it("include every code that Meta is known to tell by webhook", () => {
    for (const code of [
      130403, 130429, 130472, 131000, 131026, 131031, 131042, 131047, 131048, 131049, 131050, 131053, 131056, 132015,
      137000
    ]) {
      const found = fatedRecipients.find(({ number }) => number === `5511991${code}`)
      assert.deepStrictEqual(found && stepsOf(found), [{ status: "failed", code }])
    }
  })

  it("include the courses that a message seldom takes", () => {
    const courses = fatedRecipients.filter(({ number }) => number.startsWith("5511993"))
    assert.deepStrictEqual(
      courses.map(({ fate }) => fate.map(({ status }) => status).join(" ")),
      ["sent", "", "sent delivered failed", "failed delivered", "sent delivered", "sent read"]
    )
  })
})

layer(telling())("A message to a fated recipient", (it) => {
  it.effect.each(fatedRecipients.map(({ number }) => number))("%s is accepted and takes its course", (number) =>
    Effect.gen(function* () {
      const steps = fatedRecipients.filter((recipient) => recipient.number === number).flatMap(stepsOf)
      assert.strictEqual((yield* send({ to: number, biz_opaque_callback_data: "a1" })).status, 200)
      assert.strictEqual((yield* ledger(`?to=${number}`)).count, 1)
      yield* TestClock.adjust("3 seconds")
      const updates = (yield* takeMany(steps.length)).flatMap((post) => post.updates)
      const told = updates.map((update) =>
        update._tag === "Status" ? { status: update.status, code: update.errors[0]?.code } : update
      )
      assert.deepStrictEqual(told, steps)
      yield* quiet
    })
  )

  it.effect("fails with code, title, details and the caller's own name for it, and without a user id", () =>
    Effect.gen(function* () {
      yield* send({ to: "5511991131049", biz_opaque_callback_data: "a2" })
      yield* TestClock.adjust("1 second")
      const [post] = yield* takeMany(1)
      assert.deepInclude(JSON.parse(post?.text ?? "null").entry[0].changes[0].value.statuses[0], {
        status: "failed",
        recipient_id: "5511991131049",
        biz_opaque_callback_data: "a2",
        errors: [
          {
            code: 131049,
            title: "Message not delivered to maintain healthy ecosystem engagement",
            message: "Message not delivered to maintain healthy ecosystem engagement",
            error_data: { details: "The message was not delivered to maintain healthy ecosystem engagement." },
            href: "/documentation/business-messaging/whatsapp/support/error-codes"
          }
        ]
      })
      assert.notInclude(post?.text, "user_id")
    })
  )

  it.effect("is listed with the others for whoever asks", () =>
    Effect.gen(function* () {
      const { json } = yield* request("GET", "/_simulator/recipients", undefined, {})
      assert.deepStrictEqual(json, { recipients: [...magicRecipients, ...fatedRecipients] })
    })
  )
})
