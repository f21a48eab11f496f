/**
 * Ours against the floor: the same durable work, on the same PostgreSQL (durable commits), with the same
 * stub as Meta, in turn within one run, so that a machine whose speed drifts does not decide.
 */
import { start as startPostgres } from "../postgres/PostgresServer.ts"
import * as apps from "./apps.ts"
import { type Measured, run } from "./load.ts"
import type { Running } from "./processes.ts"
import { request, seed } from "./seed.ts"

interface Contestant {
  readonly name: string
  readonly process: Running
}

interface Round extends Measured {
  readonly cpuMicros: number
}

const concurrencies = [1, 16, 64, 256]

const contestants = async (databaseUrl: string, metaPort: number): Promise<ReadonlyArray<Contestant>> => [
  { name: "floor", process: await apps.floor(databaseUrl, metaPort) },
  { name: "ours", process: await apps.ours(databaseUrl, metaPort) }
]

const measure = async ({ process }: Contestant, concurrency: number, seconds: number): Promise<Round> => {
  const before = process.cpuMillis()
  const measured = await run({ port: process.port, concurrency, millis: seconds * 1000, request })
  return { ...measured, cpuMicros: ((process.cpuMillis() - before) * 1000) / measured.requests }
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const cell = (value: number, digits = 1): string => value.toFixed(digits).padStart(9)

const row = (name: string, concurrency: number, rounds: ReadonlyArray<Round>): string =>
  [
    name.padEnd(10),
    String(concurrency).padStart(5),
    cell(median(rounds.map(({ perSecond }) => perSecond)), 0),
    cell(median(rounds.map(({ p50 }) => p50))),
    cell(median(rounds.map(({ p95 }) => p95))),
    cell(median(rounds.map(({ p99 }) => p99))),
    cell(median(rounds.map(({ cpuMicros }) => cpuMicros)), 0),
    String(rounds.reduce((sum, { failures }) => sum + failures, 0)).padStart(6)
  ].join(" ")

const header = [
  "".padEnd(10),
  "conc.".padStart(5),
  ...["req/s", "p50 ms", "p95 ms", "p99 ms", "cpu µs"].map((title) => title.padStart(9)),
  "failed"
].join(" ")

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const compare = async (pair: ReadonlyArray<Contestant>, seconds: number, rounds: number): Promise<void> => {
  for (const concurrency of concurrencies) {
    const results = new Map<string, Array<Round>>(pair.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const contestant of pair) results.get(contestant.name)?.push(await measure(contestant, concurrency, seconds))
    }
    for (const [name, measured] of results) say(row(name, concurrency, measured))
    const [floor, ours] = pair.map(({ name }) => results.get(name) ?? [])
    if (floor === undefined || ours === undefined) continue
    const ratios = ours.map(({ perSecond }, index) => perSecond / (floor[index]?.perSecond ?? Number.NaN))
    const tails = ours.map(({ p99 }, index) => p99 / (floor[index]?.p99 ?? Number.NaN))
    say(
      `${"ratio".padEnd(10)} ${String(concurrency).padStart(5)} ${cell(median(ratios), 2)} ${" ".repeat(19)} ${cell(median(tails), 2)}`
    )
  }
}

const withMeta = async (title: string, meta: Running, databaseUrl: string, seconds: number, rounds: number) => {
  const pair = await contestants(databaseUrl, meta.port)
  say(`\n${title}\n${header}`)
  // The first requests meet cold code and cold connections on either side.
  for (const contestant of pair) await measure(contestant, 64, 3)
  await compare(pair, seconds, rounds)
  for (const { process } of pair) await process.stop()
  await meta.stop()
}

export const sendBench = async ({ rounds, seconds }: { readonly seconds: number; readonly rounds: number }) => {
  const postgres = await startPostgres({ durable: true })
  try {
    await seed(postgres.url)
    for (const delay of [0, 50]) {
      await withMeta(`Meta answers after ${delay} ms`, await apps.stub(delay), postgres.url, seconds, rounds)
    }
  } finally {
    await postgres.stop()
  }
}
