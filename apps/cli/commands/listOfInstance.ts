import { Effect } from "effect"
import { Command } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import type { Column } from "../Table.ts"
import * as Target from "../Target.ts"

interface Listing<A, E> {
  readonly command?: string
  readonly description: string
  readonly read: (
    administration: Administration["Service"],
    instanceId: InstanceId
  ) => Effect.Effect<ReadonlyArray<A>, E>
  /** One of them in JSON. */
  readonly view: (item: A) => object
  readonly columns: ReadonlyArray<Column<A>>
  /** Said in place of an empty table. */
  readonly none: string
}

/** The command that lists something of an instance: `list`, unless it is called otherwise. */
export const listOfInstance = <A, E>({ columns, command = "list", description, none, read, view }: Listing<A, E>) =>
  Command.make(
    command,
    { instanceId: Input.instance, json: Output.json },
    Effect.fnUntraced(function* ({ instanceId, json }) {
      const items = yield* read(yield* Administration, instanceId)
      yield* Output.list(items, { json, view }, { columns, none })
    })
  ).pipe(Command.withDescription(description), Command.provide(Target.layer))
