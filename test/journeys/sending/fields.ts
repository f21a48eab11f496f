import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import * as Http from "../Http.ts"
import * as Meta from "../Meta.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

/** What is no id, whichever it is. */
const noIds = ["5", 5.5, 0, -1, 2_147_483_648, 1e300, null, true, [5], { id: 5 }]

/** `body` as text, with an object in objects in the place of `"deep"`, as no serializer of ours would write it. */
const deep = (body: object, levels: number): string =>
  JSON.stringify(body).replace('"deep"', `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`)

const refusal = (path: "/send-message" | "/sendmessage", shop: Shop.Shop, fields: Readonly<Record<string, unknown>>) =>
  Effect.map(path === "/send-message" ? Shop.sendTemplate(shop, fields) : Shop.sendDirect(shop, fields), (answer) =>
    Told.failureOn(path, answer)
  )

export const fields = (it: Product.It) =>
  describe("The fields of a request", () => {
    it.effect.each([
      ["/send-message", "number"],
      ["/send-message", "queue_id"],
      ["/send-message", "status_id"],
      ["/sendmessage", "contact_id"],
      ["/sendmessage", "instance_id"]
    ] as const)("%s names %s where it is missing", ([path, field]) =>
      Effect.gen(function* () {
        const told = yield* refusal(path, yield* Shop.open(), { [field]: undefined })
        assert.deepInclude(told, { code: "missing_field", field })
        assert.include(told.message, field)
      })
    )

    it.effect.each([
      ["/send-message", "template_id"],
      ["/send-message", "queue_id"],
      ["/send-message", "status_id"],
      ["/sendmessage", "contact_id"],
      ["/sendmessage", "instance_id"]
    ] as const)("%s takes a positive JSON integer as %s and nothing else", ([path, field]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const value of noIds) {
          assert.deepInclude(yield* refusal(path, shop, { [field]: value }), { code: "invalid_field", field })
        }
      })
    )

    it.effect("campaign_id is an id too", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const value of noIds) {
          const told = yield* refusal("/send-message", shop, { template_id: undefined, campaign_id: value })
          assert.deepInclude(told, { code: "invalid_field", field: "campaign_id" })
        }
      })
    )

    it.effect.each(["nome", "__proto__", "constructor", "toString", "Number", "queue_id ", ""])(
      'refuses a field it does not know: "%s"',
      (name) =>
        Effect.gen(function* () {
          const shop = yield* Shop.open()
          const { url } = yield* Product.Product
          for (const [path, right] of [
            ["/send-message", Shop.templateBody(shop)],
            ["/sendmessage", Shop.directBody(shop)]
          ] as const) {
            // Written by hand: an object literal would take `__proto__` for something else.
            const body = JSON.stringify(right).replace(/\}$/u, `,${JSON.stringify(name)}:{"a":1}}`)
            const answer = yield* Http.send(url, {
              path,
              headers: { "content-type": "application/json", apikey: shop.key },
              body
            })
            assert.deepInclude(Told.failureOn(path, answer), { code: "unknown_field", field: name })
          }
          assert.strictEqual(yield* Meta.count(shop), 0)
        })
    )

    it.effect.each([
      ["a plus sign", "+5511978049825", "invalid_number"],
      ["spaces", "55 11 97804 9825", "invalid_number"],
      ["punctuation", "(11) 97804-9825", "invalid_number"],
      ["letters", "55119780498ab", "invalid_number"],
      ["nothing", "", "invalid_number"],
      ["a NUL", "5511978049825\u0000", "invalid_number"],
      ["a line break at its end", "5511978049825\n", "invalid_number"],
      ["digits of another script", "५५११९७८०४९८२५", "invalid_number"],
      ["half a character", "551197804982\ud800", "invalid_number"],
      ["no country code", "2134567890", "invalid_number"],
      ["too few digits", "5511", "invalid_number"],
      ["too many digits", "551197804982512", "invalid_number"],
      ["thousands of digits", "5".repeat(10_000), "invalid_number"],
      ["an area code that does not exist", "5520978049825", "invalid_number"],
      ["a zero after the area code", "551108049825", "invalid_number"],
      ["nine digits that do not begin with 9", "5511878049825", "invalid_number"],
      ["a length that its country does not have", "35196123456", "invalid_number"],
      ["a JSON number", 5511978049825, "invalid_field"],
      ["null", null, "invalid_field"],
      ["a list", ["5511978049825"], "invalid_field"],
      ["an object", { digits: "5511978049825" }, "invalid_field"]
    ] as const)("number with %s: 400 that shows a right one", ([, number, code]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const told = yield* refusal("/send-message", shop, { number })
        assert.deepInclude(told, { code, field: "number" })
        assert.include(told.message, '"5511978049825"')
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect.each([
      ["a mobile", "5511978049825"],
      ["a mobile without its ninth digit", "551178049825"],
      ["a landline", "551132654321"],
      ["another country's", "14155550123"]
    ] as const)("number of %s goes to Meta as it came, with a plus sign", ([, number]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, { number }))
        const [sent] = yield* Meta.sends(shop)
        assert.strictEqual(sent?.body["to"], `+${number}`)
      })
    )

    it.effect("exactly one of template_id and campaign_id", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const fields of [{ template_id: undefined }, { campaign_id: shop.campaignId }]) {
          const told = yield* refusal("/send-message", shop, fields)
          assert.strictEqual(told.code, "one_of_required")
          for (const name of ["template_id", "campaign_id"]) assert.include(told.message, name)
        }
      })
    )

    it.effect("exactly one of message_content and media_url", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const fields of [{ message_content: undefined }, { media_url: "https://meusite.com/arquivo.pdf" }]) {
          const told = yield* refusal("/sendmessage", shop, fields)
          assert.strictEqual(told.code, "one_of_required")
          for (const name of ["message_content", "media_url"]) assert.include(told.message, name)
        }
      })
    )

    it.effect.each([
      ["empty", ""],
      ["blank", " \n\t\u00a0"],
      ["too long", "a".repeat(4097)],
      ["too long, of emoji", "👍".repeat(4097)],
      ["with a NUL", "a\u0000b"],
      ["with half a character", "a\udc00"],
      ["a number", 15],
      ["null", null]
    ] as const)("message_content that is %s is refused", ([, message_content]) =>
      Effect.gen(function* () {
        const told = yield* refusal("/sendmessage", yield* Shop.open(), { message_content })
        assert.deepInclude(told, { code: "invalid_field", field: "message_content" })
      })
    )

    it.effect.each([
      ["a letter", "a"],
      ["of 4096 characters", "ã".repeat(4096)],
      ["of 2048 emoji", "👍".repeat(2048)],
      ["with line breaks and quotes", 'Olá,\n"tudo" bem?\\'],
      ["that looks like SQL", "'; drop table message; --"]
    ] as const)("message_content %s goes out as it came", ([, message_content]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/sendmessage", yield* Shop.sendDirect(shop, { message_content }))
        const [sent] = yield* Meta.sends(shop)
        assert.deepStrictEqual(sent?.body["text"], { body: message_content })
      })
    )

    it.effect("contact_name is a text of 1 to 255 characters, and not blank", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const contact_name of ["", "  ", "a".repeat(256), "a\u0000", "a\ud83d", 5, null, ["Maria"]]) {
          const told = yield* refusal("/send-message", shop, { contact_name })
          assert.deepInclude(told, { code: "invalid_field", field: "contact_name" })
        }
        for (const contact_name of ["a", "🙂".repeat(255), "João D'Ávila"]) {
          Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, { contact_name }))
        }
      })
    )

    it.effect("variables is an object of texts, numbers and booleans, written as text", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const variables of [null, "nome", 1, ["João"], true]) {
          assert.deepInclude(yield* refusal("/send-message", shop, { variables }), {
            code: "invalid_field",
            field: "variables"
          })
        }
        for (const nome of [null, ["João"], { a: "João" }, 2 ** 63, "a\u0000b", "a\ud83d"]) {
          assert.deepInclude(yield* refusal("/send-message", shop, { variables: { nome, codigo: "1" } }), {
            code: "invalid_field",
            field: "variables.nome"
          })
        }
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, { variables: { nome: 2.5, codigo: false } }))
        const [sent] = yield* Meta.sends(shop)
        assert.include(JSON.stringify(sent), '"text":"2.5"')
        assert.include(JSON.stringify(sent), '"text":"false"')
      })
    )

    it.effect("variables nobody asked for are ignored, whatever they are called", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const variables: unknown = JSON.parse(
          '{"nome":"João","codigo":"1","__proto__":"x","constructor":"y","toString":"z","hasOwnProperty":"w","":"v","a b":"u"}'
        )
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, { variables }))
        const [sent] = yield* Meta.sends(shop)
        const said = JSON.stringify(sent?.body)
        for (const ignored of ["__proto__", "constructor", "toString", '""', "a b"]) assert.notInclude(said, ignored)
      })
    )

    it.effect.each([
      ["none given", undefined],
      ["an empty object", {}],
      ["empty and blank ones", { nome: "", codigo: " \n\u200b" }],
      ["inherited ones", JSON.parse('{"__proto__":"x"}')]
    ] as const)("missing variables are all listed at once: %s", ([, variables]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const told = yield* refusal("/send-message", shop, { variables })
        assert.deepInclude(told, {
          code: "missing_variables",
          field: "variables",
          message: "Faltam os valores das variáveis nome e codigo."
        })
        const campaign = { variables, template_id: undefined, campaign_id: shop.campaignId }
        const said = yield* refusal("/send-message", shop, campaign)
        assert.strictEqual(said.message, "Faltam os valores das variáveis nomeCliente e codigo.")
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect.each([
      ["a line break", "João\nda Silva"],
      ["a tab", "João\tda Silva"],
      ["five spaces", "João     da Silva"],
      ["more than the body takes", "a".repeat(1025)]
    ] as const)("a variable with %s, which Meta would refuse, is refused before Meta is asked", ([, nome]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const told = yield* refusal("/send-message", shop, { variables: { nome, codigo: "1" } })
        assert.strictEqual(told.code, "invalid_variable")
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect("a body nested thousands of levels deep is refused like any other", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const { url } = yield* Product.Product
        const headers = { "content-type": "application/json", apikey: shop.key }
        for (const [path, body, code] of [
          ["/send-message", Shop.templateBody(shop, { extra: "deep" }), "unknown_field"],
          ["/send-message", Shop.templateBody(shop, { variables: { nome: "deep" } }), "invalid_field"],
          ["/sendmessage", Shop.directBody(shop, { contact_id: "deep" }), "invalid_field"]
        ] as const) {
          const answer = yield* Http.send(url, { path, headers, body: deep(body, 10_000) })
          assert.strictEqual(Told.failureOn(path, answer).code, code)
        }
      })
    )

    it.effect.each(["a b", "", "á", "a".repeat(256), "a\tb"])('refuses "%.20s" as Idempotency-Key', (key) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const headers = { "idempotency-key": key }
        for (const [path, answer] of [
          ["/send-message", yield* Shop.sendTemplate(shop, {}, headers)],
          ["/sendmessage", yield* Shop.sendDirect(shop, {}, headers)]
        ] as const) {
          assert.strictEqual(Told.failureOn(path, answer).code, "invalid_idempotency_key")
        }
      })
    )
  })
