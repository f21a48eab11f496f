import { DateTime, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Quarantine, QuarantineId, type SetAside } from "../../../core/inbound/Quarantine.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const decodeId = Schema.decodeUnknownOption(QuarantineId.check(Schema.isGreaterThan(0)))
const toId = (text: string): Option.Option<QuarantineId> =>
  /^\d{1,16}$/u.test(text) ? decodeId(Number(text)) : Option.none()
const idExpected = "um id, como em webhooks quarantine list"

const viewOf = ({ detail, id, path, raw, reason, receivedAt, setAsideAt, source }: SetAside) => ({
  id,
  source,
  reason,
  detail: Option.getOrNull(detail),
  path,
  raw,
  received_at: DateTime.formatIso(receivedAt),
  set_aside_at: DateTime.formatIso(setAsideAt)
})

const list = Command.make(
  "list",
  {
    limit: Input.limit(100, 20),
    before: Input.before(toId, idExpected),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ before, json, limit }) {
    const quarantine = yield* Quarantine
    yield* Output.list(
      yield* quarantine.list({ before: Option.getOrUndefined(before), limit }),
      { json, view: viewOf },
      {
        columns: [
          ["id", ({ id }) => String(id)],
          ["recebido", ({ receivedAt }) => DateTime.formatIso(receivedAt)],
          ["de", ({ source }) => source],
          ["motivo", ({ reason }) => reason],
          ["onde", ({ path }) => path],
          ["detalhe", ({ detail }) => Option.getOrElse(detail, () => "")]
        ],
        none: "Nada em quarentena."
      }
    )
  })
).pipe(
  Command.withDescription(
    "Lista o que os webhooks trouxeram e não foi aplicado, do mais recente ao mais antigo; --json mostra o conteúdo"
  ),
  Command.provide(Target.layer)
)

/** What was given does not say what to retry. */
class NothingChosen extends Schema.TaggedError<NothingChosen>()("NothingChosen", {}) {
  override get message(): string {
    return "Informe um ou mais ids, como em webhooks quarantine list, ou --all."
  }
}

const retry = Command.make(
  "retry",
  {
    ids: Argument.String("id").pipe(
      Argument.withMetavar("id"),
      Argument.withDescription("Ids, como em webhooks quarantine list"),
      Argument.filterMap(toId, () => idExpected),
      Argument.variadic()
    ),
    all: Flag.Boolean("all").pipe(Flag.withDescription("Todos os que estão em quarentena"), Flag.withDefault(false)),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ all, ids, json }) {
    if (all === ids.length > 0) return yield* new NothingChosen()
    const quarantine = yield* Quarantine
    const retried = yield* quarantine.retry(all ? "all" : ids)
    yield* Output.done(
      { retried },
      { json, view: (done) => done },
      () => `${retried} de volta à fila: o worker os lê de novo. O que não puder ser aplicado volta à quarentena.`
    )
  })
).pipe(
  Command.withDescription("Manda ler de novo o que está em quarentena, depois de uma correção ou de uma atualização"),
  Command.provide(Target.layer)
)

const quarantine = Command.make("quarantine").pipe(
  Command.withDescription("Quarentena: o que os webhooks trouxeram e não foi aplicado"),
  Command.withSubcommands([list, retry])
)

export const webhooks = Command.make("webhooks").pipe(
  Command.withDescription("Webhooks da Meta"),
  Command.withSubcommands([quarantine])
)
