import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as TemplateDefinition from "../../../core/template/TemplateDefinition.ts"
import * as samples from "./sampleTemplates.ts"

const problemsOf = (definition: unknown): ReadonlyArray<string> =>
  Result.match(TemplateDefinition.decode(definition), {
    onSuccess: () => [],
    onFailure: ({ problems }) => problems
  })

const body = (text: string, variables: unknown = {}, more: object = {}) => ({
  name: "aviso",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  components: [{ type: "BODY", text }],
  variables,
  ...more
})

const first = { component: "body", position: 1 }

describe("TemplateDefinition", () => {
  it("keeps what sending needs and drops the rest of Meta's object", () => {
    assert.deepStrictEqual(samples.contentOf(samples.coupon), {
      name: "cupom_de_volta",
      language: "pt_BR",
      category: "MARKETING",
      status: "APPROVED",
      parameterFormat: "POSITIONAL",
      components: [
        { type: "BODY", text: "Use {{1}} e ganhe {{2}} de desconto no frete." },
        { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Parar" }, { type: "COPY_CODE" }] }
      ],
      variables: {
        cupom: { component: "body", position: 1, also: [{ component: "button", position: 1 }] },
        desconto: { component: "body", position: 2 }
      }
    })
  })

  it("takes upper and lower case, hyphens in the language, and a position as number or digits", () => {
    const given = body(
      "Oi {{1}}!",
      { nome: { component: "Body", position: "1" } },
      { language: "pt-br", status: "approved" }
    )
    const { language, status, variables } = samples.contentOf(given)
    assert.deepStrictEqual([language, status], ["pt_BR", "APPROVED"])
    assert.deepStrictEqual(variables, { nome: { component: "body", position: "1" } })
  })

  it("gives an authentication template the texts that Meta writes", () => {
    const { components } = samples.contentOf(samples.oneTimeCodeAsCreated)
    assert.deepStrictEqual(components.slice(0, 2), [
      { type: "BODY", text: "*{{1}}* é o seu código de verificação. Para sua segurança, não o compartilhe." },
      { type: "FOOTER", text: "Este código expira em 10 minutos." }
    ])
    const english = samples.contentOf({ ...samples.oneTimeCodeAsCreated, language: "en_US" })
    assert.deepInclude(english.components[0], {
      text: "*{{1}}* is your verification code. For your security, do not share this code."
    })
  })

  describe("variables", () => {
    it("named placeholders that nobody declared keep their names, one variable for all places of a name", () => {
      const { parameterFormat, variables } = samples.contentOf(samples.named)
      assert.strictEqual(parameterFormat, "NAMED")
      assert.deepStrictEqual(variables, {
        paciente: { component: "header", position: "paciente", also: [{ component: "body", position: "paciente" }] },
        medica: { component: "body", position: "medica" },
        data: { component: "body", position: "data" }
      })
    })

    it("a named placeholder may have another name with us", () => {
      const { variables } = samples.contentOf(
        body("Olá {{customer_name}} e {{guest}}.", { cliente: { component: "body", position: "customer_name" } })
      )
      assert.deepStrictEqual(Object.keys(variables), ["cliente", "guest"])
    })

    it("named placeholders are recognized where Meta leaves parameter_format out", () => {
      assert.strictEqual(samples.contentOf(body("Olá {{nome}}.")).parameterFormat, "NAMED")
      assert.strictEqual(samples.contentOf(body("Olá {{1}}.", { nome: first })).parameterFormat, "POSITIONAL")
    })

    it.each([
      [
        "a positional placeholder",
        body("Olá {{1}}."),
        `{{1}} do corpo não tem variável; declare, por exemplo, "nome": {"component":"body","position":1}`
      ],
      [
        "the link of a media header",
        { ...samples.image, variables: {} },
        `link da mídia do cabeçalho não tem variável; declare, por exemplo, "nome": {"component":"header","position":"link"}`
      ],
      [
        "the end of a URL",
        { ...samples.orderShipped, variables: { ...samples.orderShipped.variables, rastreio: undefined } },
        ""
      ]
    ])("%s needs a name", (_, definition, problem) => {
      const json: unknown = JSON.parse(JSON.stringify(definition))
      assert.deepStrictEqual(problemsOf(json), [
        `variables: ${problem || `final do endereço do botão 0 não tem variável; declare, por exemplo, "nome": {"component":"button","position":0}`}.`
      ])
    })

    it("every place of a location needs a name", () => {
      assert.lengthOf(problemsOf({ ...samples.location, variables: {} }), 4)
    })

    it("payloads, flow tokens and file names may go without", () => {
      assert.deepStrictEqual(problemsOf(samples.flow), [])
      assert.deepStrictEqual(
        problemsOf({ ...samples.document, variables: { boleto: { component: "header", position: "link" } } }),
        []
      )
    })

    it.each([
      [
        "an unknown component",
        { a: { component: "rodape", position: 1 }, b: first },
        `variables.a: o componente "rodape" não existe; há "header", "body" e "button".`
      ],
      [
        "a place the template does not have",
        { a: { component: "body", position: 3 }, b: first },
        `variables.a: o template não tem {"component":"body","position":3}; tem {"component":"body","position":1}.`
      ],
      ["a place that is taken", { a: first, b: first }, `variables.b: {{1}} do corpo já é da variável "a".`],
      [
        "a name that is none",
        { "1": first },
        `variables.1: o nome deve começar por uma letra e ter só letras, dígitos, "_" e "-".`
      ],
      ["a blank default", { a: { ...first, default: " \u200b" } }, `variables.a: o valor de "default" está em branco.`],
      [
        "a default Meta would refuse",
        { a: { ...first, default: "um\ndois" } },
        `variables.a: o valor de "default" não pode ter quebra de linha, tabulação nem mais de 4 espaços seguidos.`
      ]
    ])("refuses %s, naming the variable", (_, variables, problem) => {
      assert.include(problemsOf(body("Olá {{1}}.", variables)), problem)
    })

    it("one variable feeds the body and the button of a one-time code, named by either", () => {
      const byButton = { codigo: { component: "button", position: 0 } }
      assert.deepStrictEqual(problemsOf({ ...samples.oneTimeCodeAsReturned, variables: byButton }), [])
      assert.deepStrictEqual(
        problemsOf({ ...samples.oneTimeCodeAsReturned, variables: { codigo: first, outro: byButton.codigo } }),
        [`variables.outro: {{1}} do corpo já é da variável "codigo".`]
      )
    })
  })

  describe("problems", () => {
    it("tells every fault of form with its place", () => {
      assert.deepStrictEqual(
        problemsOf({
          name: 5,
          components: [{ text: "a" }, { type: "BUTTONS", buttons: {} }],
          variables: { a: { component: "body", position: {} } }
        }),
        [
          "name: deve ser um texto.",
          "language: falta.",
          "category: falta.",
          "status: falta.",
          "components[0].type: falta.",
          "components[1].buttons: deve ser uma lista.",
          "variables.a.position: deve ser um número inteiro ou um texto."
        ]
      )
      assert.deepStrictEqual(problemsOf("x"), ["A definição: deve ser um objeto."])
    })

    it("tells everything of the template that cannot be sent", () => {
      assert.deepStrictEqual(
        problemsOf({
          ...body("", {}, { name: "Olá Mundo", language: "português", parameter_format: "OUTRO" }),
          components: [
            { type: "HEADER", format: "GIF" },
            { type: "CAROUSEL", cards: [] },
            { type: "FOOTER" },
            { type: "BUTTONS", buttons: [{ type: "MPM" }, { type: "URL", text: "Ver" }] }
          ]
        }),
        [
          `name: "Olá Mundo" não é um nome da Meta: letras minúsculas, dígitos e "_".`,
          `language: "português" não é um código de idioma como "pt_BR".`,
          "components[0].format: o cabeçalho GIF não é aceito; há TEXT, IMAGE, VIDEO, DOCUMENT e LOCATION.",
          "components[1]: o componente CAROUSEL não é aceito; há HEADER, BODY, FOOTER e BUTTONS.",
          "components[2].text: falta o texto.",
          "components[3].buttons[0]: o botão MPM não é aceito; há QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP e FLOW.",
          "components[3].buttons[1].url: falta o endereço.",
          "components: falta o BODY.",
          `parameter_format: "OUTRO" não existe; há POSITIONAL e NAMED.`
        ]
      )
    })

    it.each([
      [
        "a gap in the positions",
        body("De {{1}} a {{3}}."),
        "BODY: os placeholders devem ir de {{1}} a {{2}} sem pular nenhum."
      ],
      [
        "a name among positions",
        body("De {{1}} a {{fim}}.", {}, { parameter_format: "POSITIONAL" }),
        "BODY: {{fim}} não serve; com parameter_format POSITIONAL seria um número, como {{1}}."
      ],
      [
        "a position among names",
        body("De {{1}} a {{fim}}."),
        "BODY: {{1}} não serve; com parameter_format NAMED seria um nome em minúsculas, como {{nome_cliente}}."
      ],
      [
        "braces around nothing Meta knows",
        body("Olá {{ Nome }}."),
        "BODY: {{ Nome }} não serve; com parameter_format POSITIONAL seria um número, como {{1}}."
      ],
      [
        "two bodies",
        body(
          "a",
          {},
          {
            components: [
              { type: "BODY", text: "a" },
              { type: "BODY", text: "b" }
            ]
          }
        ),
        "components: há mais de um BODY."
      ],
      [
        "a placeholder in the footer",
        body(
          "a",
          {},
          {
            components: [
              { type: "BODY", text: "a" },
              { type: "FOOTER", text: "{{1}}" }
            ]
          }
        ),
        "FOOTER: cabem 0 placeholders, há 1."
      ],
      [
        "two placeholders in the header",
        body(
          "a",
          {},
          {
            components: [
              { type: "BODY", text: "a" },
              { type: "HEADER", format: "TEXT", text: "{{1}} e {{2}}" }
            ]
          }
        ),
        "HEADER: cabem 1 placeholders, há 2."
      ],
      [
        "a placeholder inside a URL",
        body(
          "a",
          {},
          {
            components: [
              { type: "BODY", text: "a" },
              { type: "BUTTONS", buttons: [{ type: "URL", url: "https://a.example/{{1}}/b" }] }
            ]
          }
        ),
        "BUTTONS[0].url: só cabe um placeholder, no final."
      ]
    ])("refuses %s", (_, definition, problem) => {
      assert.deepStrictEqual(problemsOf(definition), [problem])
    })
  })
})
