/** What commands are given. */
import { Effect, Option, Schema } from "effect"
import { Argument, Flag } from "effect/cli"
import { readFile } from "node:fs/promises"
import { text as textOf } from "node:stream/consumers"
import * as Names from "../../core/administration/Name.ts"
import { InstanceId } from "../../core/instance/Instance.ts"

const idExpected = "um id, que é um número inteiro positivo"

/** Ids are the database's `int`. */
const decodeId = Schema.decodeUnknownOption(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 })))

const toId = (text: string): Option.Option<number> => (/^\d+$/u.test(text) ? decodeId(Number(text)) : Option.none())

export const idFlag = (flag: string, description: string) =>
  Flag.String(flag).pipe(
    Flag.withMetavar("id"),
    Flag.withDescription(description),
    Flag.filterMap(toId, () => idExpected)
  )

export const instance = idFlag("instance", "Id da instância").pipe(
  Flag.withAlias("i"),
  Flag.map((id) => InstanceId.make(id))
)

export const id = (description: string) =>
  Argument.String("id").pipe(
    Argument.withMetavar("id"),
    Argument.withDescription(description),
    Argument.filterMap(toId, () => idExpected)
  )

/** How many rows of a list, `usual` where nothing is said. */
export const limit = (most: number, usual: number) =>
  Flag.String("limit").pipe(
    Flag.withMetavar("n"),
    Flag.withDescription(`Quantos, de 1 a ${most}; sem isto, ${usual}`),
    Flag.filterMap(
      (text) => Option.filter(toId(text), (count) => count <= most),
      () => `um número de 1 a ${most}`
    ),
    Flag.withDefault(usual)
  )

/** Where a list goes on. `read` reads an id of it. */
export const before = <A>(read: (text: string) => Option.Option<A>, expected: string) =>
  Flag.String("before").pipe(
    Flag.withMetavar("id"),
    Flag.withDescription("Continua a lista depois deste id"),
    Flag.filterMap(read, () => expected),
    Flag.optional
  )

const decodeName = Schema.decodeUnknownOption(Names.Name)

export const name = (flag: string, description: string) =>
  Flag.String(flag).pipe(
    Flag.withMetavar("texto"),
    Flag.withDescription(description),
    Flag.filterMap(
      (text) => decodeName(text.trim()),
      () => Names.expected
    )
  )

const decodeMetaId = Schema.decodeUnknownOption(Names.MetaId)

export const metaId = (flag: string, description: string) =>
  Flag.String(flag).pipe(
    Flag.withMetavar("dígitos"),
    Flag.withDescription(description),
    Flag.filterMap(decodeMetaId, () => "o id que a Meta dá, só com dígitos")
  )

class InputUnreadable extends Schema.TaggedError<InputUnreadable>()("InputUnreadable", {
  /** In Portuguese: of what, and what is wrong with it. */
  fault: Schema.String
}) {
  override get message(): string {
    return this.fault
  }
}

/** All of standard input. */
export const standardInput = Effect.tryPromise({
  try: () => textOf(process.stdin),
  catch: () => new InputUnreadable({ fault: "A entrada padrão não pode ser lida." })
})

export const file = (description: string) =>
  Argument.String("arquivo").pipe(
    Argument.withMetavar("caminho"),
    Argument.withDescription(`${description}; - é a entrada padrão`)
  )

const decodeJson = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Unknown))

/** The JSON value in the file at `path`, or in standard input where it is `-`. */
export const jsonIn = Effect.fnUntraced(function* (path: string) {
  const text =
    path === "-"
      ? yield* standardInput
      : yield* Effect.tryPromise({
          try: () => readFile(path, "utf8"),
          catch: () => new InputUnreadable({ fault: `O arquivo ${path} não existe ou não pode ser lido.` })
        })
  const where = path === "-" ? "A entrada padrão" : `O arquivo ${path}`
  return yield* decodeJson(text).pipe(
    Effect.mapError(() => new InputUnreadable({ fault: `${where} não é JSON válido.` }))
  )
})
