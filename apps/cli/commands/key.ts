import { DateTime, Effect, Option, Redacted } from "effect"
import { Command } from "effect/cli"
import * as ApiKeyMaker from "../../../adapters/secrets/ApiKeyMaker.ts"
import { Administration } from "../../../core/administration/Administration.ts"
import { issueKey, type IssuedKey } from "../../../core/administration/issueKey.ts"
import { type ApiKey, ApiKeyId } from "../../../core/instance/ApiKey.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { listOfInstance } from "./listOfInstance.ts"

const time = (at: Option.Option<DateTime.Utc>): string | null => Option.getOrNull(Option.map(at, DateTime.formatIso))

const viewOf = ({ createdAt, hint, id, label, lastUsedAt, revokedAt }: ApiKey) => ({
  id,
  label,
  hint,
  created_at: DateTime.formatIso(createdAt),
  last_used_at: time(lastUsedAt),
  revoked_at: time(revokedAt)
})

const issuedView = ({ apiKey, key }: IssuedKey) => ({ ...viewOf(apiKey), key: Redacted.value(key) })

const issuedSentence = ({ apiKey, key }: IssuedKey) =>
  `API key ${apiKey.id} criada. Guarde-a agora: ela não será mostrada de novo.\n\n  ${Redacted.value(key)}\n`

const add = Command.make(
  "add",
  { instanceId: Input.instance, label: Input.name("label", 'Para que a chave serve, como "ERP"'), json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json, label }) {
    const issued = yield* issueKey({ instanceId, label })
    yield* Output.done(issued, { json, view: issuedView }, issuedSentence)
  })
).pipe(
  Command.withDescription("Cria uma API key e a mostra uma única vez"),
  Command.provide(ApiKeyMaker.layer),
  Command.provide(Target.layer)
)

const list = listOfInstance({
  description: "Lista as API keys de uma instância",
  read: (administration, instanceId) => administration.keys(instanceId),
  view: viewOf,
  columns: [
    ["id", ({ id }) => String(id)],
    ["para", ({ label }) => label],
    ["chave", ({ hint }) => hint],
    ["criada", ({ createdAt }) => DateTime.formatIso(createdAt)],
    ["último uso", ({ lastUsedAt }) => time(lastUsedAt) ?? "nunca"],
    ["revogada", ({ revokedAt }) => time(revokedAt) ?? "não"]
  ],
  none: "Nenhuma API key."
})

const revoke = Command.make(
  "revoke",
  { id: Input.id("Id da API key, como em key list"), instanceId: Input.instance, json: Output.json },
  Effect.fnUntraced(function* ({ id, instanceId, json }) {
    const administration = yield* Administration
    const key = yield* administration.revokeKey(instanceId, ApiKeyId.make(id))
    yield* Output.done(key, { json, view: viewOf }, () => `API key ${id} revogada: deixa de valer em até 5 segundos.`)
  })
).pipe(Command.withDescription("Revoga uma API key, para sempre"), Command.provide(Target.layer))

export const key = Command.make("key").pipe(
  Command.withDescription("API keys: quem pode enviar por uma instância"),
  Command.withSubcommands([add, list, revoke])
)
