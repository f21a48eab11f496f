/**
 * Measurements on real PostgreSQL, not part of the tests:
 *
 * - `npm run bench -- send [--seconds 5] [--rounds 3]`: ours against the floor
 * - `npm run bench -- ingest [--seconds 5] [--rounds 3] [--sends 50] [--rate 3300] [--open-seconds 20]`: Meta's webhooks
 *   taken in, against the floor, and at a rate of their own
 * - `npm run bench -- memory [--sends 200000]`: resident memory of the HTTP app over many sends
 * - `npm run bench -- rows [--rows 10000000] [--seconds 10]`: a send beside few rows and beside many
 */
import { ingestBench } from "./ingest.ts"
import { memoryBench } from "./memory.ts"
import { rowsBench } from "./rows.ts"
import { sendBench } from "./send.ts"

const [name = "send", ...options] = process.argv.slice(2)

const numberOf = (option: string, fallback: number): number => {
  const index = options.indexOf(option)
  return index === -1 ? fallback : Number(options[index + 1])
}

const benches: { readonly [name: string]: () => Promise<void> } = {
  send: () => sendBench({ seconds: numberOf("--seconds", 5), rounds: numberOf("--rounds", 3) }),
  ingest: () =>
    ingestBench({
      seconds: numberOf("--seconds", 5),
      rounds: numberOf("--rounds", 3),
      sends: numberOf("--sends", 50),
      rate: numberOf("--rate", 3300),
      openSeconds: numberOf("--open-seconds", 20)
    }),
  memory: () => memoryBench({ sends: numberOf("--sends", 200_000) }),
  rows: () => rowsBench({ rows: numberOf("--rows", 10_000_000), seconds: numberOf("--seconds", 10) })
}

const bench = benches[name]
if (bench === undefined) {
  process.stderr.write(`no such bench: ${name}; there is ${Object.keys(benches).join(", ")}\n`)
  process.exitCode = 1
} else await bench()
