import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { statusAfter } from "../../../core/inbound/TemplateUpdate.ts"
import { onlyOf, onlyUpdate } from "./Reading.ts"
import { customer, displayNumber, managementOf, phoneNumberId, wabaId } from "./samples/envelope.ts"
import { management } from "./samples/management.ts"

const keyOf = (value: object) => onlyUpdate(managementOf("account_update", value)).key

const at = (iso: string) => DateTime.makeUnsafe(iso)

describe("what Meta tells of a template", () => {
  it("names it by Meta's id, name and language, the language always with an underscore", () => {
    const { language, metaId, name } = onlyOf("TemplateStatus", management.templateStatus)
    assert.deepStrictEqual([metaId, name, language], ["990112233445566", "pedido_enviado", "pt_BR"])
  })

  it("is that it was paused, rejected or is about to be deleted, and why", () => {
    const paused = onlyOf("TemplateStatus", management.templateStatus)
    assert.deepStrictEqual([paused.event, paused.category, paused.pause?.title], ["PAUSED", "UTILITY", "FIRST_PAUSE"])
    const rejected = onlyOf("TemplateStatus", management.templateRejected)
    assert.deepStrictEqual([rejected.reason, rejected.rejection?.recommendation], ["INVALID_FORMAT", "Separate them."])
    assert.isUndefined(onlyOf("TemplateStatus", management.templateDeleted).reason)
  })

  it.each([
    ["APPROVED", "APPROVED"],
    ["REJECTED", "REJECTED"],
    ["PAUSED", "PAUSED"],
    ["DISABLED", "DISABLED"],
    ["REINSTATED", "APPROVED"],
    ["UNARCHIVED", "APPROVED"],
    ["FLAGGED", undefined],
    ["ALGO_NOVO", "ALGO_NOVO"]
  ])("%s makes its status %s", (event, status) => {
    assert.strictEqual(statusAfter(event), status)
  })

  it("is how good it is found", () => {
    const { previous, quality } = onlyOf("TemplateQuality", management.templateQuality)
    assert.deepStrictEqual([previous, quality], ["GREEN", "YELLOW"])
  })

  it("is the category it has, and the one it is about to get", () => {
    const notice = onlyOf("TemplateCategory", management.categoryNotice)
    assert.deepStrictEqual([notice.category, notice.upcoming], ["UTILITY", "MARKETING"])
    assert.deepStrictEqual(notice.upcomingAt, at("2026-09-22T14:13:20Z"))
    const changed = onlyOf("TemplateCategory", management.categoryChanged)
    assert.deepStrictEqual([changed.previous, changed.category, changed.upcoming], ["UTILITY", "MARKETING", undefined])
  })

  it("is what it says now", () => {
    const { body, buttons, footer, header } = onlyOf("TemplateComponents", management.templateComponents)
    assert.deepStrictEqual(
      [header, body, footer],
      ["Saiu para entrega", "Olá {{1}}, seu pedido {{2}} saiu para entrega.", "Loja da Praça"]
    )
    assert.deepStrictEqual(buttons, [{ type: "URL", text: "Rastrear", url: "https://loja.example/r/{{1}}" }])
  })
})

describe("what Meta tells of a number", () => {
  it("is how many people it may write to, in new and in old words", () => {
    const { event, messagingLimit } = onlyOf("NumberQuality", management.numberQuality)
    assert.deepStrictEqual([event, messagingLimit], ["ONBOARDING", "TIER_2K"])
    const old = managementOf("phone_number_quality_update", {
      display_phone_number: displayNumber,
      event: "THROUGHPUT_UPGRADE",
      current_limit: "TIER_UNLIMITED"
    })
    assert.strictEqual(onlyOf("NumberQuality", old).currentLimit, "TIER_UNLIMITED")
  })

  it("is what became of the name and the username that it asked for", () => {
    const { decision, rejectionReason, requestedName } = onlyOf("NumberName", management.numberName)
    assert.deepStrictEqual(
      [decision, requestedName, rejectionReason],
      ["REJECTED", "Loja da Praça", "NAME_EMPLOYEE_ISSUE"]
    )
    const { status, username } = onlyOf("BusinessUsername", management.username)
    assert.deepStrictEqual([username, status], ["lojadapraca", "approved"])
  })

  it.each([
    ["5511976543210", ["5511976543210", "551176543210"]],
    ["+55 11 97654-3210", ["5511976543210", "551176543210"]],
    ["556187654321", ["556187654321", "5561987654321"]],
    ["551133334444", ["551133334444"]],
    ["14155552671", ["14155552671"]]
  ])("belongs to the number shown as %s, in every spelling that Meta may use", (shown, displayNumbers) => {
    const payload = managementOf("business_username_updates", { display_phone_number: shown, status: "approved" })
    assert.deepStrictEqual(onlyUpdate(payload).route, { _tag: "Account", wabaId, displayNumbers })
  })
})

describe("what Meta tells of an account", () => {
  it("belongs to every number of it, and happened when its entry says", () => {
    const routed = onlyUpdate(management.restriction)
    assert.deepStrictEqual(routed.route, { _tag: "Account", wabaId, displayNumbers: [] })
    assert.deepStrictEqual(routed.at, at("2026-09-21T14:13:20Z"))
  })

  it("is what it may not do, and until when", () => {
    const { event, restrictions } = onlyOf("Account", management.restriction)
    assert.strictEqual(event, "ACCOUNT_RESTRICTION")
    assert.deepStrictEqual(restrictions, [
      { type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiresAt: at("2026-09-28T14:13:20Z") }
    ])
    assert.strictEqual(onlyOf("Account", management.ban).ban?.state, "SCHEDULE_FOR_DISABLE")
  })

  it("is an alert, in either of the forms in which they come", () => {
    const { alert, entityId } = onlyOf("AccountAlert", management.alert)
    assert.deepStrictEqual([alert.severity, entityId], ["WARNING", "506914307656634"])
    assert.strictEqual(onlyOf("AccountAlert", management.flatAlert).alert.type, "OBA_APPROVED")
  })

  it("is what the business may do", () => {
    const { maxNumbersPerBusiness, messagingLimit } = onlyOf("BusinessCapability", management.capability)
    assert.deepStrictEqual([messagingLimit, maxNumbersPerBusiness], ["10000", 20])
  })

  it("is noted where it is documented and changes nothing here", () => {
    assert.deepStrictEqual(onlyOf("Noted", management.calls), { _tag: "Noted", field: "calls" })
  })

  it("counts once, in whatever order its members come, and again where anything differs", () => {
    const one = keyOf({ event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "ADULT" } })
    assert.strictEqual(keyOf({ violation_info: { violation_type: "ADULT" }, event: "ACCOUNT_VIOLATION" }), one)
    assert.strictEqual(
      keyOf({ event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "ADULT" }, ban_info: null }),
      one
    )
    assert.notStrictEqual(keyOf({ event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "SCAM" } }), one)
    const later = { object: "whatsapp_business_account", entry: [{ ...management.ban.entry[0], time: 1_790_000_001 }] }
    assert.notStrictEqual(onlyUpdate(later).key, onlyUpdate(management.ban).key)
  })
})

describe("a person's setting in WhatsApp", () => {
  it("stops or resumes marketing of one business number, at Meta's time", () => {
    const { at: time, key, route, update } = onlyUpdate(management.stop)
    assert.strictEqual(update._tag, "UserPreference")
    assert.deepStrictEqual(route, { _tag: "Number", phoneNumberId, wabaId, displayNumber })
    assert.deepStrictEqual(time, at("2026-09-21T14:23:20Z"))
    assert.isTrue(key.startsWith(`preference:${phoneNumberId}:`))
    const { category, person, value } = onlyOf("UserPreference", management.stop)
    assert.deepStrictEqual([category, value, person.waId], ["marketing_messages", "stop", customer.waId])
  })
})
