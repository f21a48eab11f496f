import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { activateCampaign } from "../../../core/administration/activateCampaign.ts"
import { defineCampaign } from "../../../core/administration/define.ts"
import { type Campaign, CampaignId } from "../../../core/campaign/Campaign.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { listOfInstance } from "./listOfInstance.ts"

/** As `add` takes it, and the id. */
const viewOf = ({ id, name, state, templateId, variables }: Campaign) => ({
  id,
  name,
  template_id: templateId,
  state,
  variables
})

const add = Command.make(
  "add",
  {
    path: Input.file("Arquivo JSON com a campanha"),
    instanceId: Input.instance,
    active: Flag.Boolean("active").pipe(
      Flag.withDescription("Já ativa, seja qual for o estado no arquivo"),
      Flag.withDefault(false)
    ),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ active, instanceId, json, path }) {
    const definition = yield* Input.jsonIn(path)
    const campaign = yield* defineCampaign(instanceId, definition, active ? { state: "active" } : {})
    yield* Output.done(campaign, { json, view: viewOf }, ({ id, state }) => `Campanha ${id} criada (${state}).`)
  })
).pipe(
  Command.withDescription(
    'Cria uma campanha: {name, template_id, state?, "variables": {nome na campanha: {variable: nome no template, default?}}}'
  ),
  Command.provide(Target.layer)
)

const activate = Command.make(
  "activate",
  { id: Input.id("Id da campanha, como em campaign list"), instanceId: Input.instance, json: Output.json },
  Effect.fnUntraced(function* ({ id, instanceId, json }) {
    const campaign = yield* activateCampaign(instanceId, CampaignId.make(id))
    yield* Output.done(campaign, { json, view: viewOf }, () => `Campanha ${id} ativada.`)
  })
).pipe(Command.withDescription("Ativa uma campanha: só uma ativa envia"), Command.provide(Target.layer))

const list = listOfInstance({
  description: "Lista as campanhas de uma instância",
  read: (administration, instanceId) => administration.campaigns(instanceId),
  view: viewOf,
  columns: [
    ["id", ({ id }) => String(id)],
    ["nome", ({ name }) => name],
    ["template", ({ templateId }) => String(templateId)],
    ["estado", ({ state }) => state],
    ["variáveis", ({ variables }) => Object.keys(variables).join(", ")]
  ],
  none: "Nenhuma campanha."
})

export const campaign = Command.make("campaign").pipe(
  Command.withDescription("Campanhas: um template com nomes de variáveis próprios"),
  Command.withSubcommands([add, activate, list])
)
