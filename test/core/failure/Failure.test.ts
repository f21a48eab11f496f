import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { entryOf, errorCodes } from "../../../core/failure/Catalogue.ts"
import { Failure, failure, statusOf } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"

const toJson = Schema.encodeSync(Schema.fromJsonString(Failure))
const fromJson = Schema.decodeUnknownSync(Schema.fromJsonString(Failure))

describe("a failure", () => {
  it.each(errorCodes)("of code %s speaks by the catalogue", (code) => {
    const made = failure(code)
    const { message, retryable, status } = entryOf(code)
    assert.deepStrictEqual([made.message, made.retryable, statusOf(made)], [message, retryable, status])
  })

  it("tells what went wrong in this very case, and keeps the rest", () => {
    const made = failure("invalid_variable", { message: 'A variável "nome" está em branco.', field: "variables.nome" })
    assert.strictEqual(made.message, 'A variável "nome" está em branco.')
    assert.strictEqual(made.field, "variables.nome")
    assert.isFalse(made.retryable)
  })

  it("is stored and read again whole", () => {
    const meta = new MetaError({ code: 131049, subcode: 7, title: "título", details: "detalhe", fbtrace_id: "A1" })
    const whole = failure("meta_refused_until", { field: "number", retryAfter: 86_400, meta })
    const read = fromJson(toJson(whole))
    assert.instanceOf(read, Failure)
    assert.strictEqual(toJson(read), toJson(whole))
    assert.deepStrictEqual(read.meta, meta)
  })

  it("stored without what is optional, has none of it when it is read", () => {
    const read = fromJson(toJson(failure("meta_rejected", { meta: new MetaError({ code: 100 }) })))
    assert.isFalse(Object.hasOwn(read, "field") || Object.hasOwn(read, "retryAfter"))
    assert.deepStrictEqual(Object.keys(read.meta ?? {}), ["code"])
  })

  it("with a code that the catalogue has lost is not read as if it were known", () => {
    const stored = JSON.stringify({ _tag: "Failure", code: "no_such_code", message: "?", retryable: false })
    assert.throws(() => fromJson(stored))
  })
})
