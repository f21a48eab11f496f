/** An integrator asks what became of messages, and whether a contact may be written to. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { eventually } from "./Child.ts"
import * as Http from "./Http.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"
import * as Webhook from "./Webhook.ts"

/** The HTTP app, which takes webhooks too, and a worker that applies them. */
const running = Layer.effect(
  Product.Product,
  Effect.gen(function* () {
    const { httpApp, simulatorUrl, worker } = yield* Product.Apart
    yield* worker
    return Product.Product.of({ ...(yield* httpApp({ META_APP_SECRETS: Webhook.secret })), simulatorUrl })
  })
).pipe(Layer.provideMerge(Product.layerApart))

const ask = Effect.fnUntraced(function* (shop: Shop.Shop, path: string, method = "GET") {
  const { url } = yield* Product.Product
  return yield* Http.send(url, { method, path, headers: { apikey: shop.key } })
})

const Message = Schema.Struct({
  id: Schema.String,
  wamid: Schema.NullOr(Schema.String),
  direction: Schema.Literals(["inbound", "outbound"]),
  status: Schema.String,
  contact_id: Schema.Int,
  text: Schema.String,
  conversation: Schema.Struct({ id: Schema.Int, queue_id: Schema.NullOr(Schema.Int), open: Schema.Boolean }),
  reason: Schema.optionalKey(Schema.NullOr(Schema.String)),
  error: Schema.optionalKey(Schema.NullOr(Schema.Struct({ code: Schema.String, action: Schema.String }))),
  timeline: Schema.optionalKey(Schema.Array(Schema.Struct({ status: Schema.String, source: Schema.String })))
})
const readMessage = Schema.decodeUnknownSync(Message)
const readPage = Schema.decodeUnknownSync(
  Schema.Struct({ data: Schema.Array(Message), next_cursor: Schema.NullOr(Schema.String) })
)
const readFeed = Schema.decodeUnknownSync(
  Schema.Struct({
    data: Schema.Array(
      Schema.Struct({ id: Schema.String, type: Schema.String, data: Schema.Record(Schema.String, Schema.Unknown) })
    ),
    next_cursor: Schema.String
  })
)

const messageOf = (shop: Shop.Shop, name: string) =>
  Effect.map(ask(shop, `/v1/messages/${encodeURIComponent(name)}`), ({ json, status }) => {
    assert.strictEqual(status, 200)
    return readMessage(json)
  })

const pageOf = (shop: Shop.Shop, query: string) =>
  Effect.map(ask(shop, `/v1/messages?${query}`), ({ json, status }) => {
    assert.strictEqual(status, 200, JSON.stringify(json))
    return readPage(json)
  })

const hear = Effect.fnUntraced(function* (payload: unknown) {
  const { url } = yield* Product.Product
  yield* Webhook.deliver(() => url, payload)
})

const send = Effect.fnUntraced(function* (shop: Shop.Shop, fields: Readonly<Record<string, unknown>> = {}) {
  const answer = yield* Shop.sendTemplate(shop, fields)
  const wamid = Told.acceptedOn("/send-message", answer)
  return { wamid, id: String(answer.headers["message-id"]), contactId: Number(answer.headers["contact-id"]) }
})

const idOf = ({ headers }: Http.Answer): string => String(headers["message-id"])

/** What an answer says beside the names of its own request. */
const withoutNames = ({ headers, json, status }: Http.Answer) => {
  const { date: _, "request-id": __, ...rest } = headers
  const { request_id: ___, ...problem } = Schema.decodeUnknownSync(Schema.Record(Schema.String, Schema.Unknown))(json)
  return { status, headers: rest, problem }
}

let written = 0
const newWamid = () => `wamid.TE9PS1VQ+/${(written += 1)}==`

layer(running, { excludeTestServices: true, timeout: "60 seconds" })("What became of a message", (it) => {
  it.effect("is told under our id and under Meta's, as far as it is known by then", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      const { contactId, id, wamid } = yield* send(shop)
      const accepted = yield* messageOf(shop, id)
      assert.deepStrictEqual(
        [accepted.id, accepted.wamid, accepted.direction, accepted.status, accepted.contact_id],
        [id, wamid, "outbound", "accepted", contactId]
      )
      assert.strictEqual(accepted.text, "Olá João, o código do seu pedido é ABC123. Guarde esta mensagem.")
      assert.deepInclude(accepted.conversation, { queue_id: shop.queueId, open: true })
      assert.deepStrictEqual(yield* messageOf(shop, wamid), accepted)
      yield* hear(Webhook.statuses(shop, { wamid, status: "delivered" }, { wamid, status: "sent" }))
      const delivered = yield* eventually(
        Effect.tap(messageOf(shop, wamid), ({ status }) => Effect.sync(() => assert.strictEqual(status, "delivered")))
      )
      assert.deepStrictEqual(
        delivered.timeline?.map(({ source, status }) => `${source} ${status}`),
        ["aidesk accepted", "meta sent", "meta delivered"]
      )
    })
  )

  it.effect("that nobody knows comes with what to wait for, and one that failed with what to do", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      // No answer comes although the send was accepted; Meta's refusal for good.
      const lost = idOf(yield* Shop.sendTemplate(shop, { number: "5511992000002" }))
      const refused = idOf(yield* Shop.sendTemplate(shop, { number: "5511990131026" }))
      const unknown = yield* messageOf(shop, lost)
      assert.deepStrictEqual([unknown.status, unknown.wamid], ["unknown", null])
      assert.match(unknown.reason ?? "", /Não repita/u)
      const failed = yield* messageOf(shop, refused)
      assert.deepStrictEqual([failed.status, failed.error?.code, failed.reason], ["failed", "meta_rejected", null])
      assert.isNotEmpty(failed.error?.action)
      for (const [status, id] of [
        ["unknown", lost],
        ["failed", refused]
      ]) {
        const { data } = yield* pageOf(shop, `status=${status}`)
        assert.deepStrictEqual(
          data.map((message) => message.id),
          [id]
        )
      }
    })
  )

  it.effect("what a contact wrote stands beside it, opens the window, and is found by its own ids", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      const { contactId, id } = yield* send(shop)
      const closed = yield* ask(shop, `/v1/contacts/${contactId}/window`)
      assert.deepInclude(closed.json, { contact_id: contactId, open: false, closes_at: null, reason: "never_wrote" })
      const wamid = newWamid()
      yield* hear(Webhook.text(shop, shop.number, "Chegou, obrigado!", wamid))
      const answered = yield* eventually(messageOf(shop, wamid))
      assert.deepInclude(answered, { direction: "inbound", status: "received", text: "Chegou, obrigado!" })
      const open = yield* ask(shop, `/v1/contacts/${contactId}/window`)
      assert.deepInclude(open.json, { contact_id: contactId, open: true, reason: "customer_wrote" })
      const contact = yield* ask(shop, `/v1/contacts/${contactId}`)
      assert.deepInclude(contact.json, { id: contactId, number: shop.number, opted_out: null })
      const both = yield* pageOf(shop, `contact_id=${contactId}`)
      assert.deepStrictEqual(
        both.data.map((message) => message.id),
        [answered.id, id]
      )
      assert.isNull(both.next_cursor)
      const talk = yield* pageOf(shop, `conversation_id=${answered.conversation.id}&direction=inbound`)
      assert.lengthOf(talk.data, 1)
    })
  )

  it.effect("is listed page by page, while more is sent", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      const sent = yield* Effect.replicateEffect(send(shop), 5)
      const since = new Date(Date.now() - 600_000).toISOString()
      let page = yield* pageOf(shop, `limit=2&status=accepted&since=${since}`)
      const ids = page.data.map(({ id }) => id)
      while (page.next_cursor !== null) {
        yield* send(shop)
        page = yield* pageOf(shop, `limit=2&status=accepted&since=${since}&cursor=${page.next_cursor}`)
        ids.push(...page.data.map(({ id }) => id))
      }
      assert.deepStrictEqual(ids, sent.map(({ id }) => id).toReversed())
    })
  )

  it.effect("of another instance answers as what never existed, in every word", () =>
    Effect.gen(function* () {
      const [shop, other] = yield* Effect.all([Shop.open(), Shop.open()])
      const { contactId, id, wamid } = yield* send(other)
      const unknownId = "019c0000-0000-7000-8000-0123456789ab"
      const pairs = [
        [`/v1/messages/${id}`, `/v1/messages/${unknownId}`],
        [`/v1/messages/${encodeURIComponent(wamid)}`, `/v1/messages/${encodeURIComponent(newWamid())}`],
        [`/v1/messages/${id}/media`, `/v1/messages/${unknownId}/media`],
        [`/v1/contacts/${contactId}`, "/v1/contacts/2147483647"],
        [`/v1/contacts/${contactId}/window`, "/v1/contacts/2147483647/window"]
      ] as const
      for (const [theirs, nobodys] of pairs) {
        const [one, two] = yield* Effect.all([ask(shop, theirs), ask(shop, nobodys)])
        assert.strictEqual(one.status, 404, theirs)
        assert.deepStrictEqual(withoutNames(one), withoutNames(two))
        Told.failureOn(theirs, one)
      }
      const conversationId = (yield* messageOf(other, id)).conversation.id
      for (const query of [
        `contact_id=${contactId}`,
        `conversation_id=${conversationId}`,
        `campaign_id=${other.campaignId}`
      ]) {
        assert.deepStrictEqual(yield* pageOf(shop, query), { data: [], next_cursor: null })
      }
      assert.deepStrictEqual(readFeed((yield* ask(shop, "/v1/events")).json).data, [])
    })
  )

  it.effect("is told in the feed, each news once, to whoever follows its cursors", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      const start = readFeed((yield* ask(shop, "/v1/events?limit=1")).json)
      assert.deepStrictEqual(start.data, [])
      const sent = yield* Effect.replicateEffect(send(shop), 3)
      yield* hear(Webhook.statuses(shop, ...sent.map(({ wamid }) => ({ wamid, status: "read" }))))
      const told: Array<string> = []
      let cursor = start.next_cursor
      yield* eventually(
        Effect.gen(function* () {
          const page = readFeed((yield* ask(shop, `/v1/events?limit=2&after=${encodeURIComponent(cursor)}`)).json)
          cursor = page.next_cursor
          told.push(...page.data.map(({ data, type }) => `${type} ${String(data["message_id"])}`))
          assert.isAtLeast(told.length, 6)
        })
      )
      const expected = sent.flatMap(({ id }) => [`message.accepted ${id}`, `message.read ${id}`])
      assert.deepStrictEqual(told.toSorted(), expected.toSorted())
      for (const after of ["x", "", "1.2.3"]) {
        const refused = yield* ask(shop, `/v1/events?after=${after}`)
        assert.strictEqual(Told.failureOn("/v1/events", refused).code, "invalid_cursor")
      }
    })
  )

  it.effect("is asked for by GET and HEAD, with the instance's key", () =>
    Effect.gen(function* () {
      const shop = yield* Shop.open()
      const { id } = yield* send(shop)
      const head = yield* ask(shop, `/v1/messages/${id}`, "HEAD")
      assert.deepStrictEqual([head.status, head.text], [200, ""])
      const posted = yield* ask(shop, `/v1/messages/${id}`, "POST")
      assert.strictEqual(Told.failureOn("/v1/messages", posted).code, "method_not_allowed")
      assert.strictEqual(posted.headers["allow"], "GET, HEAD")
      const stranger = yield* ask({ ...shop, key: "ad_test_wrong" }, `/v1/messages/${id}`)
      assert.strictEqual(Told.failureOn("/v1/messages", stranger).code, "invalid_api_key")
    })
  )
})
