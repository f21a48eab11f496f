import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { twin } from "../../../core/contact/BrazilianNumber.ts"
import { example, fault, identityKey, PhoneNumber } from "../../../core/contact/PhoneNumber.ts"

const Brazilian = Schema.String.check(Schema.isPattern(/^55(?:11|21|47|61|99)(?:9[0-9]{8}|[2-9][0-9]{7})$/u))

describe("PhoneNumber", () => {
  it.each([
    ["Brazil, mobile", "5511978049825"],
    ["Brazil, mobile without its ninth digit", "551178049825"],
    ["Brazil, landline", "551133334444"],
    ["United States", "14155552671"],
    ["Portugal", "351912345678"],
    ["Argentina, mobile", "5491123456789"],
    ["Mexico", "525512345678"]
  ])("takes a number of %s", (_, digits) => {
    assert.isUndefined(fault(digits))
  })

  it.each([
    ["a plus sign", "+5511978049825", "not_digits"],
    ["spaces", "55 11 97804-9825", "not_digits"],
    ["a space at the end", "5511978049825 ", "not_digits"],
    ["a line break at the end", "5511978049825\n", "not_digits"],
    ["a NUL", "5511978049825\u0000", "not_digits"],
    ["letters", "551197804982a", "not_digits"],
    ["digits of another script", "٥٥١١٩٧٨٠٤٩٨٢٥", "not_digits"],
    ["full-width digits", "５５11978049825", "not_digits"],
    ["an exponent", "5e12", "not_digits"],
    ["nothing", "", "not_digits"],
    ["seven digits", "1415555", "length"],
    ["sixteen digits", "1415555267112345", "length"],
    ["a leading zero", "011978049825", "length"],
    ["Brazil without an area code", "55978049825", "length"],
    ["Brazil with a digit too many", "55119780498255", "length"],
    ["an area code that does not exist", "5520978049825", "area_code"],
    ["nine digits that do not begin with 9", "5511878049825", "subscriber"],
    ["eight digits that begin with 1", "551113334444", "subscriber"],
    ["a length that the country does not have", "141555526711", "impossible"],
    ["a country code that does not exist", "99912345678", "impossible"]
  ] as const)("refuses %s", (_, input, reason) => {
    assert.strictEqual(fault(input), reason)
  })

  it("explains itself with an example that is right", () => {
    assert.isUndefined(fault(example))
  })

  it.prop(
    "what it takes is a phone number, and what is none it does not take",
    [Schema.String.check(Schema.isPattern(/^[0-9]{6,17}$/u))],
    ([input]) => {
      if (fault(input) === undefined) assert.isTrue(Schema.is(PhoneNumber)(input))
      if (!Schema.is(PhoneNumber)(input)) assert.isDefined(fault(input))
    }
  )

  it.prop("takes every Brazilian number that can exist", [Brazilian], ([digits]) => {
    assert.isUndefined(fault(digits))
  })

  describe("identityKey", () => {
    it("is the number with its ninth digit", () => {
      assert.strictEqual(identityKey(PhoneNumber.make("556187654321")), "5561987654321")
      assert.strictEqual(identityKey(PhoneNumber.make("5561987654321")), "5561987654321")
    })

    it.prop("is one for a number and its twin", [Brazilian], ([digits]) => {
      const other = twin(digits)
      if (other !== undefined) {
        assert.strictEqual(identityKey(PhoneNumber.make(digits)), identityKey(PhoneNumber.make(other)))
      }
    })

    it.prop("is a number under which the same person is found", [Brazilian], ([digits]) => {
      const key = PhoneNumber.make(identityKey(PhoneNumber.make(digits)))
      assert.strictEqual(identityKey(key), key)
      assert.isTrue(key === digits || key === twin(digits))
    })

    it.each(["551133334444", "14155552671", "351912345678", "5520978049825", "556133334444"])(
      "of %s, which has no twin, is the number itself",
      (digits) => {
        assert.strictEqual(identityKey(PhoneNumber.make(digits)), digits)
      }
    )
  })
})
