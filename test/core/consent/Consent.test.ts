import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import {
  changeIn,
  type ConsentChange,
  consentOf,
  ConsentSource,
  isOptedOut,
  refuses
} from "../../../core/consent/Consent.ts"
import { keywordsOf } from "../../../core/consent/Keywords.ts"
import { read } from "../../../core/inbound/Payload.ts"
import { management } from "../inbound/samples/management.ts"
import { newsOf, payloadOf } from "../inbound/samples/envelope.ts"
import { messages } from "../inbound/samples/messages.ts"
import { statuses } from "../inbound/samples/statuses.ts"

const at = DateTime.makeUnsafe("2026-09-21T14:13:20Z")

const stopped: ConsentChange = { intent: "opt_out", source: "keyword", at }
const resumed: ConsentChange = { intent: "opt_in", source: "keyword", at: DateTime.add(at, { hours: 1 }) }

const AnyChange = Schema.Struct({
  intent: Schema.Literals(["opt_out", "opt_in"]),
  source: ConsentSource,
  minutes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))
})

const changeOf = ({ intent, minutes, source }: typeof AnyChange.Type): ConsentChange => ({
  intent,
  source,
  at: DateTime.add(at, { minutes })
})

describe("consent", () => {
  it("is not refused by who said nothing", () => {
    assert.isFalse(isOptedOut(consentOf([])))
    assert.isFalse(refuses(consentOf([]), "MARKETING"))
  })

  it("is refused by an opt-out and given again by a later opt-in", () => {
    assert.isTrue(isOptedOut(consentOf([stopped])))
    assert.isFalse(isOptedOut(consentOf([stopped, resumed])))
    assert.isTrue(isOptedOut(consentOf([stopped, resumed, { ...stopped, at: DateTime.add(at, { hours: 2 }) }])))
  })

  it("tells by what it was refused, and when", () => {
    assert.deepStrictEqual(consentOf([stopped]), stopped)
  })

  it.prop(
    "is the latest word, whatever the order in which the words came in and however often",
    { changes: Schema.Array(AnyChange).check(Schema.isMaxLength(8)) },
    ({ changes }) => {
      const said = changes.map(changeOf)
      const consent = consentOf(said)
      assert.deepStrictEqual(consentOf([...said.toReversed(), ...said]), consent)
      const last = Math.max(...changes.map(({ minutes }) => minutes))
      const lastWords = changes.filter(({ minutes }) => minutes === last)
      assert.strictEqual(
        isOptedOut(consent),
        lastWords.some(({ intent }) => intent === "opt_out")
      )
    }
  )
})

describe("who has stopped marketing", () => {
  it.each(["MARKETING", "marketing", " Marketing ", "", "PROMOTION", "MARKETING_LITE", "QUALQUER"])(
    "gets no template of the category %j",
    (category) => {
      assert.isTrue(refuses(stopped, category))
      assert.isFalse(refuses(resumed, category))
    }
  )

  it.each(["UTILITY", "AUTHENTICATION", "utility", "authentication"])(
    "still gets templates of the category %s",
    (category) => {
      assert.isFalse(refuses(stopped, category))
    }
  )
})

describe("an opt-out or opt-in", () => {
  const keywords = keywordsOf()

  const changesIn = (payload: unknown) =>
    read(payload).updates.map(({ update }) => {
      const change = changeIn(update, keywords)
      return change === undefined ? undefined : `${change.source} ${change.intent} ${DateTime.formatIso(change.at)}`
    })

  const ofMessage = (message: object) => changesIn(payloadOf(newsOf({ messages: [message] })))

  it("is a keyword that the person writes", () => {
    assert.deepStrictEqual(ofMessage({ ...messages.text, text: { body: "Parar!" } }), [
      "keyword opt_out 2026-09-21T14:15:00.000Z"
    ])
    assert.deepStrictEqual(ofMessage({ ...messages.text, text: { body: "voltar" } }), [
      "keyword opt_in 2026-09-21T14:15:00.000Z"
    ])
  })

  it("is the button of a template that is labelled with one", () => {
    assert.deepStrictEqual(ofMessage({ ...messages.button, button: { text: "SAIR", payload: "x" } }), [
      "keyword opt_out 2026-09-21T14:15:00.000Z"
    ])
  })

  it("is not a choice from a menu, a caption, or anything else", () => {
    const menu = { type: "button_reply", button_reply: { id: "1", title: "Cancelar" } }
    assert.deepStrictEqual(ofMessage({ ...messages.buttonReply, interactive: menu }), [undefined])
    assert.deepStrictEqual(ofMessage({ ...messages.image, image: { id: "1", caption: "PARAR" } }), [undefined])
    assert.deepStrictEqual(changesIn(payloadOf(newsOf({ messages: Object.values(messages) }))).filter(Boolean), [])
  })

  it("is a setting in WhatsApp", () => {
    assert.deepStrictEqual(changesIn(management.stop), ["user_preferences opt_out 2026-09-21T14:23:20.000Z"])
    const resume = JSON.parse(JSON.stringify(management.stop).replace('"stop"', '"resume"'))
    assert.deepStrictEqual(changesIn(resume), ["user_preferences opt_in 2026-09-21T14:23:20.000Z"])
    const other = JSON.parse(JSON.stringify(management.stop).replace("marketing_messages", "service_messages"))
    assert.deepStrictEqual(changesIn(other), [undefined])
  })

  it("is Meta's refusal with code 131050, and no other", () => {
    assert.deepStrictEqual(changesIn(payloadOf(newsOf({ statuses: [statuses.stopped, statuses.failed] }))), [
      "error_131050 opt_out 2026-09-21T14:13:41.000Z",
      undefined
    ])
  })
})
