import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { take, telling } from "./Receiver.ts"
import { refusalOf, request, send } from "./RunningSimulator.ts"

const waba = "102290129340398"

const template = {
  name: "pedido",
  language: "pt_BR",
  category: "UTILITY",
  components: [{ type: "BODY", text: "Seu pedido saiu." }]
}

/** The only update of the next POST, and the POST's text. */
const told = Effect.map(take, ({ payload, text, updates }) => ({
  text,
  update: updates[0],
  entry: payload.entry[0],
  change: payload.entry[0]?.changes[0]
}))

const create = Effect.map(request("POST", `/v25.0/${waba}/message_templates`, template), ({ json }) =>
  Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))(json)
)

const happens = (event: object) => request("POST", "/_simulator/templates", event)

layer(telling())("A template", (it) => {
  it.effect("gets a status by its id, and the webhook says so", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("100 seconds")
      const { id } = yield* create
      const answer = yield* request("POST", `/_simulator/templates/${id}`, { status: "PAUSED" })
      assert.deepStrictEqual(answer.json, { id, status: "PAUSED" })
      const { change, entry, update } = yield* told
      assert.deepInclude(entry, { id: waba, time: 100 })
      assert.deepStrictEqual(change, {
        field: "message_template_status_update",
        value: {
          message_template_id: Number(id),
          message_template_name: "pedido",
          message_template_language: "pt-BR",
          event: "PAUSED",
          reason: "NONE",
          message_template_category: "UTILITY",
          other_info: { title: "FIRST_PAUSE", description: "The template has been paused." }
        }
      })
      assert.deepInclude(update, { _tag: "TemplateStatus", metaId: id, name: "pedido", language: "pt_BR" })
      const sent = yield* send({ type: "template", template: { name: "pedido", language: { code: "pt_BR" } } })
      assert.strictEqual(refusalOf(sent).code, 132015)
    })
  )

  it.effect("that is known by name and language has the status, category and quality that are told of it", () =>
    Effect.gen(function* () {
      yield* happens({ name: "pedido", language: "pt_BR", event: "APPROVED" })
      assert.deepInclude((yield* told).update, { _tag: "TemplateStatus", event: "APPROVED" })
      yield* happens({ name: "pedido", language: "pt-BR", category: "MARKETING" })
      assert.deepInclude((yield* told).update, { _tag: "TemplateCategory", previous: "UTILITY", category: "MARKETING" })
      yield* send({ type: "template", template: { name: "pedido", language: { code: "pt_BR" } } })
      yield* TestClock.adjust("300 millis")
      const { update: sent } = yield* told
      assert.deepInclude(sent?._tag === "Status" ? sent.pricing : {}, { category: "marketing" })
      yield* TestClock.adjust("3 seconds")
      yield* take
      yield* take
      yield* happens({ name: "pedido", language: "pt_BR", quality: "YELLOW" })
      assert.deepInclude((yield* told).update, { _tag: "TemplateQuality", previous: "UNKNOWN", quality: "YELLOW" })
      yield* happens({ name: "pedido", language: "pt_BR", quality: "RED" })
      assert.deepInclude((yield* told).update, { _tag: "TemplateQuality", previous: "YELLOW", quality: "RED" })
    })
  )

  it.effect.each([
    [{ event: "APPROVED" }, { _tag: "TemplateStatus", event: "APPROVED", reason: "NONE" }],
    [{ event: "REJECTED" }, { _tag: "TemplateStatus", event: "REJECTED", reason: "INVALID_FORMAT" }],
    [
      { event: "REJECTED", reason: "SCAM" },
      { _tag: "TemplateStatus", reason: "SCAM" }
    ],
    [{ event: "DISABLED" }, { _tag: "TemplateStatus", event: "DISABLED" }],
    [{ event: "PENDING_DELETION" }, { _tag: "TemplateStatus", event: "PENDING_DELETION" }],
    [{ upcoming_category: "MARKETING" }, { _tag: "TemplateCategory", category: "UTILITY", upcoming: "MARKETING" }],
    [{ body: "Novo texto" }, { _tag: "TemplateComponents", body: "Novo texto" }]
  ] as const)("that is not known has happen to it %j all the same", ([event, expected]) =>
    Effect.gen(function* () {
      const answer = yield* happens({ name: "de_outro_lugar", language: "pt_BR", waba_id: "555", ...event })
      assert.strictEqual(answer.status, 201)
      const { entry, update } = yield* told
      assert.strictEqual(entry?.id, "555")
      assert.deepInclude(update, { ...expected, name: "de_outro_lugar", language: "pt_BR" })
    })
  )

  it.effect.each([
    { name: "x", language: "pt_BR" },
    { name: "x", language: "pt_BR", event: "APPROVED", quality: "RED" },
    { name: "x", language: "pt_BR", quality: "PINK" },
    { language: "pt_BR", event: "APPROVED" }
  ])("has nothing happen to it that is told as %j", (event) =>
    Effect.map(happens(event), ({ status }) => assert.strictEqual(status, 400))
  )
})

layer(telling())("A business number", (it) => {
  it.effect.each([
    [{ quality: "RED" }, { event: "FLAGGED" }],
    [{ quality: "GREEN" }, { event: "UNFLAGGED" }],
    [{ messaging_limit: "TIER_2K" }, { event: "ONBOARDING", messagingLimit: "TIER_2K" }],
    [
      { quality: "RED", messaging_limit: "TIER_250" },
      { event: "FLAGGED", messagingLimit: "TIER_250" }
    ],
    [{ throughput: "HIGH" }, { event: "THROUGHPUT_UPGRADE" }],
    [
      { event: "DOWNGRADE", messaging_limit: "TIER_1K" },
      { event: "DOWNGRADE", messagingLimit: "TIER_1K" }
    ]
  ] as const)("has happen to it %j", ([event, expected]) =>
    Effect.gen(function* () {
      yield* request("PUT", "/_simulator/numbers/42", { waba_id: "43", display_phone_number: "551140001234" })
      assert.strictEqual((yield* request("POST", "/_simulator/numbers/42", event)).status, 201)
      const { entry, update } = yield* told
      assert.strictEqual(entry?.id, "43")
      assert.deepInclude(update, { _tag: "NumberQuality", displayNumber: "551140001234", ...expected })
    })
  )

  it.effect("has an error of its own", () =>
    Effect.gen(function* () {
      yield* request("POST", "/_simulator/numbers/42", { error: 130429 })
      const { update } = yield* told
      assert.strictEqual(update?._tag === "NumberError" && update.error.code, 130429)
    })
  )

  it.effect("is listed with its account and how it is shown", () =>
    Effect.gen(function* () {
      const { json } = yield* request("GET", "/_simulator/numbers")
      assert.deepStrictEqual(json, {
        numbers: [
          { phone_number_id: "106540352242922", waba_id: waba, display_phone_number: "15552242922" },
          { phone_number_id: "42", waba_id: "43", display_phone_number: "551140001234" }
        ]
      })
    })
  )

  it.effect.each([{}, { quality: "PINK" }, { limit: 1 }])("has nothing happen to it that is told as %j", (event) =>
    Effect.map(request("POST", "/_simulator/numbers/42", event), ({ status }) => assert.strictEqual(status, 400))
  )
})

layer(telling())("An account", (it) => {
  it.effect.each([
    [{ event: "ACCOUNT_RESTRICTION" }, "restrictions"],
    [{ event: "ACCOUNT_VIOLATION" }, "violation"],
    [{ event: "DISABLED_UPDATE" }, "ban"],
    [{ event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "REINSTATE", waba_ban_date: "Today" } }, "ban"],
    [{ event: "ACCOUNT_DELETED" }, "event"],
    [{ event: "VOLUME_BASED_PRICING_TIER_UPDATE", volume_tier_info: { tier: "1:2", region: "Brazil" } }, "volumeTier"]
  ] as const)("has happen to it %j", ([event, member]) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* request("POST", `/_simulator/accounts/${waba}`, event)).status, 201)
      const { change, entry, update } = yield* told
      assert.strictEqual(entry?.id, waba)
      assert.strictEqual(change?.field, "account_update")
      assert.deepInclude(update, { _tag: "Account", event: event.event })
      assert.property(update, member)
      assert.deepInclude(change?.value, event)
    })
  )
})
