import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as CampaignDefinition from "../../../core/campaign/CampaignDefinition.ts"
import { orderShipped, plain, templateOf } from "../template/sampleTemplates.ts"

const template = templateOf(orderShipped)

const judged = (definition: unknown, of = template) =>
  Result.flatMap(CampaignDefinition.decode(definition), (read) => CampaignDefinition.judge(read, of))

const problemsOf = (definition: unknown, of = template): ReadonlyArray<string> =>
  Result.match(judged(definition, of), { onSuccess: () => [], onFailure: ({ problems }) => problems })

const variables = {
  nomeCliente: { variable: "nome", default: "amigo" },
  codigo: { variable: "codigo" },
  link: { variable: "rastreio" },
  resposta: { variable: "ausente" }
}
const definition = { name: "Entregas de maio", template_id: 15, variables }

describe("CampaignDefinition", () => {
  it("is a draft of one template with names of its own", () => {
    assert.deepStrictEqual<unknown>(Result.getOrThrow(judged(definition)), {
      name: "Entregas de maio",
      templateId: 15,
      state: "draft",
      variables
    })
  })

  it("may start in another state", () => {
    assert.strictEqual(Result.getOrThrow(judged({ ...definition, state: "active" })).state, "active")
  })

  it("uses the template's names where it gives none", () => {
    const { variables } = Result.getOrThrow(judged({ name: "Entregas", template_id: 15 }))
    assert.deepStrictEqual(variables["rastreio"], { variable: "rastreio" })
    assert.lengthOf(Object.keys(variables), 4)
    assert.deepStrictEqual(Result.getOrThrow(judged({ name: "Oi", template_id: 15 }, templateOf(plain))).variables, {})
  })

  it("may leave out what has a default in the template", () => {
    const { nomeCliente: _, ...others } = variables
    assert.deepStrictEqual(problemsOf({ ...definition, variables: others }), [])
  })

  it.each([
    [
      "a variable the template does not have",
      { ...variables, loja: { variable: "loja" } },
      `variables.loja: o template não tem a variável "loja"; tem nome, codigo, rastreio, ausente.`
    ],
    [
      "a variable every object has",
      { ...variables, loja: { variable: "toString" } },
      `variables.loja: o template não tem a variável "toString"; tem nome, codigo, rastreio, ausente.`
    ],
    [
      "two names for one variable",
      { ...variables, outro: { variable: "nome" } },
      `variables.outro: "nome" já é "nomeCliente" nesta campanha.`
    ],
    [
      "a name that is none",
      { ...variables, "2x": { variable: "nome" } },
      `variables.2x: o nome deve começar por uma letra e ter só letras, dígitos, "_" e "-".`
    ],
    [
      "a blank default",
      { ...variables, link: { variable: "rastreio", default: " " } },
      `variables.link: o valor de "default" está em branco.`
    ],
    [
      "a default Meta would refuse",
      { ...variables, codigo: { variable: "codigo", default: "a\tb" } },
      `variables.codigo: o valor de "default" não pode ter quebra de linha, tabulação nem mais de 4 espaços seguidos.`
    ],
    [
      "a variable without default that gets no name",
      { codigo: variables.codigo, link: variables.link },
      `variables: a variável "ausente" do template não tem "default" nem nome nesta campanha.`
    ]
  ])("refuses %s", (_, variables, problem) => {
    assert.include(problemsOf({ ...definition, variables }), problem)
  })

  it("tells everything else that is wrong with it", () => {
    assert.deepStrictEqual(problemsOf({ ...definition, name: " ", template_id: 16, state: "ativa" }), [
      "name: está em branco.",
      "template_id: não é o template 15.",
      `state: "ativa" não existe; há draft, active, paused, finished.`
    ])
    assert.deepStrictEqual(problemsOf({ name: 1, template_id: "15", variables: { a: "nome" } }), [
      "name: deve ser um texto.",
      "template_id: deve ser um número.",
      "variables.a: deve ser um objeto."
    ])
  })
})
