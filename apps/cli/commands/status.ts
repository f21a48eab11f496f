import { Effect } from "effect"
import { Command } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import type { Status } from "../../../core/conversation/Conversation.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const viewOf = ({ id, name }: Status) => ({ id, name })

const add = Command.make(
  "add",
  { instanceId: Input.instance, name: Input.name("name", 'Nome do status, como "Novo"'), json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json, name }) {
    const administration = yield* Administration
    const status = yield* administration.addStatus({ instanceId, name })
    yield* Output.done(status, { json, view: viewOf }, ({ id }) => `Status ${id} criado.`)
  })
).pipe(Command.withDescription("Cria um status"), Command.provide(Target.layer))

const list = Command.make(
  "list",
  { instanceId: Input.instance, json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json }) {
    const administration = yield* Administration
    yield* Output.list(
      yield* administration.statuses(instanceId),
      { json, view: viewOf },
      {
        columns: [
          ["id", ({ id }) => String(id)],
          ["nome", ({ name }) => name]
        ],
        none: "Nenhum status."
      }
    )
  })
).pipe(Command.withDescription("Lista os status de uma instância"), Command.provide(Target.layer))

export const status = Command.make("status").pipe(
  Command.withDescription("Status: até onde uma conversa chegou"),
  Command.withSubcommands([add, list])
)
