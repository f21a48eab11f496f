import { Effect, Schema } from "effect"
import { Command } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import { defineTemplate } from "../../../core/administration/define.ts"
import { type Template, TemplateContent } from "../../../core/template/Template.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const encode = Schema.encodeSync(TemplateContent)

/** As `add` takes it, and the id. */
const viewOf = ({ id, ...template }: Template) => {
  const { parameterFormat, ...content } = encode(template)
  return { id, ...content, parameter_format: parameterFormat }
}

const add = Command.make(
  "add",
  {
    path: Input.file("Arquivo JSON com o template como a Meta o tem e as nossas variáveis"),
    instanceId: Input.instance,
    json: Output.json
  },
  Effect.fnUntraced(function* ({ instanceId, json, path }) {
    const template = yield* defineTemplate(instanceId, yield* Input.jsonIn(path))
    yield* Output.done(template, { json, view: viewOf }, ({ id, name }) => `Template ${id} cadastrado (${name}).`)
  })
).pipe(
  Command.withDescription(
    'Cadastra um template: o objeto da Meta (name, language, category, status, components) com "variables": {nome: {component, position, default?}}'
  ),
  Command.provide(Target.layer)
)

const list = Command.make(
  "list",
  { instanceId: Input.instance, json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json }) {
    const administration = yield* Administration
    yield* Output.list(
      yield* administration.templates(instanceId),
      { json, view: viewOf },
      {
        columns: [
          ["id", ({ id }) => String(id)],
          ["nome", ({ name }) => name],
          ["idioma", ({ language }) => language],
          ["categoria", ({ category }) => category],
          ["estado", ({ status }) => status],
          ["variáveis", ({ variables }) => Object.keys(variables).join(", ")]
        ],
        none: "Nenhum template."
      }
    )
  })
).pipe(Command.withDescription("Lista os templates de uma instância"), Command.provide(Target.layer))

export const template = Command.make("template").pipe(
  Command.withDescription("Templates: mensagens que a Meta aprovou"),
  Command.withSubcommands([add, list])
)
