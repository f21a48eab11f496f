/**
 * Ours against the floor: the same durable work, on the same PostgreSQL (durable commits), with the same
 * stub as Meta, in turn within one run, so that a machine whose speed drifts does not decide.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
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

/** The first requests meet cold code and cold connections on either side. */
const warmUpSeconds = 8

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
  for (const contestant of pair) await measure(contestant, 64, warmUpSeconds)
  await compare(pair, seconds, rounds)
  for (const { process } of pair) await process.stop()
  await meta.stop()
}

/** What a person sees who tries the product out: the simulator validates, and writes its ledger to disk. */
const withSimulator = async (databaseUrl: string, seconds: number): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), "aidesk-bench-"))
  const meta = await apps.simulator(dataDir)
  const ours = { name: "ours", process: await apps.ours(databaseUrl, meta.port) }
  say(`\nThe full simulator as Meta\n${header}`)
  await measure(ours, 64, warmUpSeconds)
  say(row(ours.name, 64, [await measure(ours, 64, seconds)]))
  await ours.process.stop()
  await meta.stop()
  await rm(dataDir, { recursive: true, force: true })
}

export const sendBench = async ({ rounds, seconds }: { readonly seconds: number; readonly rounds: number }) => {
  const postgres = await startPostgres({ durable: true })
  try {
    await seed(postgres.url)
    for (const delay of [0, 50]) {
      await withMeta(`Meta answers after ${delay} ms`, await apps.stub(delay), postgres.url, seconds, rounds)
    }
    await withSimulator(postgres.url, seconds)
  } finally {
    await postgres.stop()
  }
}
