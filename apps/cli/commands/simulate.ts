import { Effect, Option, Record, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import { ask } from "../SimulatorClient.ts"

const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

/** What was given, without what was not. */
const given = (options: Record.ReadonlyRecord<string, Option.Option<string>>) => Record.getSomes(options)

const view = (answer: Schema.JsonObject): object => answer

class NothingToSay extends Schema.TaggedError<NothingToSay>()("NothingToSay", {}) {
  override get message(): string {
    return "Informe --from e --text, ou um arquivo JSON com a mensagem."
  }
}

const decodeBody = Schema.decodeUnknownEffect(Schema.Record(Schema.String, Schema.Json))

const message = Command.make(
  "message",
  {
    path: Input.file("Arquivo JSON com o que o cliente manda, como em POST /_simulator/customers/messages").pipe(
      Argument.optional
    ),
    from: text("from", "número", "Número do cliente, como 5511978049825"),
    text: text("text", "texto", "O que o cliente escreve"),
    phone_number_id: text(
      "phone-number-id",
      "dígitos",
      "Número da empresa; sem isto, o primeiro que o simulador conhece"
    ),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ json, path, ...options }) {
    const file = Option.isSome(path) ? yield* Effect.flatMap(Input.jsonIn(path.value), decodeBody) : {}
    const body = { ...file, ...given(options) }
    if (Object.keys(body).length === 0) return yield* new NothingToSay()
    const answer = yield* ask("POST", "/customers/messages", body)
    yield* Output.done(answer, { json, view }, ({ wamid }) =>
      typeof wamid === "string" ? `O cliente escreveu: ${wamid}` : "O cliente mudou a sua preferência."
    )
  })
).pipe(Command.withDescription("Faz um cliente escrever à empresa"))

const template = Command.make(
  "template",
  {
    name: Flag.String("name").pipe(Flag.withMetavar("texto"), Flag.withDescription("Nome do template na Meta")),
    language: Flag.String("language").pipe(
      Flag.withMetavar("código"),
      Flag.withDescription("Idioma; sem isto, pt_BR"),
      Flag.withDefault("pt_BR")
    ),
    waba_id: text("waba-id", "dígitos", "Conta do template; sem isto, a do primeiro número"),
    event: text("event", "palavra", "O que acontece: APPROVED, REJECTED, PAUSED, DISABLED…"),
    quality: text("quality", "palavra", "Nova qualidade: GREEN, YELLOW ou RED"),
    category: text("category", "palavra", "Nova categoria: MARKETING, UTILITY ou AUTHENTICATION"),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ json, language, name, ...options }) {
    const answer = yield* ask("POST", "/templates", { name, language, ...given(options) })
    yield* Output.done(answer, { json, view }, () => `A Meta simulada avisa do template ${name}.`)
  })
).pipe(Command.withDescription("Faz algo acontecer a um template: exatamente um entre --event, --quality e --category"))

const clock = Command.make(
  "clock",
  {
    advance: text("advance", "duração", 'Quanto adiantar o relógio, como "25 hours" ou "90 seconds"'),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ advance, json }) {
    const answer = yield* Option.match(advance, {
      onNone: () => ask("GET", "/clock"),
      onSome: (duration) => ask("POST", "/clock", { advance: duration })
    })
    yield* Output.done(answer, { json, view }, ({ now }) => `Agora é ${typeof now === "string" ? now : "outra hora"}.`)
  })
).pipe(Command.withDescription("Mostra o relógio do processo que tem o simulador, ou o adianta"))

export const simulate = Command.make("simulate").pipe(
  Command.withDescription("Simulador da Meta: clientes, templates e relógio"),
  Command.withSubcommands([message, template, clock])
)
