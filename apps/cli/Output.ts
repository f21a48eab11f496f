/** What commands print: sentences and tables for people, JSON for programs. */
import { Console } from "effect"
import { Flag } from "effect/cli"
import { type Column, table } from "./Table.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Imprime JSON, para programas"),
  Flag.withDefault(false)
)

interface Format<A> {
  readonly json: boolean
  /** The thing in JSON; names as in the published API. */
  readonly view: (item: A) => object
}

const print = (value: unknown) => Console.log(JSON.stringify(value, undefined, 2))

/** What one command did. */
export const done = <A>(item: A, format: Format<A>, sentence: (item: A) => string) =>
  format.json ? print(format.view(item)) : Console.log(sentence(item))

/** `none` is said in place of an empty table. */
export const list = <A>(
  items: ReadonlyArray<A>,
  format: Format<A>,
  { columns, none }: { readonly columns: ReadonlyArray<Column<A>>; readonly none: string }
) => {
  if (format.json) return print(items.map((item) => format.view(item)))
  return Console.log(items.length === 0 ? none : table(columns, items))
}
