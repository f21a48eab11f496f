import { assert, describe, it } from "@effect/vitest"
import { entryOf, errorCodes } from "../../../core/failure/Catalogue.ts"

const nothingWasSent = "Nada foi enviado."

describe("the error catalogue", () => {
  it.each(errorCodes)("%s is complete: a status, a sentence in Portuguese, what to do", (code) => {
    const { action, message, status } = entryOf(code)
    assert.match(code, /^[a-z]+(?:_[a-z]+)*$/u)
    assert.include([400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 502, 503, 504], status)
    for (const sentence of [message, action]) {
      assert.match(sentence, /^\p{Lu}/u)
      assert.match(sentence, /[.}]$/u)
    }
  })

  it("says of every failure of a send that is worth repeating that nothing was sent, or that the original still runs", () => {
    const silent = errorCodes.filter((code) => {
      const { message, retryable } = entryOf(code)
      return retryable && !message.endsWith(nothingWasSent)
    })
    assert.deepStrictEqual(silent, ["media_pending", "media_store_unavailable", "idempotency_key_running"])
  })

  it("says of all that Meta refused that nothing was sent", () => {
    for (const code of errorCodes.filter((code) => code.startsWith("meta_"))) {
      assert.isTrue(entryOf(code).message.endsWith(nothingWasSent), code)
    }
  })

  it("never invites to repeat what may have been sent", () => {
    const { action, message, retryable, status } = entryOf("outcome_unknown")
    assert.deepStrictEqual({ status, retryable }, { status: 504, retryable: false })
    assert.notInclude(message, nothingWasSent)
    assert.match(action, /^Não repita/u)
  })

  it("invites to repeat only what a 409, 429 or 503 announces, or a 404 what is not there yet", () => {
    const statuses = errorCodes.filter((code) => entryOf(code).retryable).map((code) => entryOf(code).status)
    assert.deepStrictEqual(
      [...new Set(statuses)].toSorted((one, other) => one - other),
      [404, 409, 429, 503]
    )
  })
})
