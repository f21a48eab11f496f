import { displayWidth } from "effect/cli/CliOutput"

/** One column: its heading and what it says of a row. */
export type Column<A> = readonly [heading: string, cell: (row: A) => string]

/** Names are people's; none gets to move the cursor. */
const harmless = (text: string): string => text.replaceAll(/\p{Cc}/gu, "\u{fffd}")

export const table = <A>(columns: ReadonlyArray<Column<A>>, rows: ReadonlyArray<A>): string => {
  const lines = [
    columns.map(([heading]) => heading.toUpperCase()),
    ...rows.map((row) => columns.map(([, cell]) => harmless(cell(row))))
  ]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ""))))
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - displayWidth(cell)))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}
