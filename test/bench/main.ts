/** `npm run bench -- send [--seconds 5] [--rounds 3]`: measurements on real PostgreSQL. Not part of the tests. */
import { sendBench } from "./send.ts"

const [name = "send", ...options] = process.argv.slice(2)

const numberOf = (option: string, fallback: number): number => {
  const index = options.indexOf(option)
  return index === -1 ? fallback : Number(options[index + 1])
}

const benches: { readonly [name: string]: () => Promise<void> } = {
  send: () => sendBench({ seconds: numberOf("--seconds", 5), rounds: numberOf("--rounds", 3) })
}

const bench = benches[name]
if (bench === undefined) {
  process.stderr.write(`no such bench: ${name}; there is ${Object.keys(benches).join(", ")}\n`)
  process.exitCode = 1
} else await bench()
