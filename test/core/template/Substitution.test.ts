import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { compile, compiled } from "../../../core/template/CompiledTemplate.ts"
import { SendComponent } from "../../../core/template/SendComponent.ts"
import { type Filled, substitute } from "../../../core/template/Substitution.ts"
import * as samples from "./sampleTemplates.ts"

type Values = Readonly<Record<string, string>>

const fill = (definition: unknown, values: Values) => substitute(compile(samples.templateOf(definition)), values)

const filled = (definition: unknown, values: Values): Filled => Result.getOrThrow(fill(definition, values))

const refused = (definition: unknown, values: Values) => Result.getOrThrow(Result.flip(fill(definition, values)))

const loud = (name: string): string => name.toUpperCase()

const text = (value: string) => ({ type: "text", text: value })
const button = (sub_type: string, index: string, parameter: unknown) => ({
  type: "button",
  sub_type,
  index,
  parameters: [parameter]
})

const oneTimeCode = [{ type: "body", parameters: [text("48 15")] }, button("url", "0", text("48 15"))]

const kinds: ReadonlyArray<readonly [string, unknown, Values, ReadonlyArray<unknown>]> = [
  ["no variable at all", samples.plain, {}, []],
  [
    "positions: text header, body, end of a URL, payload; a place named twice is one parameter",
    samples.orderShipped,
    { nome: "João", codigo: "ABC123", rastreio: "ABC 123", ausente: "AUSENTE" },
    [
      { type: "header", parameters: [text("ABC123")] },
      { type: "body", parameters: [text("João"), text("ABC123")] },
      button("url", "0", text("ABC%20123")),
      button("quick_reply", "2", { type: "payload", payload: "AUSENTE" })
    ]
  ],
  [
    "names: header and body",
    samples.named,
    { data: "2 de junho", medica: "Dra. Inês", paciente: "Zé" },
    [
      { type: "header", parameters: [{ type: "text", parameter_name: "paciente", text: "Zé" }] },
      {
        type: "body",
        parameters: [
          { type: "text", parameter_name: "paciente", text: "Zé" },
          { type: "text", parameter_name: "medica", text: "Dra. Inês" },
          { type: "text", parameter_name: "data", text: "2 de junho" }
        ]
      }
    ]
  ],
  [
    "image header",
    samples.image,
    { foto: "https://loja.example/foto.jpg" },
    [{ type: "header", parameters: [{ type: "image", image: { link: "https://loja.example/foto.jpg" } }] }]
  ],
  [
    "video header",
    samples.video,
    { filme: "https://loja.example/filme.mp4" },
    [{ type: "header", parameters: [{ type: "video", video: { link: "https://loja.example/filme.mp4" } }] }]
  ],
  [
    "document header with a file name",
    samples.document,
    { boleto: "https://loja.example/b.pdf", arquivo: "boleto de maio.pdf" },
    [
      {
        type: "header",
        parameters: [
          { type: "document", document: { link: "https://loja.example/b.pdf", filename: "boleto de maio.pdf" } }
        ]
      }
    ]
  ],
  [
    "document header without a file name",
    { ...samples.document, variables: { boleto: { component: "header", position: "link" } } },
    { boleto: "https://loja.example/b.pdf" },
    [{ type: "header", parameters: [{ type: "document", document: { link: "https://loja.example/b.pdf" } }] }]
  ],
  [
    "location header",
    samples.location,
    { lat: "-23.5505", lon: "-46.6333", loja: "Loja da Sé", rua: "Praça da Sé, 1" },
    [
      {
        type: "header",
        parameters: [
          {
            type: "location",
            location: { latitude: "-23.5505", longitude: "-46.6333", name: "Loja da Sé", address: "Praça da Sé, 1" }
          }
        ]
      }
    ]
  ],
  [
    "copy-code button",
    samples.coupon,
    { cupom: "VOLTA10", desconto: "10%" },
    [
      { type: "body", parameters: [text("VOLTA10"), text("10%")] },
      button("copy_code", "1", { type: "coupon_code", coupon_code: "VOLTA10" })
    ]
  ],
  [
    "one-time code as created: in body and button, untouched",
    samples.oneTimeCodeAsCreated,
    { codigo: "48 15" },
    oneTimeCode
  ],
  ["one-time code as Meta returns it", samples.oneTimeCodeAsReturned, { codigo: "48 15" }, oneTimeCode],
  ["flow button, which must be named", samples.flow, {}, [{ type: "button", sub_type: "flow", index: "0" }]],
  [
    "one-time code declared by its button",
    { ...samples.oneTimeCodeAsReturned, variables: { senha: { component: "button", position: 0 } } },
    { senha: "48 15" },
    oneTimeCode
  ],
  [
    "parts in any order, positions in any order: the first parameter is {{1}}",
    {
      ...samples.coupon,
      components: [samples.coupon.components[1], { type: "BODY", text: "{{2}} de desconto com {{1}}." }]
    },
    { cupom: "VOLTA10", desconto: "10%" },
    [
      { type: "body", parameters: [text("VOLTA10"), text("10%")] },
      button("copy_code", "1", { type: "coupon_code", coupon_code: "VOLTA10" })
    ]
  ],
  [
    "flow button with a token",
    { ...samples.flow, variables: { ficha: { component: "button", position: 0 } } },
    { ficha: "f-1" },
    [button("flow", "0", { type: "action", action: { flow_token: "f-1" } })]
  ]
]

describe("Substitution", () => {
  describe("sends exactly what Meta takes", () => {
    it.each(kinds)("%s", (_, definition, values, components) => {
      const result = filled(definition, values)
      assert.deepStrictEqual<unknown>(result.components, components)
      assert.isTrue(result.components.every(Schema.is(SendComponent)))
    })
  })

  describe("text and links", () => {
    it("the text is what a person reads: header, body and footer, no buttons", () => {
      assert.strictEqual(
        filled(samples.orderShipped, { nome: "João", codigo: "ABC123", rastreio: "x", ausente: "y" }).text,
        "Pedido ABC123 a caminho\n\nOlá João, o pedido ABC123 saiu para entrega.\nAté já, João!\n\nLoja do Bairro"
      )
    })

    it("reads from header to footer, whatever order Meta lists the parts in", () => {
      const variables = { ...samples.orderShipped.variables, nome: { component: "body", position: 1 } }
      const definition = { ...samples.orderShipped, variables }
      const turned = { ...definition, components: definition.components.toReversed() }
      const values = { nome: "João", codigo: "ABC123", rastreio: "x", ausente: "y" }
      assert.deepStrictEqual(filled(turned, values), filled(definition, values))
      assert.deepStrictEqual(refused(turned, {}), refused(definition, {}))
    })

    it("the file of a header is told apart from the text, to be inspected under the variable's name", () => {
      const { links, text } = filled(samples.document, { boleto: "https://loja.example/b.pdf" })
      assert.deepStrictEqual(links, [{ variable: "boleto", url: "https://loja.example/b.pdf", kind: "document" }])
      assert.strictEqual(text, "Segue o que você pediu.")
      assert.strictEqual(filled(samples.image, { foto: "https://a.example/a.png" }).links[0]?.kind, "image")
      assert.strictEqual(filled(samples.video, { filme: "https://a.example/a.mp4" }).links[0]?.kind, "video")
    })

    it("a placeholder or a replacement pattern inside of a value stays as it is", () => {
      const { components, text } = filled(samples.coupon, { cupom: "{{2}}$&$1", desconto: "{{1}}" })
      assert.strictEqual(text, "Use {{2}}$&$1 e ganhe {{1}} de desconto no frete.")
      assert.deepInclude(components[0], {
        parameters: [
          { type: "text", text: "{{2}}$&$1" },
          { type: "text", text: "{{1}}" }
        ]
      })
    })
  })

  describe("missing values", () => {
    it("all of them are told at once, in the order of the message", () => {
      const failure = refused(samples.orderShipped, {})
      assert.strictEqual(failure.code, "missing_variables")
      assert.strictEqual(failure.field, "variables")
      assert.strictEqual(failure.message, "Faltam os valores das variáveis codigo, rastreio e ausente.")
      assert.strictEqual(refused(samples.image, {}).message, "Falta o valor da variável foto.")
    })

    it.each(["", "   ", "\t\n", "\u00a0\u3000", "\u200b\ufeff", "\u2800", "\u3164\u00ad"])(
      "empty or blank is missing: %j",
      (blank) => {
        assert.strictEqual(refused(samples.image, { foto: blank }).code, "missing_variables")
      }
    )

    it.each([
      ["missing", {}],
      ["empty", { nome: "" }],
      ["blank", { nome: " \u2003" }]
    ])("a default stands in for a value that is %s", (_, values: Values) => {
      const { text } = filled(samples.orderShipped, { codigo: "A1", rastreio: "x", ausente: "y", ...values })
      assert.include(text, "Olá cliente, ")
    })

    it("a value wins over the default, untrimmed", () => {
      const { text } = filled(samples.orderShipped, { nome: " Zé ", codigo: "A1", rastreio: "x", ausente: "y" })
      assert.include(text, "Olá  Zé , ")
    })

    it("variables the template does not have are ignored", () => {
      assert.deepStrictEqual(filled(samples.plain, { sobra: "\n" }), filled(samples.plain, {}))
    })

    it("a name that every object has is missing until it is given", () => {
      const definition = { ...samples.image, variables: { constructor: { component: "header", position: "link" } } }
      assert.strictEqual(refused(definition, {}).message, "Falta o valor da variável constructor.")
    })

    it("a place whose variable got lost is asked for, never sent empty", () => {
      const template = { ...samples.contentOf(samples.orderShipped), variables: {} }
      const result = Result.flip(substitute(compile(template), { nome: "João" }))
      assert.strictEqual(
        Result.getOrThrow(result).message,
        "Faltam os valores das variáveis header:1, body:1, body:2 e button:0."
      )
    })

    it("a template object is made ready once", () => {
      const template = samples.templateOf(samples.plain)
      assert.strictEqual(compiled(template), compiled(template))
      assert.notStrictEqual(compiled(template), compiled(samples.templateOf(samples.plain)))
    })

    it("failures speak of variables as the caller calls them", () => {
      const template = compile(samples.templateOf(samples.oneTimeCodeAsReturned))
      const missing = Result.getOrThrow(Result.flip(substitute(template, {}, loud)))
      assert.strictEqual(missing.message, "Falta o valor da variável CODIGO.")
      const invalid = Result.getOrThrow(Result.flip(substitute(template, { codigo: "x".repeat(16) }, loud)))
      assert.strictEqual(invalid.field, "variables.CODIGO")
    })
  })

  describe("values that Meta would refuse", () => {
    const order = { nome: "João", codigo: "A1", rastreio: "x", ausente: "y" }
    const place = { lat: "0", lon: "0", loja: "Loja", rua: "Rua" }
    const spaced = "não pode ter quebra de linha, tabulação nem mais de 4 espaços seguidos"

    it.each<readonly [string, unknown, Values, string, string]>([
      ["a line break in the body", samples.orderShipped, { ...order, nome: "a\nb" }, "nome", spaced],
      ["a carriage return in the header", samples.orderShipped, { ...order, codigo: "a\rb" }, "codigo", spaced],
      ["a tab in the body", samples.orderShipped, { ...order, nome: "a\tb" }, "nome", spaced],
      ["five spaces in the body", samples.orderShipped, { ...order, nome: "a     b" }, "nome", spaced],
      [
        "a header of more than 60",
        samples.orderShipped,
        { ...order, codigo: "x".repeat(44) },
        "codigo",
        "deixa o cabeçalho com mais de 60 caracteres"
      ],
      [
        "a body of more than 1024, by its longest value",
        samples.orderShipped,
        { ...order, nome: "x".repeat(600) },
        "nome",
        "deixa o corpo da mensagem com mais de 1024 caracteres"
      ],
      [
        "a payload of more than 256",
        samples.orderShipped,
        { ...order, ausente: "x".repeat(257) },
        "ausente",
        "passa do limite de 256 caracteres"
      ],
      [
        "a URL of more than 2000, encoded",
        samples.orderShipped,
        { ...order, rastreio: "é".repeat(340) },
        "rastreio",
        "deixa o endereço do botão com mais de 2000 caracteres"
      ],
      [
        "a coupon of more than 15",
        samples.coupon,
        { cupom: "x".repeat(16), desconto: "1%" },
        "cupom",
        "passa do limite de 15 caracteres"
      ],
      [
        "a one-time code of more than 15",
        samples.oneTimeCodeAsCreated,
        { codigo: "1".repeat(16) },
        "codigo",
        "passa do limite de 15 caracteres"
      ],
      [
        "a latitude beyond the pole",
        samples.location,
        { ...place, lat: "90.1" },
        "lat",
        `não é uma latitude: use graus decimais entre -90 e 90, com ponto, como "-23.5505"`
      ],
      [
        "a longitude with a comma",
        samples.location,
        { ...place, lon: "-46,6" },
        "lon",
        `não é uma longitude: use graus decimais entre -180 e 180, com ponto, como "-46.6333"`
      ],
      [
        "a number in no usual notation",
        samples.location,
        { ...place, lat: "1e1" },
        "lat",
        `não é uma latitude: use graus decimais entre -90 e 90, com ponto, como "-23.5505"`
      ],
      [
        "half a character",
        samples.orderShipped,
        { ...order, rastreio: "\ud83d" },
        "rastreio",
        "tem caracteres que não podem ser enviados (NUL ou emoji cortado ao meio)"
      ],
      [
        "a NUL",
        samples.location,
        { ...place, loja: "a\u0000" },
        "loja",
        "tem caracteres que não podem ser enviados (NUL ou emoji cortado ao meio)"
      ]
    ])("%s", (_, definition, values, variable, reason) => {
      const { code, field, message } = refused(definition, values)
      assert.deepStrictEqual(
        { code, field, message },
        { code: "invalid_variable", field: `variables.${variable}`, message: `A variável "${variable}" ${reason}.` }
      )
    })

    it.each<readonly [string, unknown, Values]>([
      ["four spaces", samples.orderShipped, { ...order, nome: "a    b" }],
      ["a header of 60 emoji and letters", samples.orderShipped, { ...order, codigo: "😀".repeat(43) }],
      ["a one-time code of 15", samples.oneTimeCodeAsCreated, { codigo: "1".repeat(15) }],
      ["a payload of 256", samples.orderShipped, { ...order, ausente: "x".repeat(256) }],
      ["the poles and the date line", samples.location, { ...place, lat: "-90", lon: "180.000" }],
      ["a line break where Meta does not mind", samples.location, { ...place, rua: "Praça da Sé\n1" }]
    ])("%s is fine", (_, definition, values) => {
      assert.isTrue(Result.isSuccess(fill(definition, values)))
    })

    it("a body of exactly 1024 characters is fine, one more is not", () => {
      const definition = {
        ...samples.coupon,
        components: [{ type: "BODY", text: "{{1}}{{2}}!" }],
        variables: { a: { component: "body", position: 1 }, b: { component: "body", position: 2 } }
      }
      assert.isTrue(Result.isSuccess(fill(definition, { a: "é".repeat(1000), b: "😀".repeat(23) })))
      assert.strictEqual(refused(definition, { a: "é".repeat(1000), b: "😀".repeat(24) }).field, "variables.a")
    })
  })

  describe("the end of a URL", () => {
    it.each([
      ["promo/verão 2026?a=1&b=2#topo", "promo/ver%C3%A3o%202026?a=1&b=2#topo"],
      ["ver%C3%A3o", "ver%C3%A3o"],
      ["100% já", "100%25%20j%C3%A1"],
      ["%C3%A3 ã", "%C3%A3%20%C3%A3"],
      [`"<{[\\^|\`]}>`, "%22%3C%7B%5B%5C%5E%7C%60%5D%7D%3E"],
      ["😀", "%F0%9F%98%80"]
    ])("%s is sent as %s", (given, sent) => {
      const { components } = filled(samples.orderShipped, { codigo: "A1", ausente: "y", rastreio: given })
      assert.deepInclude(components[2], { parameters: [{ type: "text", text: sent }] })
    })
  })
})
