import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { MemoryFiles } from "../../../adapters/memory/MediaProbeMemory.ts"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { CampaignId, CampaignState } from "../../../core/campaign/Campaign.ts"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { QueueId, StatusId } from "../../../core/conversation/Conversation.ts"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import type { Report } from "../../../core/message/Report.ts"
import { sendTemplate, type TemplateRequest } from "../../../core/message/SendTemplate.ts"
import { TemplateId } from "../../../core/template/Template.ts"
import { desk, furnished, greeting, picture, stored, test, told } from "./Desk.ts"

const failureOf = ({ result }: Report) => (result._tag === "NotSent" ? result.failure : undefined)

/** Refused with nothing kept and nobody asked. */
const refused = Effect.fnUntraced(function* (request: TemplateRequest) {
  const report = yield* sendTemplate(request)
  assert.deepStrictEqual([report.messageId, report.contactId], [undefined, undefined])
  assert.strictEqual((yield* World).messages.size, 0)
  assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
  const failure = failureOf(report)
  assert.isDefined(failure)
  return failure
})

const handedOver = Effect.gen(function* () {
  return (yield* (yield* MemoryGateway).calls).map(({ message }) => message)
})

const byCampaign = (request: TemplateRequest): TemplateRequest => ({
  ...request,
  templateId: undefined,
  campaignId: CampaignId.make(3),
  variables: { nomeCliente: "Ana", codigo: "42" }
})

describe("a template", () => {
  test("goes out filled, and is kept as a person reads it", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const report = yield* sendTemplate(request)
      assert.deepStrictEqual(yield* handedOver, [
        {
          to: request.number,
          content: {
            type: "template",
            name: "boas_vindas",
            language: "pt_BR",
            components: [
              {
                type: "body",
                parameters: [
                  { type: "text", text: "Ana" },
                  { type: "text", text: "42" }
                ]
              }
            ]
          }
        }
      ])
      assert.deepStrictEqual((yield* stored(report.messageId))?.record, {
        kind: "template",
        text: "Olá Ana, seu código é 42.",
        mediaUrl: undefined,
        templateId: request.templateId,
        campaignId: undefined,
        variables: { nome: "Ana", codigo: "42" }
      })
    }))

  test("is answered with Meta's id, ours and the contact's", () =>
    Effect.gen(function* () {
      const { contact, request } = yield* furnished
      const report = yield* sendTemplate(request)
      assert.deepStrictEqual(report.result, { _tag: "Sent", wamid: "wamid.MEMORY1", kind: "template" })
      assert.strictEqual(report.contactId, contact.id)
      assert.isDefined(yield* stored(report.messageId))
    }))

  test("goes to somebody new, whom it makes a contact with a conversation in its place", () =>
    Effect.gen(function* () {
      const { queue, request, status } = yield* furnished
      const number = PhoneNumber.make("5521987654321")
      const report = yield* sendTemplate({ ...request, number, contactName: "Bia" })
      const world = yield* World
      assert.isDefined(report.contactId)
      const { contact } = world.contacts.get(report.contactId) ?? {}
      assert.deepStrictEqual([contact?.name, contact?.number], [Option.some("Bia"), Option.some(number)])
      const conversation = [...world.conversations.values()].find(({ contactId }) => contactId === report.contactId)
      assert.deepStrictEqual([conversation?.queueId, conversation?.statusId], [queue.id, status.id])
    }))

  test("reaches the number as it was sent, and the contact it belongs to under either spelling", () =>
    Effect.gen(function* () {
      const { contact, request } = yield* furnished
      const number = PhoneNumber.make("551178049825")
      const report = yield* sendTemplate({ ...request, number })
      assert.strictEqual(report.contactId, contact.id)
      assert.deepStrictEqual(
        (yield* handedOver).map(({ to }) => to),
        [number]
      )
    }))

  test("needs no open window", () =>
    Effect.gen(function* () {
      const { instance, request, setup } = yield* furnished
      yield* setup.addContact({ instanceId: instance.id, number: "5521987654321" })
      const report = yield* sendTemplate({ ...request, number: PhoneNumber.make("5521987654321") })
      assert.strictEqual(told(report), "sent")
    }))

  test("lacking values for its variables is refused with all of their names", () =>
    Effect.gen(function* () {
      const { instance, request, setup } = yield* furnished
      const { nome } = greeting.variables
      const definition = {
        ...greeting,
        name: "sem_padrao",
        variables: { ...greeting.variables, nome: { component: nome.component, position: nome.position } }
      }
      const template = yield* setup.addTemplate({ instanceId: instance.id, definition })
      const failure = yield* refused({ ...request, templateId: template.id, variables: { nome: " ", outra: "x" } })
      assert.deepInclude(failure, { code: "missing_variables", field: "variables" })
      assert.include(failure.message, "nome e codigo")
    }))

  test("with a value that Meta would refuse is refused before Meta is asked", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const failure = yield* refused({ ...request, variables: { codigo: "4\n2" } })
      assert.deepInclude(failure, { code: "invalid_variable", field: "variables.codigo" })
    }))

  for (const status of ["PENDING", "REJECTED", "PAUSED", "DISABLED", "A_NEW_ONE"]) {
    test(`that is ${status} is refused, and the refusal says so`, () =>
      Effect.gen(function* () {
        const { request, setup, template } = yield* furnished
        yield* setup.setTemplateStatus(template.id, status)
        const failure = yield* refused(request)
        assert.deepInclude(failure, { code: "template_not_approved", field: "template_id" })
        assert.include(failure.message, status)
      }))
  }
})

describe("a campaign", () => {
  test("sends its template under its own names, and is kept with the message", () =>
    Effect.gen(function* () {
      const { request, template } = yield* furnished
      const report = yield* sendTemplate(byCampaign(request))
      assert.deepStrictEqual((yield* stored(report.messageId))?.record, {
        kind: "template",
        text: "Olá Ana, seu código é 42.",
        mediaUrl: undefined,
        templateId: template.id,
        campaignId: CampaignId.make(3),
        variables: { nomeCliente: "Ana", codigo: "42" }
      })
    }))

  for (const state of CampaignState.literals.filter((state) => state !== "active")) {
    test(`that is ${state} is refused, and the refusal says so`, () =>
      Effect.gen(function* () {
        const { campaign, request, setup } = yield* furnished
        yield* setup.setCampaignState(campaign.id, state)
        const failure = yield* refused(byCampaign(request))
        assert.deepInclude(failure, { code: "campaign_not_active", field: "campaign_id" })
        assert.include(failure.message, `"${state}"`)
      }))
  }

  test("whose template Meta has paused is refused for that, under the field that was given", () =>
    Effect.gen(function* () {
      const { request, setup, template } = yield* furnished
      yield* setup.setTemplateStatus(template.id, "PAUSED")
      const failure = yield* refused(byCampaign(request))
      assert.deepInclude(failure, { code: "template_not_approved", field: "campaign_id" })
    }))

  test("lacking a value names it as its callers know it", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const failure = yield* refused({ ...byCampaign(request), variables: { nome: "Ana" } })
      assert.deepInclude(failure, { code: "missing_variables", message: "Falta o valor da variável codigo." })
    }))
})

describe("what does not exist", () => {
  const cases: ReadonlyArray<readonly [code: ErrorCode, field: string, given: Partial<TemplateRequest>]> = [
    ["template_not_found", "template_id", { templateId: TemplateId.make(99) }],
    ["campaign_not_found", "campaign_id", { templateId: undefined, campaignId: CampaignId.make(99) }],
    ["queue_not_found", "queue_id", { queueId: QueueId.make(99) }],
    ["status_not_found", "status_id", { statusId: StatusId.make(99) }]
  ]
  for (const [code, field, given] of cases) {
    test(`is refused by the name of its field: ${field}`, () =>
      Effect.gen(function* () {
        const { request } = yield* furnished
        assert.deepInclude(yield* refused({ ...request, ...given }), { code, field })
      }))
  }

  test("in one's own instance does not exist, although another has it", () =>
    Effect.gen(function* () {
      const { campaign, queue, request, setup, status, template } = yield* furnished
      const instance = yield* setup.addInstance()
      const instanceId = instance.id
      const ours = { queueId: queue.id, statusId: status.id, templateId: template.id, campaignId: campaign.id }
      const queueId = (yield* setup.addQueue({ instanceId, name: "Vendas" })).id
      const statusId = (yield* setup.addStatus({ instanceId, name: "Novo" })).id
      const templateId = (yield* setup.addTemplate({ instanceId, definition: greeting })).id
      const theirs: TemplateRequest = { ...request, instance, queueId, statusId, templateId }
      assert.strictEqual((yield* refused({ ...theirs, queueId: ours.queueId })).code, "queue_not_found")
      assert.strictEqual((yield* refused({ ...theirs, statusId: ours.statusId })).code, "status_not_found")
      assert.strictEqual((yield* refused({ ...theirs, templateId: ours.templateId })).code, "template_not_found")
      const campaignOfOthers = { ...theirs, templateId: undefined, campaignId: ours.campaignId }
      assert.strictEqual((yield* refused(campaignOfOthers)).code, "campaign_not_found")
      assert.strictEqual(told(yield* sendTemplate(theirs)), "sent")
    }))
})

describe("the file of a header", () => {
  const requestFor = Effect.fnUntraced(function* (foto: string) {
    const { instance, request, setup } = yield* furnished
    const template = yield* setup.addTemplate({ instanceId: instance.id, definition: picture })
    return { ...request, templateId: template.id, variables: { foto } }
  })

  test("goes out as the link it is, and is kept with the message", () =>
    Effect.gen(function* () {
      const url = "https://exemplo.com.br/foto.jpg"
      const report = yield* sendTemplate(yield* requestFor(url))
      const [message] = yield* handedOver
      assert.deepStrictEqual(message?.content.type === "template" ? message.content.components : [], [
        { type: "header", parameters: [{ type: "image", image: { link: url } }] }
      ])
      assert.strictEqual((yield* stored(report.messageId))?.record.mediaUrl, url)
      assert.deepStrictEqual(yield* (yield* MemoryFiles).asked, [])
    }))

  test("is asked about where its link does not say what it is", () =>
    Effect.gen(function* () {
      const url = "https://exemplo.com.br/foto"
      const request = yield* requestFor(url)
      yield* (yield* MemoryFiles).publish(url, { contentType: "image/png", contentLength: 5 * 1024 * 1024 })
      assert.strictEqual(told(yield* sendTemplate(request)), "sent")
    }))

  const links: ReadonlyArray<readonly [what: string, url: string, code: ErrorCode]> = [
    ["of another kind than the header's", "https://exemplo.com.br/filme.mp4", "media_type_unsupported"],
    ["at a private address", "http://10.0.0.1/foto.jpg", "media_url_not_allowed"],
    ["at no address", "foto.jpg", "media_url_not_allowed"],
    ["where nobody answers", "https://exemplo.com.br/foto", "media_unreachable"]
  ]
  for (const [what, url, code] of links) {
    test(`is refused by the name of its variable: ${what}`, () =>
      Effect.gen(function* () {
        assert.deepInclude(yield* refused(yield* requestFor(url)), { code, field: "variables.foto" })
      }))
  }

  test("is refused where it is larger than WhatsApp takes", () =>
    Effect.gen(function* () {
      const url = "https://exemplo.com.br/foto"
      const request = yield* requestFor(url)
      yield* (yield* MemoryFiles).publish(url, { contentType: "image/png", contentLength: 5 * 1024 * 1024 + 1 })
      assert.strictEqual((yield* refused(request)).code, "media_too_large")
    }))
})

describe("the contact", () => {
  it.effect.prop(
    "is one and the same for a number that is written to again, whatever its spelling",
    [Schema.Literals(["5511987654321", "551187654321", "14155552671", "551133334444"])],
    ([digits]) =>
      Effect.gen(function* () {
        const { request } = yield* furnished
        const number = PhoneNumber.make(digits)
        const first = yield* sendTemplate({ ...request, number })
        const again = yield* sendTemplate({ ...request, number })
        assert.strictEqual(again.contactId, first.contactId)
        assert.strictEqual((yield* World).contacts.size, 2)
      }).pipe(Effect.provide(desk)),
    { arbitrary: { runs: 8 } }
  )

  test("is renamed and its conversation moved by what was sent", () =>
    Effect.gen(function* () {
      const { contact, request, support } = yield* furnished
      yield* sendTemplate(request)
      yield* sendTemplate({ ...request, contactName: "Ana Lima", queueId: support.id })
      const world = yield* World
      assert.deepStrictEqual(world.contacts.get(contact.id)?.contact.name, Option.some("Ana Lima"))
      assert.deepStrictEqual(
        [...world.conversations.values()].map(({ queueId }) => queueId),
        [support.id]
      )
    }))

  test("keeps its window as it was: only the person opens it", () =>
    Effect.gen(function* () {
      const { contact, request } = yield* furnished
      yield* sendTemplate(request)
      const { lastInboundAt } = (yield* World).contacts.get(contact.id)?.contact ?? contact
      assert.deepStrictEqual(lastInboundAt, Option.some(DateTime.makeUnsafe("2026-03-01T11:00:00Z")))
    }))
})
