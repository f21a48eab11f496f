/**
 * Structured logs: one JSON object per line on standard output. Lines are gathered and written together
 * a few times a second, for a write per line would cost more than the request it tells of; what is
 * gathered is written when the program ends.
 */
import type { Layer } from "effect"
import { Effect, Logger, Schedule } from "effect"

const writeEvery = "100 millis"

/** Lines gathered at most before they are written at once. */
const enough = 512

export const layer: Layer.Layer<never> = Logger.layer([
  Effect.gen(function* () {
    let lines: Array<string> = []
    const write = Effect.sync(() => {
      if (lines.length === 0) return
      const text = `${lines.join("\n")}\n`
      lines = []
      process.stdout.write(text)
    })
    yield* Effect.addFinalizer(() => write)
    yield* write.pipe(Effect.repeat(Schedule.spaced(writeEvery)), Effect.forkScoped)
    return Logger.make<unknown, void>((entry) => {
      lines.push(Logger.formatJson.log(entry))
      if (lines.length >= enough) {
        process.stdout.write(`${lines.join("\n")}\n`)
        lines = []
      }
    })
  })
])
