import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import * as Target from "../Target.ts"

export const migrate = Command.make(
  "migrate",
  {},
  Effect.fnUntraced(function* () {
    const applied = yield* Target.migrate
    yield* Console.log(applied.length === 0 ? "Nada a aplicar." : `Migrações aplicadas: ${applied.join(", ")}.`)
  })
).pipe(Command.withDescription("Põe o esquema do banco de dados em dia; pode rodar em vários processos ao mesmo tempo"))
