import { Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Administration } from "../../../core/administration/Administration.ts"
import { Intent, Keyword, type KeywordOverrides, wordsOf } from "../../../core/consent/Keywords.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"

const decodeWords = Schema.decodeUnknownOption(Schema.Array(Keyword).check(Schema.isMaxLength(100)))

const toWords = (text: string): Option.Option<ReadonlyArray<string>> =>
  text.trim() === "" ? Option.some([]) : decodeWords(text.split(",").map((word) => word.trim()))

const words = (flag: string, description: string) =>
  Flag.String(flag).pipe(
    Flag.withMetavar("palavras"),
    Flag.withDescription(description),
    Flag.filterMap(toWords, () => "palavras separadas por vírgula, ou nada entre aspas"),
    Flag.optional
  )

interface Row {
  readonly intent: Intent
  readonly words: ReadonlyArray<string>
  readonly isOwn: boolean
}

const rowsOf = (overrides: KeywordOverrides): ReadonlyArray<Row> =>
  Intent.literals.map((intent) => ({
    intent,
    words: wordsOf(overrides)[intent],
    isOwn: overrides[intent] !== undefined
  }))

const viewOf = ({ intent, isOwn, words }: Row) => ({ intent, words, own: isOwn })

const called: { readonly [intent in Intent]: string } = {
  opt_out: "parar (opt-out)",
  opt_in: "voltar (opt-in)"
}

/** What was given takes the place of what was there, or of the defaults where those are wanted back. */
const changed = (
  from: KeywordOverrides,
  optOut: Option.Option<ReadonlyArray<string>>,
  optIn: Option.Option<ReadonlyArray<string>>
): KeywordOverrides => ({
  ...from,
  ...Option.match(optOut, { onNone: () => ({}), onSome: (words) => ({ opt_out: words }) }),
  ...Option.match(optIn, { onNone: () => ({}), onSome: (words) => ({ opt_in: words }) })
})

export const keywords = Command.make(
  "keywords",
  {
    instanceId: Input.instance,
    optOut: words("opt-out", 'Com que se para de receber marketing, como PARAR,SAIR; "" desliga'),
    optIn: words("opt-in", 'Com que se volta a receber, como VOLTAR; "" desliga'),
    reset: Flag.Boolean("reset").pipe(
      Flag.withDescription("Volta às palavras padrão, salvo as que forem informadas"),
      Flag.withDefault(false)
    ),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ instanceId, json, optIn, optOut, reset }) {
    const administration = yield* Administration
    const known = yield* administration.keywords(instanceId)
    const isChange = reset || Option.isSome(optIn) || Option.isSome(optOut)
    const held = isChange
      ? yield* administration.setKeywords(instanceId, changed(reset ? {} : known, optOut, optIn))
      : known
    yield* Output.list(
      rowsOf(held),
      { json, view: viewOf },
      {
        columns: [
          ["intenção", ({ intent }) => called[intent]],
          ["de quem", ({ isOwn }) => (isOwn ? "da instância" : "padrão")],
          ["palavras", ({ words }) => (words.length === 0 ? "nenhuma: desligada" : words.join(", "))]
        ],
        none: ""
      }
    )
  })
).pipe(
  Command.withDescription(
    "Mostra ou muda as palavras com que um contato para ou volta a receber marketing. Uma lista informada substitui a anterior; vazia, desliga a intenção"
  ),
  Command.withExamples([
    {
      command: "aidesk instance keywords --instance 4 --opt-out PARAR,SAIR --opt-in VOLTAR",
      description: "Palavras próprias"
    },
    { command: 'aidesk instance keywords --instance 4 --opt-in ""', description: "Ninguém volta por palavra" }
  ]),
  Command.provide(Target.layer)
)
