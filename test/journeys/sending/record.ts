import { assert, describe } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Administration } from "../../../core/administration/Administration.ts"
import type { Answer } from "../Http.ts"
import * as Meta from "../Meta.ts"
import type * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

const Kept = Schema.Struct({
  status: Schema.String,
  wamid: Schema.NullOr(Schema.String),
  wa_id: Schema.NullOr(Schema.String),
  calls: Schema.Int,
  failure: Schema.NullOr(Schema.Struct({ code: Schema.String })),
  kind: Schema.String,
  text: Schema.String,
  media_url: Schema.NullOr(Schema.String),
  template_id: Schema.NullOr(Schema.Int),
  campaign_id: Schema.NullOr(Schema.Int),
  variables: Schema.NullOr(Schema.Record(Schema.String, Schema.String)),
  number: Schema.NullOr(Schema.String),
  name: Schema.NullOr(Schema.String),
  queue_id: Schema.NullOr(Schema.Int),
  status_id: Schema.NullOr(Schema.Int)
})
const decodeOne = Schema.decodeUnknownEffect(Schema.Tuple([Kept]))

/** All that is known now of the message whose answer this is: its outcome, its contact, its conversation. */
const keptOf = Effect.fnUntraced(function* ({ headers }: Answer) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    select o.status, o.wamid, o.wa_id, o.calls, o.failure, m.kind, m.text, m.media_url, m.template_id, m.campaign_id,
      m.variables, c.number, c.name, v.queue_id, v.status_id
    from message m
    join outcome o on o.message_id = m.id
    join contact c on c.id = m.contact_id
    join conversation v on v.id = m.conversation_id
    where m.id = ${String(headers["message-id"])}::uuid and m.contact_id = ${Number(headers["contact-id"])}`
  const [kept] = yield* decodeOne(rows)
  return kept
})

const contactOf = ({ headers }: Answer) => String(headers["contact-id"])

const otherPlace = Effect.fnUntraced(function* ({ instanceId }: Shop.Shop) {
  const administration = yield* Administration
  const queue = yield* administration.addQueue({ instanceId, name: "Cobrança" })
  const status = yield* administration.addStatus({ instanceId, name: "Em atendimento" })
  return { queue_id: queue.id, status_id: status.id }
})

export const record = (it: Product.It) =>
  describe("What a send leaves behind", () => {
    it.effect(
      "the message as people read it, its template, variables and Meta's ids; a new contact and conversation",
      () =>
        Effect.gen(function* () {
          const shop = yield* Shop.open()
          const answer = yield* Shop.sendTemplate(shop, { contact_name: "João da Silva" })
          const wamid = Told.acceptedOn("/send-message", answer)
          assert.deepStrictEqual(yield* keptOf(answer), {
            status: "accepted",
            wamid,
            wa_id: shop.number,
            calls: 1,
            failure: null,
            kind: "template",
            text: "Olá João, o código do seu pedido é ABC123. Guarde esta mensagem.",
            media_url: null,
            template_id: shop.templateId,
            campaign_id: null,
            variables: { nome: "João", codigo: "ABC123" },
            number: shop.number,
            name: "João da Silva",
            queue_id: shop.queueId,
            status_id: shop.statusId
          })
          const [sent] = yield* Meta.sends(shop)
          assert.deepInclude(sent, { wamid, to: shop.number })
          assert.deepInclude(sent?.body, { biz_opaque_callback_data: sent?.attempt_id })
        })
    )

    it.effect("a campaign's message under the names the caller used", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const variables = { nomeCliente: "João", codigo: "ABC123" }
        const answer = yield* Shop.sendTemplate(shop, {
          template_id: undefined,
          campaign_id: shop.campaignId,
          variables
        })
        assert.deepInclude(yield* keptOf(answer), {
          text: "Olá João, o código do seu pedido é ABC123. Guarde esta mensagem.",
          template_id: shop.templateId,
          campaign_id: shop.campaignId,
          variables
        })
      })
    )

    it.effect("a text and a file in the conversation of their contact, which stays where it is", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const text = yield* Shop.sendDirect(shop)
        const media_url = "https://meusite.com/arquivo.pdf"
        const media_caption = "Segue o documento solicitado."
        const file = yield* Shop.sendDirect(shop, { message_content: undefined, media_url, media_caption })
        assert.strictEqual(contactOf(text), String(shop.contactId))
        assert.strictEqual(contactOf(file), String(shop.contactId))
        const nowhere = { queue_id: null, status_id: null }
        assert.deepInclude(yield* keptOf(text), { kind: "text", text: "Olá, tudo bem?", media_url: null, ...nowhere })
        assert.deepInclude(yield* keptOf(file), { kind: "document", text: media_caption, media_url, ...nowhere })
      })
    )

    it.effect("one contact and one conversation for a person, with or without the ninth digit", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const first = yield* Shop.sendTemplate(shop, { number: shop.number })
        const twin = yield* Shop.sendTemplate(shop, { number: shop.number.replace(/^(55\d\d)9/u, "$1") })
        const landline = yield* Shop.sendTemplate(shop, { number: "551132654321" })
        const nine = yield* Shop.sendTemplate(shop, { number: "5511932654321" })
        assert.strictEqual(contactOf(twin), contactOf(first))
        assert.notStrictEqual(contactOf(nine), contactOf(landline))
      })
    )

    it.effect("one contact where twenty first messages to a person come at once", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const twin = shop.number.replace(/^(55\d\d)9/u, "$1")
        const answers = yield* Effect.forEach(
          Array.from({ length: 20 }, (_, nth) => (nth % 2 === 0 ? shop.number : twin)),
          (number) => Shop.sendTemplate(shop, { number }),
          { concurrency: "unbounded" }
        )
        for (const answer of answers) Told.acceptedOn("/send-message", answer)
        assert.strictEqual(new Set(answers.map(contactOf)).size, 1)
        assert.strictEqual(new Set(answers.map(({ headers }) => headers["message-id"])).size, 20)
        assert.strictEqual(yield* Meta.count(shop), 20)
      })
    )

    it.effect("a contact's new name, and none where none is given", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Shop.sendTemplate(shop, { contact_name: "João" })
        assert.deepInclude(yield* keptOf(yield* Shop.sendTemplate(shop)), { name: "João" })
        assert.deepInclude(yield* keptOf(yield* Shop.sendTemplate(shop, { contact_name: "João da Silva" })), {
          name: "João da Silva"
        })
      })
    )

    it.effect("an open conversation's new queue and status", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const place = yield* otherPlace(shop)
        const first = yield* Shop.sendTemplate(shop)
        assert.deepInclude(yield* keptOf(first), { queue_id: shop.queueId, status_id: shop.statusId })
        const second = yield* Shop.sendTemplate(shop, place)
        assert.strictEqual(contactOf(second), contactOf(first))
        assert.deepInclude(yield* keptOf(second), place)
      })
    )

    it.effect("of a refusal the failed message with its reason, and nothing moved", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const place = yield* otherPlace(shop)
        yield* Shop.sendTemplate(shop, { contact_name: "João" })
        yield* Meta.script(shop, { kind: "graph_error", code: 131_026 })
        const refused = yield* Shop.sendTemplate(shop, { ...place, contact_name: "Outro nome" })
        assert.strictEqual(Told.failureOn("/send-message", refused).code, "meta_rejected")
        assert.deepInclude(yield* keptOf(refused), {
          status: "failed",
          wamid: null,
          failure: { code: "meta_rejected" },
          name: "João",
          queue_id: shop.queueId,
          status_id: shop.statusId
        })
      })
    )

    it.effect("of an unknown outcome everything it was to move", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const place = yield* otherPlace(shop)
        yield* Shop.sendTemplate(shop, { contact_name: "João" })
        yield* Meta.script(shop, { kind: "lost_response" })
        const lost = yield* Shop.sendTemplate(shop, { ...place, contact_name: "João da Silva" })
        assert.strictEqual(Told.failureOn("/send-message", lost).code, "outcome_unknown")
        assert.deepInclude(yield* keptOf(lost), { status: "unknown", wamid: null, name: "João da Silva", ...place })
      })
    )

    it.effect.each(["held", "paused"] as const)("what Meta accepts and keeps (%s) as held", (kind) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Meta.script(shop, { kind })
        const answer = yield* Shop.sendTemplate(shop)
        const wamid = Told.acceptedOn("/send-message", answer)
        assert.deepInclude(yield* keptOf(answer), { status: "held", wamid })
      })
    )

    it.effect("nothing of a request that was refused before its reservation, not even a contact", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        for (const fields of [{ queue_id: 2_000_000_000 }, { variables: {} }, { number: "5500978049825" }]) {
          const { headers } = yield* Shop.sendTemplate(shop, fields)
          assert.isUndefined(headers["message-id"])
          assert.isUndefined(headers["contact-id"])
        }
        const rows = yield* sql`
        select id from contact where instance_id = ${shop.instanceId} and number = ${shop.number}
        union all select contact_id from message where instance_id = ${shop.instanceId}`
        assert.strictEqual(rows.length, 0)
      })
    )
  })
