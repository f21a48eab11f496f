import { Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Administration, type ListedInstance } from "../../../core/administration/Administration.ts"
import { type Instance, Mode } from "../../../core/instance/Instance.ts"
import * as Configuration from "../../configuration/Configuration.ts"
import { Secret } from "../../configuration/Form.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { health } from "./instanceHealth.ts"
import { keywords } from "./instanceKeywords.ts"

const decodeMode = Schema.decodeUnknownOption(Mode)

/** What was given does not say which token the instance gets, or that it gets none. */
class TokenMismatch extends Schema.TaggedError<TokenMismatch>()("TokenMismatch", {
  reason: Schema.Literals(["missing", "needless", "malformed"])
}) {
  override get message(): string {
    switch (this.reason) {
      case "missing":
        return "Uma instância live precisa do token da Meta: use --token-stdin ou a variável AIDESK_INSTANCE_TOKEN."
      case "needless":
        return "Uma instância simulated não tem token: remova --token-stdin."
      case "malformed":
        return "O token deve ser uma linha de caracteres ASCII visíveis, sem espaços."
    }
  }
}

const decodeToken = Schema.decodeUnknownEffect(Secret)

const tokenFromInput = Effect.gen(function* () {
  const text = (yield* Input.standardInput).trim()
  if (text === "") return undefined
  return yield* decodeToken(text).pipe(Effect.mapError(() => new TokenMismatch({ reason: "malformed" })))
})

const givenToken = Effect.fnUntraced(function* (fromInput: boolean) {
  const token = fromInput ? yield* tokenFromInput : yield* Configuration.instanceToken
  return token ?? (yield* new TokenMismatch({ reason: "missing" }))
})

const viewOf = ({ id, mode, name, phoneNumberId, wabaId }: Instance) => ({
  id,
  name,
  mode,
  phone_number_id: phoneNumberId,
  waba_id: wabaId
})

const listedView = (instance: ListedInstance) => ({
  ...viewOf(instance),
  display_number: Option.getOrNull(instance.displayNumber),
  has_token: instance.hasToken
})

const tokenStdin = Flag.Boolean("token-stdin").pipe(
  Flag.withDescription("Lê o token da Meta da entrada padrão; sem isto vale AIDESK_INSTANCE_TOKEN"),
  Flag.withDefault(false)
)

const add = Command.make(
  "add",
  {
    name: Input.name("name", "Nome da instância"),
    mode: Flag.String("mode").pipe(
      Flag.withMetavar(Mode.literals.join("|")),
      Flag.withDescription("live envia pela Meta; simulated, só pelo simulador"),
      Flag.filterMap(decodeMode, () => Mode.literals.join(" ou "))
    ),
    phoneNumberId: Input.metaId("phone-number-id", "phone_number_id do número na Meta"),
    wabaId: Input.metaId("waba-id", "Id da conta do WhatsApp Business (WABA)"),
    tokenStdin,
    json: Output.json
  },
  Effect.fnUntraced(function* ({ json, mode, name, phoneNumberId, tokenStdin, wabaId }) {
    if (mode === "simulated" && tokenStdin) return yield* new TokenMismatch({ reason: "needless" })
    const access = mode === "live" ? { mode, token: yield* givenToken(tokenStdin) } : { mode }
    const administration = yield* Administration
    const instance = yield* administration.addInstance({ name, phoneNumberId, wabaId, access })
    yield* Output.done(instance, { json, view: viewOf }, ({ id }) => `Instância ${id} criada (${mode}).`)
  })
).pipe(
  Command.withDescription("Cadastra um número de WhatsApp. O token nunca é um argumento e nunca é mostrado."),
  Command.withExamples([
    {
      command:
        "aidesk instance add --name Loja --mode live --phone-number-id 106540352242922 --waba-id 102290129340398 --token-stdin < token.txt",
      description: "Com o token em um arquivo"
    }
  ]),
  Command.provide(Target.layer)
)

const list = Command.make(
  "list",
  { json: Output.json },
  Effect.fnUntraced(function* ({ json }) {
    const administration = yield* Administration
    yield* Output.list(
      yield* administration.instances,
      { json, view: listedView },
      {
        columns: [
          ["id", ({ id }) => String(id)],
          ["nome", ({ name }) => name],
          ["modo", ({ mode }) => mode],
          ["número", ({ displayNumber }) => Option.getOrElse(displayNumber, () => "")],
          ["phone_number_id", ({ phoneNumberId }) => phoneNumberId],
          ["waba_id", ({ wabaId }) => wabaId],
          ["token", ({ hasToken }) => (hasToken ? "sim" : "não")]
        ],
        none: "Nenhuma instância."
      }
    )
  })
).pipe(Command.withDescription("Lista as instâncias"), Command.provide(Target.layer))

const token = Command.make(
  "token",
  { instanceId: Input.instance, tokenStdin, json: Output.json },
  Effect.fnUntraced(function* ({ instanceId, json, tokenStdin }) {
    const given = yield* givenToken(tokenStdin)
    yield* (yield* Administration).setToken(instanceId, given)
    yield* Output.done(
      { id: instanceId },
      { json, view: (done) => done },
      () => `Token da instância ${instanceId} trocado: o anterior deixa de ser usado em até 5 segundos.`
    )
  })
).pipe(
  Command.withDescription(
    "Troca o token da Meta de uma instância live. O token nunca é um argumento e nunca é mostrado."
  ),
  Command.provide(Target.layer)
)

export const instance = Command.make("instance").pipe(
  Command.withDescription("Instâncias: um número de WhatsApp cada"),
  Command.withSubcommands([add, list, token, keywords, health])
)
