/** Queues and statuses: names that an instance gives, all administered alike. */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import type { NotFound, Taken } from "../../../core/administration/Refusal.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { Unavailable } from "../../../core/Unavailable.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { listOfInstance } from "./listOfInstance.ts"

interface Named {
  readonly id: number
  readonly name: string
}

interface Noun<Name extends string> {
  readonly command: Name
  readonly description: string
  readonly add: (
    administration: Administration["Service"],
    entry: { readonly instanceId: InstanceId; readonly name: string }
  ) => Effect.Effect<Named, NotFound | Taken | Unavailable>
  readonly read: (
    administration: Administration["Service"],
    instanceId: InstanceId
  ) => Effect.Effect<ReadonlyArray<Named>, NotFound | Unavailable>
  /** In Portuguese, where nouns have a gender. */
  readonly says: {
    readonly name: string
    readonly add: string
    readonly added: (id: number) => string
    readonly list: string
    readonly none: string
  }
}

const viewOf = ({ id, name }: Named) => ({ id, name })

/** `add` and `list`. */
export const named = <const Name extends string>({ add: enter, command, description, read, says }: Noun<Name>) => {
  const add = Command.make(
    "add",
    { instanceId: Input.instance, name: Input.name("name", says.name), json: Output.json },
    Effect.fnUntraced(function* ({ instanceId, json, name }) {
      const entry = yield* enter(yield* Administration, { instanceId, name })
      yield* Output.done(entry, { json, view: viewOf }, ({ id }) => says.added(id))
    })
  ).pipe(Command.withDescription(says.add), Command.provide(Target.layer))

  const list = listOfInstance({
    description: says.list,
    read,
    view: viewOf,
    columns: [
      ["id", ({ id }) => String(id)],
      ["nome", ({ name }) => name]
    ],
    none: says.none
  })

  return Command.make(command).pipe(Command.withDescription(description), Command.withSubcommands([add, list]))
}
