import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { callerNameOf, Campaign, CampaignId, isActive, toTemplateValues } from "../../../core/campaign/Campaign.ts"
import { compile } from "../../../core/template/CompiledTemplate.ts"
import { substitute } from "../../../core/template/Substitution.ts"
import { TemplateId } from "../../../core/template/Template.ts"
import { contentOf, orderShipped } from "../template/sampleTemplates.ts"

/** `nome` (default "cliente"), `codigo`, `rastreio`, `ausente`. */
const template = compile(contentOf(orderShipped))

const campaign = new Campaign({
  id: CampaignId.make(3),
  name: "Entregas de maio",
  templateId: TemplateId.make(15),
  state: "active",
  variables: {
    nomeCliente: { variable: "nome", default: "amigo" },
    codigo: { variable: "codigo" },
    link: { variable: "rastreio" },
    resposta: { variable: "ausente", default: "AUSENTE" }
  }
})

const send = (values: Readonly<Record<string, string>>, of: Pick<Campaign, "variables"> = campaign) =>
  substitute(template, toTemplateValues(of, values), callerNameOf(of))

const textOf = (values: Readonly<Record<string, string>>, of?: Pick<Campaign, "variables">) =>
  Result.getOrThrow(send(values, of)).text

const refused = (values: Readonly<Record<string, string>>, of?: Pick<Campaign, "variables">) =>
  Result.getOrThrow(Result.flip(send(values, of)))

describe("Campaign", () => {
  it("fills the template under names of its own", () => {
    assert.include(textOf({ nomeCliente: "João", codigo: "ABC", link: "x" }), "Olá João, o pedido ABC saiu")
  })

  it.each([
    ["missing", {}],
    ["empty", { nomeCliente: "" }],
    ["blank", { nomeCliente: " \u200b" }]
  ])("its default wins over the template's where a value is %s", (_, values: Readonly<Record<string, string>>) => {
    assert.include(textOf({ codigo: "ABC", link: "x", ...values }), "Olá amigo,")
  })

  it("without a default of its own, the template's is used", () => {
    const bare = { variables: { ...campaign.variables, nomeCliente: { variable: "nome" } } }
    assert.include(textOf({ codigo: "ABC", link: "x" }, bare), "Olá cliente,")
  })

  it("what is missing is listed by the campaign's names", () => {
    const failure = refused({ nome: "João", rastreio: "x" })
    assert.deepStrictEqual(
      [failure.code, failure.message],
      ["missing_variables", "Faltam os valores das variáveis codigo e link."]
    )
  })

  it("a value that Meta would refuse is told by the campaign's name", () => {
    const failure = refused({ nomeCliente: "a\nb", codigo: "A", link: "x" })
    assert.strictEqual(failure.field, "variables.nomeCliente")
    assert.include(failure.message, `"nomeCliente"`)
  })

  it("a name that the campaign replaced no longer counts", () => {
    assert.include(textOf({ nome: "Maria", codigo: "ABC", link: "x" }), "Olá amigo,")
  })

  it("a template variable without a name in the campaign keeps its own name and default", () => {
    const bare = { variables: { link: { variable: "rastreio" }, resposta: { variable: "ausente", default: "A" } } }
    assert.include(textOf({ codigo: "ABC", link: "x" }, bare), "Olá cliente, o pedido ABC")
    assert.include(textOf({ nome: "Ana", codigo: "ABC", link: "x" }, bare), "Olá Ana, ")
    assert.strictEqual(refused({ link: "x" }, bare).message, "Falta o valor da variável codigo.")
  })

  it("two names may be exchanged", () => {
    const exchanged = { codigo: { variable: "nome" }, nome: { variable: "codigo" } }
    const { nome, codigo } = toTemplateValues({ variables: exchanged }, { codigo: "João", nome: "ABC" })
    assert.deepStrictEqual([nome, codigo], ["João", "ABC"])
  })

  it.prop(
    "a renamed value is the value",
    [Schema.String.check(Schema.isMaxLength(20)), Schema.Boolean],
    ([value, blank]) => {
      const given = blank ? "" : `x${value}`
      const { nome } = toTemplateValues(campaign, { nomeCliente: given })
      assert.strictEqual(nome, blank ? "amigo" : given)
    }
  )

  it("sends while it is active, and in no other state", () => {
    assert.isTrue(isActive(campaign))
    for (const state of ["draft", "paused", "finished"] as const) assert.isFalse(isActive({ state }))
  })

  it("is the same after a trip through JSON", () => {
    const json = JSON.stringify(Schema.encodeSync(Campaign)(campaign))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Campaign)(JSON.parse(json)), campaign)
  })
})
