/**
 * Meta's webhooks taken in: ours (as many HTTP processes as cores, and the worker that applies what they keep) against
 * the floor, on the same PostgreSQL (durable commits), in turn within one run, while messages are sent at a modest
 * rate through ours. Then what the product must bear: the webhooks of a thousand messages a second, offered whether
 * they are answered or not, and how long after the last one all is applied.
 */
import { start as startPostgres } from "../postgres/PostgresServer.ts"
import * as apps from "./apps.ts"
import { closedLoop, type Fired, openLoop } from "./fire.ts"
import {
  accepted,
  type Database,
  databaseOf,
  drained,
  generate,
  generated,
  pending,
  serverCpu
} from "./ingestDatabase.ts"
import { run } from "./load.ts"
import * as Meta from "./metaPosts.ts"
import { type Running, start } from "./processes.ts"
import { request, seed } from "./seed.ts"

export interface Options {
  readonly seconds: number
  readonly rounds: number
  /** Sent through ours while webhooks come, per second. */
  readonly sends: number
  /** POSTs per second of the open loop, and for how long. */
  readonly rate: number
  readonly openSeconds: number
}

const concurrencies = [64, 256]
const batchSize = 50
const warmUpSeconds = 4

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

interface Contestant {
  readonly name: string
  readonly port: number
  /** Of the HTTP side alone. */
  readonly cpuMillis: () => number
}

interface Round extends Fired {
  readonly cpuMicros: number
  readonly workerMicros: number
  readonly serverMicros: number
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

const cell = (value: number, digits = 1): string => value.toFixed(digits).padStart(9)

const titles = ["POST/s", "status/s", "p50 ms", "p95 ms", "p99 ms", "http µs", "worker µs", "pg µs"]
const header = ["".padEnd(10), "conc.".padStart(5), ...titles.map((title) => title.padStart(9)), "failed"].join(" ")

const row = (name: string, concurrency: number, perPost: number, rounds: ReadonlyArray<Round>): string => {
  const of = (value: (round: Round) => number, digits = 1) => cell(median(rounds.map(value)), digits)
  return [
    name.padEnd(10),
    String(concurrency).padStart(5),
    of(({ perSecond }) => perSecond, 0),
    of(({ perSecond }) => perSecond * perPost, 0),
    of(({ p50 }) => p50),
    of(({ p95 }) => p95),
    of(({ p99 }) => p99),
    of(({ cpuMicros }) => cpuMicros, 0),
    of(({ workerMicros }) => workerMicros, 0),
    of(({ serverMicros }) => serverMicros, 0),
    String(rounds.reduce((sum, { failures }) => sum + failures, 0)).padStart(6)
  ].join(" ")
}

/** One after the other, and from the first one again. */
const cycle = (requests: ReadonlyArray<Buffer>) => {
  let next = 0
  return (): Buffer => {
    const request = requests[next++ % requests.length]
    if (request === undefined) throw new Error("no request")
    return request
  }
}

const statusesOf = (messages: ReadonlyArray<Meta.Sent>): ReadonlyArray<readonly [Meta.Sent, Meta.Status]> =>
  Meta.statuses.flatMap((status) => messages.map((message) => [message, status] as const))

interface Stage {
  readonly database: Database
  readonly floor: Contestant
  readonly ours: Contestant
  readonly worker: Running
  readonly serverCpu: () => number
}

let sent = 0

const sendRequest = (): Buffer => {
  const { body, headers, path } = request(sent++)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

const sendRequests = (count: number): ReadonlyArray<Buffer> => Array.from({ length: count }, sendRequest)

const measure = async (
  { database, ours, serverCpu, worker }: Stage,
  contestant: Contestant,
  loop: { readonly concurrency: number; readonly seconds: number; readonly next: () => Buffer },
  sends: number
): Promise<Round> => {
  const [cpu, workerCpu, server] = [contestant.cpuMillis(), worker.cpuMillis(), serverCpu()]
  const [fired] = await Promise.all([
    closedLoop({ ...loop, port: contestant.port, millis: loop.seconds * 1000 }),
    sends === 0 ? undefined : openLoop(ours.port, sends, sendRequests(sends * loop.seconds), 64)
  ])
  const micros = (before: number, after: number) => ((after - before) * 1000) / fired.requests
  const round = {
    ...fired,
    cpuMicros: micros(cpu, contestant.cpuMillis()),
    workerMicros: micros(workerCpu, worker.cpuMillis()),
    serverMicros: micros(server, serverCpu())
  }
  // What waits now would be worked through at the cost of whoever is measured next.
  await drained(database)
  return round
}

const compare = async (stage: Stage, perPost: number, next: () => Buffer, options: Options) => {
  const pair = [stage.floor, stage.ours]
  const ofFloor = new Map<number, number>()
  for (const concurrency of concurrencies) {
    const results = new Map<string, Array<Round>>(pair.map(({ name }) => [name, []]))
    for (let round = 0; round < options.rounds; round++) {
      for (const contestant of pair) {
        const loop = { concurrency, seconds: options.seconds, next }
        results.get(contestant.name)?.push(await measure(stage, contestant, loop, options.sends))
      }
    }
    for (const [name, rounds] of results) say(row(name, concurrency, perPost, rounds))
    const [floor, ours] = pair.map(({ name }) => results.get(name) ?? [])
    if (floor === undefined || ours === undefined) continue
    const ratio = (value: (round: Round) => number) =>
      median(ours.map((round, index) => value(round) / value(floor[index] ?? round)))
    say(
      `${"ratio".padEnd(10)} ${String(concurrency).padStart(5)} ${cell(
        ratio(({ perSecond }) => perSecond),
        2
      )} ${" ".repeat(29)} ${cell(
        ratio(({ p99 }) => p99),
        2
      )}`
    )
    ofFloor.set(concurrency, median(floor.map(({ perSecond }) => perSecond)))
    if (perPost > 1) ofFloor.set(concurrency, median(ours.map(({ perSecond }) => perSecond)) * perPost)
  }
  return ofFloor
}

const offered = async ({ database, ours, serverCpu, worker }: Stage, { openSeconds, rate }: Options) => {
  const posts = rate * openSeconds
  const messages = Math.ceil((posts * 10) / 33)
  say(`\nOpen loop: ${rate} POSTs/s for ${openSeconds} s; first ${messages} messages are sent through /send-message`)
  let answered = 0
  while (answered < messages) {
    const first = sent
    const { requests } = await run({
      port: ours.port,
      concurrency: 64,
      millis: 1000,
      request: (n) => request(first + n)
    })
    sent += requests
    answered += requests
  }
  const real = await accepted(database, messages)
  const told = statusesOf(real).map((one) => Meta.statusPost([one]))
  const texts = Array.from({ length: Math.ceil(posts / 11) }, (_, n) =>
    Meta.textPost(`55119${70_000_000 + (n % 10_000)}`)
  )
  // Every eleventh is a customer's.
  const [nextStatus, nextText] = [cycle(told), cycle(texts)]
  const requests = Array.from({ length: posts }, (_, n) => (n % 11 === 10 ? nextText() : nextStatus()))
  const [cpu, workerCpu, server] = [ours.cpuMillis(), worker.cpuMillis(), serverCpu()]
  const fired = await openLoop(ours.port, rate, requests)
  const waiting = await pending(database)
  const millis = await drained(database)
  const share = (before: number, after: number) => `${(((after - before) * 100) / (openSeconds * 1000)).toFixed(0)} %`
  say(
    `${fired.requests} POSTs answered, ${fired.failures} failed, ${fired.perSecond.toFixed(0)}/s: p50 ${fired.p50.toFixed(1)} ms, ` +
      `p95 ${fired.p95.toFixed(1)} ms, p99 ${fired.p99.toFixed(1)} ms, ${(fired.slowShare * 100).toFixed(2)} % over 1 s`
  )
  say(
    `backlog at the last answer ${waiting}, ` +
      (millis === undefined
        ? "and it does not shrink: nobody applies it"
        : `empty ${(millis / 1000).toFixed(2)} s later`)
  )
  say(
    `processor time in shares of a core: http ${share(cpu, ours.cpuMillis())}, ` +
      `worker ${share(workerCpu, worker.cpuMillis())}, postgres ${share(server, serverCpu())}`
  )
}

export const ingestBench = async (options: Options): Promise<void> => {
  const postgres = await startPostgres({ durable: true })
  const database = databaseOf(postgres.url)
  const running: Array<Running> = []
  const started = async (process: Promise<Running>): Promise<Running> => {
    running.push(await process)
    return process
  }
  try {
    await seed(postgres.url)
    await generate(database)
    const meta = await started(apps.stub(0))
    const shared = { DATABASE_URL: postgres.url, AIDESK_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") }
    const worker = await started(start(["apps/worker/main.ts"], shared, /"working"()/u))
    const http = await started(
      start(
        ["apps/http/main.ts"],
        { ...shared, SIMULATOR_URL: `http://127.0.0.1:${meta.port}`, SIMULATOR_APP_SECRET: Meta.secret, PORT: "0" },
        /"port":(\d+)/u
      )
    )
    const floor = await started(start(["test/bench/floor/ingest.ts", postgres.url, Meta.secret], {}, /ready (\d+)/u))
    const stage: Stage = {
      database,
      worker,
      floor: { name: "floor", ...floor },
      ours: { name: "ours", ...http },
      serverCpu: await serverCpu(database)
    }
    const told = statusesOf(await accepted(database, generated))
    const single = cycle(told.map((one) => Meta.statusPost([one])))
    const batches = cycle(
      Array.from({ length: told.length / batchSize }, (_, n) =>
        Meta.statusPost(told.slice(n * batchSize, (n + 1) * batchSize))
      )
    )
    for (const contestant of [stage.floor, stage.ours]) {
      await measure(stage, contestant, { concurrency: 64, seconds: warmUpSeconds, next: single }, 0)
    }

    say(`\nOne status per POST, ${options.sends} sends/s beside\n${header}`)
    const floorSingle = await compare(stage, 1, single, options)
    say(`\n${batchSize} statuses per POST, ${options.sends} sends/s beside\n${header}`)
    const oursBatched = await compare(stage, batchSize, batches, options)
    for (const concurrency of concurrencies) {
      const ratio = (oursBatched.get(concurrency) ?? 0) / (floorSingle.get(concurrency) ?? Number.NaN)
      say(`statuses/s of ours in batches against the floor's one by one, at ${concurrency}: ${ratio.toFixed(1)}`)
    }
    await offered(stage, options)
  } finally {
    for (const { stop } of running.toReversed()) await stop()
    await database.close()
    await postgres.stop()
  }
}
