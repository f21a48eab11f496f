/**
 * Structured logs: one JSON object per line on standard output, `{at, level, message, …}`. Lines are
 * gathered and written together a few times a second, for a write per line would cost more than the
 * request it tells of; what is gathered is written when the program ends.
 */
import type { Layer } from "effect"
import { Cause, Effect, Logger, Predicate, References } from "effect"

/** Milliseconds. */
const writeEvery = 100

/** Lines gathered at most before they are written at once. */
const enough = 512

/** PostgreSQL's SQLSTATE and constraint, or a system's code, wherever an error keeps them: what tells one failure from another. */
const codesOf = (error: unknown): ReadonlyArray<string> => {
  if (!Predicate.isObject(error)) return []
  const own = [error["code"], error["constraint"]].filter(Predicate.isString)
  return [...own, ...codesOf(error["reason"]), ...codesOf(error["cause"])]
}

/** An error's own text and codes, and never more of it: a cause may carry what was sent. */
const plain = (value: unknown): unknown =>
  value instanceof Error ? [`${value.name}: ${value.message}`, ...codesOf(value)].join(" ") : value

/** `Effect.logInfo("send", { outcome: "sent" })`: what is no text says more about it. */
const partsOf = (message: unknown): { readonly text: string; readonly fields: object } => {
  const texts: Array<string> = []
  const fields: Record<string, unknown> = {}
  for (const part of Array.isArray(message) ? message : [message]) {
    if (!Predicate.isObject(part) || part instanceof Error) texts.push(String(plain(part)))
    else for (const [name, value] of Object.entries(part)) fields[name] = plain(value)
  }
  return { text: texts.join(" "), fields }
}

const line = ({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): string => {
  const { fields, text } = partsOf(message)
  return JSON.stringify({
    at: date.toISOString(),
    level: logLevel.toLowerCase(),
    message: text,
    ...fields,
    ...fiber.getRef(References.CurrentLogAnnotations),
    ...(cause.reasons.length === 0 ? {} : { cause: Cause.pretty(cause) })
  })
}

export const layer: Layer.Layer<never> = Logger.layer([
  Effect.gen(function* () {
    let lines: Array<string> = []
    // By the time of the machine, and armed by a line: where nothing happens, nothing wakes up to see it.
    let due: NodeJS.Timeout | undefined
    const write = () => {
      clearTimeout(due)
      due = undefined
      if (lines.length === 0) return
      const text = `${lines.join("\n")}\n`
      lines = []
      process.stdout.write(text)
    }
    yield* Effect.addFinalizer(() => Effect.sync(write))
    return Logger.make<unknown, void>((entry) => {
      lines.push(line(entry))
      if (lines.length >= enough) write()
      else due ??= setTimeout(write, writeEvery)
    })
  })
])
