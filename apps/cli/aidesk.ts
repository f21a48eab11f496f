import { Command } from "effect/cli"
import { campaign } from "./commands/campaign.ts"
import { instance } from "./commands/instance.ts"
import { key } from "./commands/key.ts"
import { migrate } from "./commands/migrate.ts"
import { queue } from "./commands/queue.ts"
import { status } from "./commands/status.ts"
import { template } from "./commands/template.ts"

/** The administrator's command line. */
export const aidesk = Command.make("aidesk").pipe(
  Command.withDescription("Administra uma instalação do AI Desk."),
  Command.withSubcommands([migrate, instance, key, queue, status, template, campaign])
)
