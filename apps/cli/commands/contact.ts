import { DateTime, Effect, Option } from "effect"
import { Command } from "effect/cli"
import { Administration, type ContactConsent } from "../../../core/administration/Administration.ts"
import type { Intent } from "../../../core/consent/Keywords.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const viewOf = ({ changed, contactId, optedOutAt }: ContactConsent) => ({
  contact_id: contactId,
  opted_out: Option.isSome(optedOutAt),
  opted_out_at: Option.getOrNull(Option.map(optedOutAt, DateTime.formatIso)),
  changed
})

const sentence = ({ changed, contactId, optedOutAt }: ContactConsent): string =>
  `O contato ${contactId} ${Option.match(optedOutAt, {
    onNone: () => (changed ? "volta a receber marketing." : "já recebia marketing."),
    onSome: (at) => (changed ? "não recebe mais marketing." : `não recebe marketing desde ${DateTime.formatIso(at)}.`)
  })}`

const consent = (command: string, intent: Intent, description: string) =>
  Command.make(
    command,
    {
      instanceId: Input.instance,
      contactId: Input.idFlag("contact", "Id do contato, como nas respostas da API"),
      json: Output.json
    },
    Effect.fnUntraced(function* ({ contactId, instanceId, json }) {
      const administration = yield* Administration
      const given = { instanceId, contactId: ContactId.make(contactId), intent }
      yield* Output.done(yield* administration.recordConsent(given), { json, view: viewOf }, sentence)
    })
  ).pipe(Command.withDescription(description), Command.provide(Target.layer))

export const contact = Command.make("contact").pipe(
  Command.withDescription("Contatos: o que pediram a quem atende"),
  Command.withSubcommands([
    consent("opt-out", "opt_out", "Anota que um contato não quer mais marketing; o resto continua a chegar"),
    consent("resume", "opt_in", "Anota que um contato quer receber marketing de novo")
  ])
)
