import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { QueueId, StatusId } from "../../../core/conversation/Conversation.ts"
import { Directory } from "../../../core/instance/Directory.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { Template } from "../../../core/template/Template.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { after, entryOf, eventTypes, itIs, managementOf, tell, tellMessages, textOf, type UpdatesIt } from "./Desk.ts"

const definition = {
  name: "pedido_enviado",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  parameter_format: "POSITIONAL",
  components: [
    { type: "HEADER", format: "TEXT", text: "Pedido" },
    { type: "BODY", text: "Olá {{1}}, o pedido {{2}} saiu." },
    { type: "FOOTER", text: "Loja" }
  ],
  variables: { nome: { component: "body", position: 1 }, codigo: { component: "body", position: 2 } }
}

const named = {
  message_template_id: 99,
  message_template_name: "pedido_enviado",
  message_template_language: "pt-BR"
}

const seen = Effect.fnUntraced(function* (instanceId: InstanceId, { id }: Template) {
  const wanted = {
    templateId: id,
    campaignId: undefined,
    queueId: QueueId.make(1),
    statusId: StatusId.make(1)
  }
  return Option.getOrThrow((yield* (yield* Directory).find(instanceId, wanted, "current")).template)
})

const aspects = Effect.fnUntraced(function* (instanceId: InstanceId) {
  return (yield* (yield* Traces).health(instanceId)).map(({ aspect, value }) => [aspect, JSON.parse(value)])
})

/** What Meta tells of templates and numbers. */
export const settings = (it: UpdatesIt) => {
  it.effect("a template is what Meta says of it, and whoever judged it before judges anew", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const template = yield* fixture.template(instance.id, definition)
      const say = (field: string, value: object, seconds: number) =>
        tell(managementOf(instance, field, { ...named, ...value }, seconds))
      const revision = yield* fixture.revision(instance.id)
      yield* say("message_template_status_update", { event: "PAUSED", reason: "NONE" }, 1)
      assert.strictEqual((yield* seen(instance.id, template)).status, "PAUSED")
      assert.isAbove(yield* fixture.revision(instance.id), revision)
      yield* say("message_template_status_update", { event: "REINSTATED" }, 2)
      assert.strictEqual((yield* seen(instance.id, template)).status, "APPROVED")
      yield* say("message_template_status_update", { event: "FLAGGED" }, 3)
      assert.strictEqual((yield* seen(instance.id, template)).status, "APPROVED")
      yield* say("message_template_quality_update", { new_quality_score: "RED" }, 4)
      assert.strictEqual(yield* traces.quality(template.id), "RED")
      yield* say("template_category_update", { new_category: "MARKETING", previous_category: "UTILITY" }, 5)
      assert.strictEqual((yield* seen(instance.id, template)).category, "MARKETING")
      yield* say(
        "message_template_components_update",
        { message_template_title: "Seu pedido", message_template_element: "Oi {{1}}, saiu: {{2}}." },
        6
      )
      assert.deepStrictEqual((yield* seen(instance.id, template)).components, [
        { type: "HEADER", format: "TEXT", text: "Seu pedido" },
        { type: "BODY", text: "Oi {{1}}, saiu: {{2}}." },
        { type: "FOOTER", text: "Loja" }
      ])
      assert.deepStrictEqual(
        yield* eventTypes(instance.id),
        Array.from({ length: 6 }, () => "template.updated")
      )
      const [first] = yield* traces.events(instance.id)
      assert.deepStrictEqual(first?.data, {
        template_id: template.id,
        name: "pedido_enviado",
        language: "pt_BR",
        event: "PAUSED",
        reason: "NONE"
      })
      assert.deepStrictEqual(first?.at, after(1))
    })
  )

  it.effect("words with other placeholders than our variables fill stay out, and somebody is told", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const template = yield* fixture.template(instance.id, definition)
      yield* tell(
        managementOf(instance, "message_template_components_update", {
          ...named,
          message_template_element: "Oi {{1}}, saiu {{2}} às {{3}}."
        })
      )
      assert.deepStrictEqual((yield* seen(instance.id, template)).components, template.components)
      const [event] = yield* (yield* Traces).events(instance.id)
      assert.strictEqual(event?.data?.needs_attention, true)
    })
  )

  it.effect("older news of a template that come late, and repeated ones, change nothing", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const template = yield* fixture.template(instance.id, definition)
      const say = (event: string, seconds: number) =>
        tell(managementOf(instance, "message_template_status_update", { ...named, event }, seconds))
      yield* say("PAUSED", 5)
      yield* say("APPROVED", 4)
      yield* say("PAUSED", 5)
      assert.strictEqual((yield* seen(instance.id, template)).status, "PAUSED")
      yield* say("APPROVED", 6)
      yield* say("PAUSED", 5)
      assert.strictEqual((yield* seen(instance.id, template)).status, "APPROVED")
      // Of another aspect nothing newer is known.
      yield* tell(
        managementOf(instance, "message_template_quality_update", { ...named, new_quality_score: "GREEN" }, 3)
      )
      assert.strictEqual(yield* (yield* Traces).quality(template.id), "GREEN")
      assert.strictEqual((yield* eventTypes(instance.id)).length, 3)
    })
  )

  it.effect("a template that nobody registered here changes nothing, and every number of the account has its own", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const one = yield* fixture.instanceAs({ wabaId: "waba-t" })
      const other = yield* fixture.instanceAs({ wabaId: "waba-t" })
      const elsewhere = yield* fixture.instance
      const templates = yield* Effect.forEach([one, other, elsewhere], ({ id }) => fixture.template(id, definition))
      yield* tell(
        managementOf(one, "message_template_status_update", { ...named, event: "DISABLED" }),
        managementOf(one, "message_template_status_update", {
          ...named,
          message_template_name: "outro",
          event: "DISABLED"
        })
      )
      const statuses = yield* Effect.forEach(templates, (template, index) =>
        seen([one, other, elsewhere][index]?.id ?? one.id, template)
      )
      assert.deepStrictEqual(
        statuses.map(({ status }) => status),
        ["DISABLED", "DISABLED", "APPROVED"]
      )
    })
  )

  it.effect("health is what was told last by Meta's clock, told of when it changes", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const restrict = (event: string, seconds: number) =>
        tell(managementOf(instance, "account_update", { event }, seconds))
      yield* restrict("ACCOUNT_VIOLATION", 5)
      yield* restrict("ACCOUNT_RESTRICTION", 4)
      assert.strictEqual((yield* aspects(instance.id))[0]?.[1].event, "ACCOUNT_VIOLATION")
      yield* restrict("ACCOUNT_VIOLATION", 6)
      assert.deepStrictEqual((yield* traces.health(instance.id))[0]?.at, after(6))
      yield* tell(
        managementOf(instance, "business_capability_update", { max_daily_conversations_per_business: 10_000 }, 7)
      )
      assert.deepStrictEqual(
        (yield* aspects(instance.id)).map(([aspect]) => aspect),
        ["account", "capability"]
      )
      assert.deepStrictEqual(
        (yield* traces.events(instance.id)).map(({ data, type }) => [type, data?.aspect]),
        [
          ["instance.health_changed", "account"],
          ["instance.health_changed", "capability"]
        ]
      )
    })
  )

  it.effect("an error of a number is its health, and told of when it is another", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const errors = [{ code: 130429, title: "Rate limit hit", error_data: { details: "Too many." } }]
      yield* tell(entryOf(instance, { errors }))
      yield* tell(entryOf(instance, { errors }))
      assert.deepStrictEqual(yield* aspects(instance.id), [
        ["error", { code: 130429, title: "Rate limit hit", details: "Too many." }]
      ])
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["instance.health_changed"])
    })
  )

  it.effect("news of one number of an account are of the number shown, in either spelling", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const shown = yield* fixture.instanceAs({ wabaId: "waba-n", displayNumber: "556187651234" })
      const other = yield* fixture.instanceAs({ wabaId: "waba-n", displayNumber: "5511912345678" })
      yield* tell(
        managementOf(shown, "phone_number_quality_update", {
          display_phone_number: "+55 61 98765-1234",
          event: "ONBOARDING",
          max_daily_conversations_per_business: "TIER_2K"
        })
      )
      assert.deepStrictEqual(yield* aspects(shown.id), [
        ["messaging_limit", { event: "ONBOARDING", messaging_limit: "TIER_2K" }]
      ])
      assert.deepStrictEqual(yield* aspects(other.id), [])
    })
  )

  it.effect("what Meta calls a number is learned where nobody told it", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const unnamed = yield* fixture.instance
      const known = yield* fixture.instanceAs({ displayNumber: "551133334444" })
      for (const instance of [unnamed, known]) {
        yield* tellMessages(instance, textOf("wamid.d1", { from: "5511978049825" }, 1))
      }
      assert.strictEqual(yield* traces.displayNumber(unnamed.id), "5511976543210")
      assert.strictEqual(yield* traces.displayNumber(known.id), "551133334444")
    })
  )
}
