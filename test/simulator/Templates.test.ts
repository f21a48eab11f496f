import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TemplateUnacceptable } from "../../adapters/simulator/Simulator.ts"
import { acceptedAs, ledger, refusalOf, request, running, send } from "./RunningSimulator.ts"

const waba = "/v25.0/102290129340398/message_templates"
const Created = Schema.Struct({ id: Schema.String, status: Schema.String, category: Schema.String })
const decodeCreated = Schema.decodeUnknownSync(Created)

const definition = (name: string, fields: object = {}) => ({
  name,
  language: "pt_BR",
  category: "UTILITY",
  components: [{ type: "BODY", text: "Olá {{nome}}, seu código é {{codigo}}." }],
  ...fields
})

const create = (name: string, fields: object = {}, path = waba) => request("POST", path, definition(name, fields))
const created = (name: string, fields: object = {}) =>
  Effect.map(create(name, fields), ({ json }) => decodeCreated(json).id)

const named = (values: Readonly<Record<string, string>>) => ({
  type: "body",
  parameters: Object.entries(values).map(([parameter_name, text]) => ({ type: "text", parameter_name, text }))
})
const positional = (type: "body" | "header", ...values: ReadonlyArray<string>) => ({
  type,
  parameters: values.map((text) => ({ type: "text", text }))
})
const button = (index: number, sub_type: string, parameter: object) => ({
  type: "button",
  index: String(index),
  sub_type,
  parameters: [parameter]
})

const cards = (...of: ReadonlyArray<object>) => [{ type: "carousel", cards: of }]

const use = (name: string, components: ReadonlyArray<object> = [], code = "pt_BR", version = "v25.0") =>
  send({ type: "template", template: { name, language: { code }, components } }, version)

const Listing = Schema.Struct({
  data: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
  paging: Schema.optionalKey(
    Schema.Struct({
      cursors: Schema.Struct({ before: Schema.String, after: Schema.String }),
      next: Schema.optionalKey(Schema.String)
    })
  )
})
const list = (query: string, path = waba) =>
  Effect.map(request("GET", `${path}${query}`), ({ json }) => Schema.decodeUnknownSync(Listing)(json))
const names = ({ data }: typeof Listing.Type) => data.map(({ name }) => name)

layer(running())("Templates", (it) => {
  it.effect("are created approved, and found by id", () =>
    Effect.gen(function* () {
      const answer = yield* create("criado", { components: [{ type: "BODY", text: "Oi", example: { x: ["y"] } }] })
      const { category, id, status } = decodeCreated(answer.json)
      assert.deepStrictEqual([status, category], ["APPROVED", "UTILITY"])
      assert.deepStrictEqual((yield* request("GET", `/v25.0/${id}`)).json, {
        name: "criado",
        parameter_format: "POSITIONAL",
        components: [{ type: "BODY", text: "Oi", example: { x: ["y"] } }],
        language: "pt_BR",
        status: "APPROVED",
        category: "UTILITY",
        id
      })
      const some = yield* request("GET", `/v25.0/${id}?fields=name,quality_score`)
      assert.deepStrictEqual(some.json, { name: "criado", quality_score: { score: "UNKNOWN" }, id })
    })
  )

  it.effect("of one name and language exist once an account, but in any other language and account", () =>
    Effect.gen(function* () {
      yield* create("duplo")
      const again = yield* create("duplo")
      assert.deepInclude(refusalOf(again), { status: 400, code: 100, subcode: 2388024 })
      assert.strictEqual((yield* create("duplo", { language: "en_US" })).status, 200)
      assert.strictEqual((yield* create("duplo", {}, "/v25.0/2/message_templates")).status, 200)
    })
  )

  it.effect.each([
    ["a name with capitals", { name: "Pedido" }],
    ["a name with blanks", { name: "pedido novo" }],
    ["a name over 512 characters", { name: "x".repeat(513) }],
    ["no name", { name: undefined }],
    ["an unknown category", { category: "OTP" }],
    ["no language", { language: undefined }],
    ["a language that is none", { language: "português" }],
    ["no components", { components: [] }],
    ["no body", { components: [{ type: "FOOTER", text: "Loja" }] }],
    ["a body over 1024 characters", { components: [{ type: "BODY", text: "x".repeat(1025) }] }],
    [
      "more than 10 buttons",
      {
        components: [
          { type: "BODY", text: "x" },
          { type: "BUTTONS", buttons: Array.from({ length: 11 }, () => ({ type: "QUICK_REPLY", text: "x" })) }
        ]
      }
    ]
  ] as const)("with %s are refused", ([, fields]) =>
    Effect.map(create("invalido", fields), (answer) => {
      assert.strictEqual(answer.status, 400, answer.text)
      assert.include([100, 131008], refusalOf(answer).code)
    })
  )

  it.effect("are listed in pages, by filters and with the fields asked for", () =>
    Effect.gen(function* () {
      const account = "/v25.0/77/message_templates"
      for (const name of ["um", "dois", "tres"]) yield* create(name, {}, account)
      yield* create("tres", { language: "en_US", category: "MARKETING" }, account)

      const first = yield* list("?limit=3&fields=name,status", account)
      assert.deepStrictEqual(names(first), ["um", "dois", "tres"])
      assert.deepStrictEqual(Object.keys(first.data[0] ?? {}).sort(), ["id", "name", "status"])
      const next = new URL(first.paging?.next ?? "")
      const last = yield* list("", next.pathname + next.search)
      assert.deepStrictEqual(names(last), ["tres"])
      assert.strictEqual(last.paging?.next, undefined)

      assert.strictEqual((yield* list("?name=tres", account)).data.length, 2)
      assert.strictEqual((yield* list("?name=tres&language=en_US", account)).data.length, 1)
      assert.strictEqual((yield* list("?category=MARKETING", account)).data.length, 1)
      assert.deepStrictEqual(yield* list("?status=PAUSED", account), { data: [] })
      assert.strictEqual(refusalOf(yield* request("GET", `${account}?limit=0`)).code, 100)
    })
  )

  it.effect("can be edited while approved, and what was sent before no longer fits", () =>
    Effect.gen(function* () {
      const id = yield* created("editado")
      assert.strictEqual((yield* use("editado", [named({ nome: "Ana", codigo: "1" })])).status, 200)
      const edit = yield* request("POST", `/v25.0/${id}`, { components: [{ type: "BODY", text: "Olá {{nome}}!" }] })
      assert.deepStrictEqual(edit.json, { success: true })
      assert.strictEqual((yield* use("editado", [named({ nome: "Ana" })])).status, 200)
      assert.strictEqual(refusalOf(yield* use("editado", [named({ nome: "Ana", codigo: "1" })])).code, 132018)
      yield* request("POST", `/_simulator/templates/${id}`, { status: "DISABLED" })
      assert.strictEqual(refusalOf(yield* request("POST", `/v25.0/${id}`, { components: [] })).subcode, 2388039)
    })
  )

  it.effect("are deleted by name in every language, by id, or several at once or none", () =>
    Effect.gen(function* () {
      const account = "/v25.0/88/message_templates"
      const ids = yield* Effect.forEach(["a", "b", "c"], (name) =>
        Effect.map(create(name, {}, account), ({ json }) => decodeCreated(json).id)
      )
      yield* create("a", { language: "en_US" }, account)
      const remove = (query: string) => request("DELETE", `${account}?${query}`)

      assert.strictEqual(refusalOf(yield* remove("name=d")).subcode, 2593002)
      assert.strictEqual(refusalOf(yield* remove(`hsm_id=${ids[1]}&name=c`)).subcode, 2593002)
      assert.strictEqual(
        refusalOf(yield* remove(`hsm_ids=${encodeURIComponent(JSON.stringify([ids[1], "1"]))}`)).code,
        100
      )
      assert.strictEqual(refusalOf(yield* remove("")).code, 100)
      assert.strictEqual((yield* list("", account)).data.length, 4)

      assert.deepStrictEqual((yield* remove("name=a")).json, { success: true })
      assert.deepStrictEqual(names(yield* list("", account)), ["b", "c"])
      assert.deepStrictEqual((yield* remove(`hsm_id=${ids[1]}&name=b`)).json, { success: true })
      assert.deepStrictEqual(names(yield* list("", account)), ["c"])
      yield* remove(`hsm_ids=${encodeURIComponent(JSON.stringify([ids[2]]))}`)
      assert.deepStrictEqual(yield* list("", account), { data: [] })
      assert.deepInclude(refusalOf(yield* request("GET", `/v25.0/${ids[0]}`)), { code: 100, subcode: 33 })
    })
  )

  it.effect("need a token", () =>
    Effect.map(request("GET", waba, undefined, {}), (answer) => assert.strictEqual(refusalOf(answer).code, 190))
  )
})

layer(running())("A template message", (it) => {
  it.effect("with its named variables, in any order, is accepted and answered with message_status", () =>
    Effect.gen(function* () {
      yield* create("nomeado")
      const answer = yield* use("nomeado", [named({ codigo: "ABC123", nome: "João" })])
      assert.strictEqual(acceptedAs(answer.json).messages[0]?.message_status, "accepted")
    })
  )

  it.effect("of a name or language that does not exist is refused with 132001", () =>
    Effect.gen(function* () {
      yield* create("existe")
      assert.deepInclude(refusalOf(yield* use("inexistente")), {
        status: 404,
        code: 132001,
        details: "template name (inexistente) does not exist in pt_BR"
      })
      assert.strictEqual(refusalOf(yield* use("existe", [named({ nome: "a", codigo: "b" })], "en_US")).code, 132001)
    })
  )

  it.effect.each([
    ["PAUSED", 132015],
    ["DISABLED", 132016],
    ["PENDING", 132001],
    ["REJECTED", 132001]
  ] as const)("of a template that is %s is refused with %d", ([status, code]) =>
    Effect.gen(function* () {
      const name = status.toLowerCase()
      const id = yield* created(name)
      const { json } = yield* request("POST", `/_simulator/templates/${id}`, { status })
      assert.deepStrictEqual(json, { id, status })
      assert.strictEqual(refusalOf(yield* use(name, [named({ nome: "a", codigo: "b" })])).code, code)
    })
  )

  it.effect("goes again once its template is no longer paused", () =>
    Effect.gen(function* () {
      const id = yield* created("pausado")
      yield* request("POST", `/_simulator/templates/${id}`, { status: "PAUSED" })
      assert.deepStrictEqual((yield* request("POST", `/v25.0/${id}/unpause`)).json, { success: true })
      assert.strictEqual((yield* use("pausado", [named({ nome: "a", codigo: "b" })])).status, 200)
    })
  )

  it.effect.each([
    ["too few values", [named({ nome: "a" })], /number of localizable_params \(1\).*\(2\)/],
    ["too many values", [named({ nome: "a", codigo: "b", c: "c" })], /\(3\).*\(2\)/],
    ["no values", [], /\(0\).*\(2\)/],
    ["a value without a name", [positional("body", "a", "b")], /Parameter name is missing or empty/],
    ["a name that the template lacks", [named({ nome: "a", code: "b" })], /Parameter name code/],
    ["an empty value", [named({ nome: "a", codigo: "" })], /has no text/],
    ["a header that the template lacks", [named({ nome: "a", codigo: "b" }), positional("header", "x")], /header/],
    [
      "a button that the template lacks",
      [named({ nome: "a", codigo: "b" }), button(0, "url", { type: "text", text: "x" })],
      /sub_type invalid at index: 0/
    ],
    ["an unknown component", [named({ nome: "a", codigo: "b" }), { type: "banner" }], /banner/]
  ] as const)("with %s is refused with 132018", ([, components, complaint]) =>
    Effect.gen(function* () {
      yield* create("conferido")
      const refusal = refusalOf(yield* use("conferido", components))
      assert.deepInclude(refusal, { status: 400, code: 132018 })
      assert.match(refusal.details ?? "", complaint)
    })
  )

  it.effect("of a positional template counts its values", () =>
    Effect.gen(function* () {
      yield* create("posicional", { components: [{ type: "BODY", text: "Olá {{1}}, {{2}} e {{1}}." }] })
      assert.strictEqual((yield* use("posicional", [positional("body", "a", "b")])).status, 200)
      assert.strictEqual(refusalOf(yield* use("posicional", [positional("body", "a")])).code, 132018)
    })
  )

  it.effect("through a version before v23.0 is refused with 132000 and 132012 instead", () =>
    Effect.gen(function* () {
      yield* create("antigo")
      assert.strictEqual(refusalOf(yield* use("antigo", [named({ nome: "a" })], "pt_BR", "v22.0")).code, 132000)
      assert.strictEqual(refusalOf(yield* use("antigo", [positional("body", "a", "b")], "pt_BR", "v22.0")).code, 132012)
    })
  )

  it.effect("whose text grows over 1024 characters is refused with 132005", () =>
    Effect.gen(function* () {
      yield* create("longo")
      assert.strictEqual(refusalOf(yield* use("longo", [named({ nome: "x".repeat(1020), codigo: "a" })])).code, 132005)
    })
  )

  it.effect.each([
    ["IMAGE", { type: "image", image: { link: "https://exemplo.com.br/a.jpg" } }],
    ["VIDEO", { type: "video", video: { id: "1" } }],
    ["DOCUMENT", { type: "document", document: { link: "https://exemplo.com.br/a.pdf", filename: "a.pdf" } }],
    ["LOCATION", { type: "location", location: { latitude: -23.5, longitude: -46.6, name: "Sé", address: "SP" } }]
  ] as const)("with a header of format %s brings it", ([format, parameter]) =>
    Effect.gen(function* () {
      const name = `cabecalho_${format.toLowerCase()}`
      yield* create(name, {
        components: [
          { type: "HEADER", format },
          { type: "BODY", text: "Oi" }
        ]
      })
      assert.strictEqual((yield* use(name, [{ type: "header", parameters: [parameter] }])).status, 200)
      const without = refusalOf(yield* use(name))
      assert.strictEqual(without.code, 132018)
      assert.include(without.details, `expected ${format}, received UNKNOWN`)
      const other = refusalOf(yield* use(name, [positional("header", "x")]))
      assert.include(other.details, `expected ${format}, received TEXT`)
    })
  )

  it.effect("with buttons brings what they need", () =>
    Effect.gen(function* () {
      yield* create("botoes", {
        components: [
          { type: "HEADER", format: "TEXT", text: "Oi {{1}}" },
          { type: "BODY", text: "Oi" },
          {
            type: "BUTTONS",
            buttons: [
              { type: "QUICK_REPLY", text: "Parar" },
              { type: "URL", text: "Ver", url: "https://exemplo.com.br/{{1}}" },
              { type: "COPY_CODE", example: "ABC" },
              { type: "URL", text: "Site", url: "https://exemplo.com.br" },
              { type: "PHONE_NUMBER", text: "Ligar", phone_number: "+551133334444" }
            ]
          }
        ]
      })
      const header = positional("header", "Ana")
      const url = button(1, "url", { type: "text", text: "pedido" })
      const code = button(2, "COPY_CODE", { type: "coupon_code", coupon_code: "25OFF" })
      const reply = button(0, "quick_reply", { type: "payload", payload: "parar" })
      const complaint = (...components: ReadonlyArray<object>) =>
        Effect.map(use("botoes", components), (answer) => refusalOf(answer).details ?? "")

      assert.strictEqual((yield* use("botoes", [header, url, code])).status, 200)
      assert.strictEqual((yield* use("botoes", [header, url, code, reply])).status, 200)
      assert.include(yield* complaint(header, code), "Button at index 1 of type Url requires a parameter")
      assert.include(yield* complaint(header, url), "Button at index 2 of type Copy_code requires a parameter")
      assert.include(yield* complaint(url, code), "header: number of localizable_params (0)")
      const wrong = [button(1, "url", { type: "text", text: "" }), button(3, "url", { type: "text", text: "x" })]
      assert.include(yield* complaint(header, code, wrong[0] ?? {}), "Button at index 1")
      assert.include(yield* complaint(header, url, code, wrong[1] ?? {}), "sub_type invalid at index: 3")
    })
  )

  it.effect("with a one-time code brings it twice, and reaches no business-scoped id", () =>
    Effect.gen(function* () {
      yield* create("codigo", {
        category: "AUTHENTICATION",
        components: [
          { type: "BODY", add_security_recommendation: true },
          { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "Copiar" }] }
        ]
      })
      const both = [positional("body", "123456"), button(0, "url", { type: "text", text: "123456" })]
      assert.strictEqual((yield* use("codigo", both)).status, 200)
      assert.strictEqual(refusalOf(yield* use("codigo", both.slice(0, 1))).code, 132018)
      const template = { name: "codigo", language: { code: "pt_BR" }, components: both }
      const toUser = yield* send({ type: "template", template, to: undefined, recipient: "BR.1" })
      assert.strictEqual(refusalOf(toUser).code, 131062)
    })
  )

  it.effect("with a carousel brings as many cards, each with what it needs", () =>
    Effect.gen(function* () {
      const card = {
        components: [
          { type: "HEADER", format: "IMAGE" },
          { type: "BODY", text: "Olá {{1}}" }
        ]
      }
      yield* create("carrossel", {
        components: [
          { type: "BODY", text: "Oi" },
          { type: "CAROUSEL", cards: [card, card] }
        ]
      })
      const header = { type: "header", parameters: [{ type: "image", image: { id: "1" } }] }
      const sent = (card_index: number) => ({ card_index, components: [header, positional("body", "Ana")] })
      assert.strictEqual((yield* use("carrossel", cards(sent(0), sent(1)))).status, 200)
      assert.include(refusalOf(yield* use("carrossel", cards(sent(0)))).details, "carousel")
      const bare = refusalOf(yield* use("carrossel", cards(sent(0), { card_index: 1, components: [header] })))
      assert.include(bare.details, "body: number of localizable_params (0)")
    })
  )

  it.effect("with a limited-time offer that expires says when", () =>
    Effect.gen(function* () {
      yield* create("oferta", {
        category: "MARKETING",
        components: [
          { type: "BODY", text: "Só hoje" },
          { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Acaba", has_expiration: true } }
        ]
      })
      const parameter = { type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } }
      const offer = { type: "limited_time_offer", parameters: [parameter] }
      assert.strictEqual((yield* use("oferta", [offer])).status, 200)
      assert.include(refusalOf(yield* use("oferta")).details, "expiration_time_ms")
    })
  )

  it.effect("that is refused is in no ledger", () =>
    Effect.gen(function* () {
      const before = (yield* ledger()).count
      yield* use("inexistente")
      assert.strictEqual((yield* ledger()).count, before)
    })
  )
})

const seeded = { wabaId: "1", template: definition("semente"), status: "PAUSED" as const }

layer(running({ templates: [seeded], unknownTemplates: "accept" }))("A simulator given templates", (it) => {
  it.effect("has them from the start, in the state given", () =>
    Effect.gen(function* () {
      assert.strictEqual(refusalOf(yield* use("semente", [named({ nome: "a", codigo: "b" })])).code, 132015)
      assert.deepStrictEqual(names(yield* list("", "/v25.0/1/message_templates")), ["semente"])
    })
  )

  it.effect("can accept names it does not know, though no other language of those it does", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* use("qualquer", [positional("body", "x")])).status, 200)
      assert.strictEqual(refusalOf(yield* use("semente", [], "en_US")).code, 132001)
    })
  )
})

describe("A simulator given what is no template", () => {
  it.effect("does not start, and says why", () =>
    Effect.gen(function* () {
      const bad = running({ templates: [{ wabaId: "1", template: { name: "Maiúscula" } }] })
      const failure = yield* Effect.flip(Effect.provide(ledger(), bad))
      assert.instanceOf(failure, TemplateUnacceptable)
      assert.include(failure.details, "name")
    })
  )
})
