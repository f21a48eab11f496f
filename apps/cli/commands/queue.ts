import { Effect } from "effect"
import { Command } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import type { Queue } from "../../../core/conversation/Conversation.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const viewOf = ({ id, name }: Queue) => ({ id, name })

const add = Command.make(
  "add",
  { instanceId: Input.instance, name: Input.name("name", 'Nome da fila, como "Vendas"'), json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json, name }) {
    const administration = yield* Administration
    const queue = yield* administration.addQueue({ instanceId, name })
    yield* Output.done(queue, { json, view: viewOf }, ({ id }) => `Fila ${id} criada.`)
  })
).pipe(Command.withDescription("Cria uma fila"), Command.provide(Target.layer))

const list = Command.make(
  "list",
  { instanceId: Input.instance, json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json }) {
    const administration = yield* Administration
    yield* Output.list(
      yield* administration.queues(instanceId),
      { json, view: viewOf },
      {
        columns: [
          ["id", ({ id }) => String(id)],
          ["nome", ({ name }) => name]
        ],
        none: "Nenhuma fila."
      }
    )
  })
).pipe(Command.withDescription("Lista as filas de uma instância"), Command.provide(Target.layer))

export const queue = Command.make("queue").pipe(
  Command.withDescription("Filas: onde as conversas esperam por uma equipe"),
  Command.withSubcommands([add, list])
)
