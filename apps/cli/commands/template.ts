import { Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import { defineTemplate } from "../../../core/administration/define.ts"
import { type Template, TemplateContent, TemplateId } from "../../../core/template/Template.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { listOfInstance } from "./listOfInstance.ts"

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

const list = listOfInstance({
  description: "Lista os templates de uma instância",
  read: (administration, instanceId) => administration.templates(instanceId),
  view: viewOf,
  columns: [
    ["id", ({ id }) => String(id)],
    ["nome", ({ name }) => name],
    ["idioma", ({ language }) => language],
    ["categoria", ({ category }) => category],
    ["estado", ({ status }) => status],
    ["variáveis", ({ variables }) => Object.keys(variables).join(", ")]
  ],
  none: "Nenhum template."
})

const word = /^[A-Z][A-Z_]{1,39}$/u

const setStatus = Command.make(
  "set-status",
  {
    instanceId: Input.instance,
    id: Input.idFlag("template", "Id do template, como em template list"),
    status: Flag.String("status").pipe(
      Flag.withMetavar("palavra"),
      Flag.withDescription("Estado na Meta: APPROVED, PENDING, PAUSED, DISABLED…"),
      Flag.filterMap(
        (text) => Option.liftPredicate(text.trim().toUpperCase(), (status) => word.test(status)),
        () => "uma palavra da Meta, como APPROVED"
      )
    ),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ id, instanceId, json, status }) {
    const administration = yield* Administration
    const template = yield* administration.setTemplateStatus(instanceId, TemplateId.make(id), status)
    yield* Output.done(template, { json, view: viewOf }, ({ name }) => `Template ${id} (${name}): ${status}.`)
  })
).pipe(
  Command.withDescription(
    "Diz em que estado um template está na Meta, antes que o webhook o diga; o próximo webhook vale mais"
  ),
  Command.provide(Target.layer)
)

export const template = Command.make("template").pipe(
  Command.withDescription("Templates: mensagens que a Meta aprovou"),
  Command.withSubcommands([add, list, setStatus])
)
