import { Command } from "effect/cli"
import { campaign } from "./commands/campaign.ts"
import { contact } from "./commands/contact.ts"
import { instance } from "./commands/instance.ts"
import { key } from "./commands/key.ts"
import { messages } from "./commands/messages.ts"
import { migrate } from "./commands/migrate.ts"
import { queue } from "./commands/queue.ts"
import { simulate } from "./commands/simulate.ts"
import { status } from "./commands/status.ts"
import { template } from "./commands/template.ts"
import { webhooks } from "./commands/webhooks.ts"

/** The administrator's command line. */
export const aidesk = Command.make("aidesk").pipe(
  Command.withDescription("Administra uma instalação do AI Desk."),
  Command.withSubcommands([
    migrate,
    instance,
    key,
    queue,
    status,
    template,
    campaign,
    contact,
    messages,
    webhooks,
    simulate
  ])
)
