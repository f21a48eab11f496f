import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { activateCampaign } from "../../../core/administration/activateCampaign.ts"
import { Administration } from "../../../core/administration/Administration.ts"
import type { Answer } from "../Http.ts"
import * as Meta from "../Meta.ts"
import type * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

/** An id that nobody has. */
const unknown = 2_000_000_000

/** The whole answer but for what names this one request. */
const anonymous = ({ headers, status, text }: Answer) => ({
  status,
  headers: { ...headers, "request-id": "", date: "" },
  text: text.replaceAll(/"request_id":"[^"]+"/gu, "")
})

const refused = (path: "/send-message" | "/sendmessage", answer: Answer) => Told.failureOn(path, answer)

export const directory = (it: Product.It) =>
  describe("What a request refers to", () => {
    it.effect.each([
      ["queue_id", "queueId", "queue_not_found"],
      ["status_id", "statusId", "status_not_found"],
      ["template_id", "templateId", "template_not_found"]
    ] as const)("%s of another instance answers as one that never existed", ([field, id, code]) =>
      Effect.gen(function* () {
        const [ours, theirs] = [yield* Shop.open(), yield* Shop.open()]
        const strange = yield* Shop.sendTemplate(ours, { [field]: theirs[id] })
        assert.deepInclude(refused("/send-message", strange), { code, field })
        const never = yield* Shop.sendTemplate(ours, { [field]: unknown })
        assert.deepStrictEqual(anonymous(strange), anonymous(never))
        assert.deepStrictEqual([yield* Meta.count(ours), yield* Meta.count(theirs)], [0, 0])
      })
    )

    it.effect("campaign_id of another instance answers as one that never existed", () =>
      Effect.gen(function* () {
        const [ours, theirs] = [yield* Shop.open(), yield* Shop.open()]
        const of = (campaign_id: number) => Shop.sendTemplate(ours, { template_id: undefined, campaign_id })
        const strange = yield* of(theirs.campaignId)
        assert.deepInclude(refused("/send-message", strange), { code: "campaign_not_found", field: "campaign_id" })
        assert.deepStrictEqual(anonymous(strange), anonymous(yield* of(unknown)))
      })
    )

    it.effect("contact_id of another instance answers as one that never existed", () =>
      Effect.gen(function* () {
        const [ours, theirs] = [yield* Shop.open(), yield* Shop.open()]
        const strange = yield* Shop.sendDirect(ours, { contact_id: theirs.contactId })
        assert.deepInclude(refused("/sendmessage", strange), { code: "contact_not_found", field: "contact_id" })
        const never = yield* Shop.sendDirect(ours, { contact_id: unknown })
        assert.deepStrictEqual(anonymous(strange), anonymous(never))
      })
    )

    it.effect("instance_id of another instance than the key's is 401, whether it exists or not", () =>
      Effect.gen(function* () {
        const [ours, theirs] = [yield* Shop.open(), yield* Shop.open()]
        const strange = yield* Shop.sendDirect(ours, { instance_id: theirs.instanceId, contact_id: theirs.contactId })
        assert.deepInclude(refused("/sendmessage", strange), { code: "instance_not_authorized", field: "instance_id" })
        const never = yield* Shop.sendDirect(ours, { instance_id: unknown })
        assert.deepStrictEqual(anonymous(strange), anonymous(never))
        assert.strictEqual(yield* Meta.count(theirs), 0)
      })
    )

    it.effect("the shape comes before instance_id, instance_id before the contact", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const shapeless = yield* Shop.sendDirect(shop, { instance_id: unknown, message_content: "" })
        assert.strictEqual(refused("/sendmessage", shapeless).code, "invalid_field")
        const strange = yield* Shop.sendDirect(shop, { instance_id: unknown, contact_id: unknown })
        assert.strictEqual(refused("/sendmessage", strange).code, "instance_not_authorized")
      })
    )

    it.effect.each(["PAUSED", "REJECTED", "PENDING", "DISABLED"])(
      "a template that is %s is not sent, and said so",
      (status) =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const shop = yield* Shop.open()
          // The template is in the app's memory as an approved one by then.
          Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
          yield* sql`update template set status = ${status} where id = ${shop.templateId}`
          yield* sql`update instance set revision = revision + 1 where id = ${shop.instanceId}`
          const told = refused("/send-message", yield* Shop.sendTemplate(shop))
          assert.deepInclude(told, { code: "template_not_approved", field: "template_id" })
          assert.include(told.message, status)
          const campaign = { template_id: undefined, campaign_id: shop.campaignId }
          const said = refused("/send-message", yield* Shop.sendTemplate(shop, campaign))
          assert.deepInclude(said, { code: "template_not_approved", field: "campaign_id" })
          assert.strictEqual(yield* Meta.count(shop), 1)
        })
    )

    it.effect.each(["draft", "paused", "finished"] as const)(
      "a campaign that is %s is not sent, and said so; what an operator changes counts at once",
      (state) =>
        Effect.gen(function* () {
          const administration = yield* Administration
          const shop = yield* Shop.open()
          const campaign = {
            template_id: undefined,
            campaign_id: shop.campaignId,
            variables: { nomeCliente: "João", codigo: "ABC123" }
          }
          Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, campaign))
          const { campaignId: id, instanceId } = shop
          yield* administration.moveCampaign({ instanceId, id, from: ["active"], to: state })
          const told = refused("/send-message", yield* Shop.sendTemplate(shop, campaign))
          assert.deepInclude(told, { code: "campaign_not_active", field: "campaign_id" })
          assert.include(told.message, `"${state}"`)
          if (state !== "finished") {
            yield* activateCampaign(instanceId, id)
            Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, campaign))
          }
          assert.strictEqual(yield* Meta.count(shop), state === "finished" ? 1 : 2)
        })
    )

    it.effect("what did not exist a moment ago is found as soon as an operator has made it", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { instanceId, ...shop } = yield* Shop.open()
        const queue = yield* administration.addQueue({ instanceId, name: "Cobrança" })
        const next = { queue_id: queue.id + 1 }
        const missing = yield* Shop.sendTemplate({ instanceId, ...shop }, next)
        assert.strictEqual(refused("/send-message", missing).code, "queue_not_found")
        assert.strictEqual((yield* administration.addQueue({ instanceId, name: "Vendas" })).id, next.queue_id)
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate({ instanceId, ...shop }, next))
      })
    )

    it.effect("a window that is closed says when it closed, and that a template is the way out", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        yield* sql`update contact set last_inbound_at = '2026-03-01T12:00:00Z' where id = ${shop.contactId}`
        const told = refused("/sendmessage", yield* Shop.sendDirect(shop))
        assert.deepInclude(told, { code: "window_closed", field: "contact_id" })
        assert.include(told.message, "2026-03-02T12:00:00.000Z")
        assert.include(told.action, "/send-message")

        yield* sql`update contact set last_inbound_at = null where id = ${shop.contactId}`
        const never = refused("/sendmessage", yield* Shop.sendDirect(shop))
        assert.strictEqual(never.code, "window_closed")
        assert.include(never.message, "nunca abriu")
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect("the window is open for 24 hours to the second", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        const heard = (ago: string) =>
          sql`update contact set last_inbound_at = now() - ${ago}::interval where id = ${shop.contactId}`
        yield* heard("23 hours 59 minutes 30 seconds")
        Told.acceptedOn("/sendmessage", yield* Shop.sendDirect(shop))
        yield* heard("24 hours")
        assert.strictEqual(refused("/sendmessage", yield* Shop.sendDirect(shop)).code, "window_closed")
      })
    )

    it.effect("a contact whose number is not known cannot be written to", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        yield* sql`update contact set number = null, identity_key = null where id = ${shop.contactId}`
        const told = refused("/sendmessage", yield* Shop.sendDirect(shop))
        assert.deepInclude(told, { code: "contact_without_number", field: "contact_id" })
      })
    )
  })
