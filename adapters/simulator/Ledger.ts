import { Effect, PubSub, Result, Schema } from "effect"
import type { Scope } from "effect"
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import * as LedgerIndex from "./LedgerIndex.ts"
import type { SendKeys } from "./LedgerIndex.ts"

/** A send that was accepted. `to` is digits without `+`, or a business-scoped id; `body` is the request's, untouched. */
export interface Send extends SendKeys {
  readonly wamid: string
  readonly phone_number_id: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** What the answer says of a template, where that is not `accepted`. */
  readonly message_status?: string
  readonly body: unknown
}

/** The ledger's file cannot be used, or holds what no ledger wrote. */
export class LedgerUnusable extends Schema.TaggedError<LedgerUnusable>()("LedgerUnusable", {
  path: Schema.String,
  cause: Schema.Defect()
}) {}

/** One page of a search. `sends` are lines of the file: JSON text that needs no parsing to be passed on. */
export interface LedgerPage {
  /** All that match, whatever the page. */
  readonly count: number
  readonly sends: ReadonlyArray<string>
  /** Position after the last send of the page, for the next page's `after`. */
  readonly next: number
}

/**
 * Every send that the simulator accepted, in order, never deduplicated: the ground truth for double sends.
 *
 * One line of JSON a send, written to the file before `append` returns, and so before the send is answered: it survives a
 * process that is killed (not a power cut: nothing is synced). Only an index stays in memory. One process owns the file.
 */
export interface Ledger {
  /** Answers its position. */
  readonly append: (send: Send) => Effect.Effect<number>
  /** The send at this position, from 0; undefined where there is none. */
  readonly read: (position: number) => Send | undefined
  readonly count: Effect.Effect<number>
  /** The same, at this moment. */
  readonly size: () => number
  /** Sends that fit both keys (where given), from position `after` on (0: from the first). */
  readonly search: (query: {
    readonly keys: Partial<SendKeys>
    readonly after: number
    readonly limit: number
  }) => Effect.Effect<LedgerPage>
  readonly clear: Effect.Effect<void>
  /** Each send from now on, once it is written and before it is answered: what a message's statuses will follow from. */
  readonly accepted: Effect.Effect<PubSub.Subscription<Send>, never, Scope.Scope>
}

const decodeKeys = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ to: Schema.String, attempt_id: Schema.NullOr(Schema.String) }))
)
const decodeSend = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      wamid: Schema.String,
      to: Schema.String,
      attempt_id: Schema.NullOr(Schema.String),
      phone_number_id: Schema.String,
      at: Schema.String,
      message_status: Schema.optionalKey(Schema.String),
      body: Schema.Unknown
    })
  )
)
const newline = 10
const loadChunk = 1 << 20
const candidatesPerTurn = 500

/** Reads the lines that are there into the index, and cuts off a last one that a crash left unfinished. */
const load = (file: number, index: LedgerIndex.LedgerIndex): void => {
  let pending: Buffer = Buffer.alloc(0)
  for (;;) {
    const chunk = Buffer.allocUnsafe(loadChunk)
    const read = readSync(file, chunk, 0, loadChunk, index.size() + pending.length)
    if (read === 0) break
    pending = Buffer.concat([pending, chunk.subarray(0, read)])
    let start = 0
    for (let end = pending.indexOf(newline); end >= 0; end = pending.indexOf(newline, start)) {
      const keys = Result.getOrThrow(decodeKeys(pending.toString("utf8", start, end)))
      index.add(end + 1 - start, keys)
      start = end + 1
    }
    pending = pending.subarray(start)
  }
  ftruncateSync(file, index.size())
}

const writeWhole = (file: number, line: Buffer): void => {
  for (let written = 0; written < line.length;) written += writeSync(file, line, written)
}

const fits = (line: string, keys: Partial<SendKeys>): boolean => {
  const found = Result.getOrThrow(decodeKeys(line))
  return (
    (keys.to === undefined || keys.to === found.to) &&
    (keys.attempt_id === undefined || keys.attempt_id === found.attempt_id)
  )
}

export const make = Effect.fnUntraced(function* (path: string): Effect.fn.Return<Ledger, LedgerUnusable, Scope.Scope> {
  const index = LedgerIndex.make()
  const accepted = yield* PubSub.unbounded<Send>()
  const unusable = (cause: unknown) => new LedgerUnusable({ path, cause })

  const file = yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        mkdirSync(dirname(path), { recursive: true })
        return openSync(path, "a+", 0o600)
      },
      catch: unusable
    }),
    (opened) => Effect.sync(() => closeSync(opened))
  )
  yield* Effect.try({ try: () => load(file, index), catch: unusable })

  const lineAt = (position: number): string => {
    const { length, offset } = index.line(position)
    const line = Buffer.allocUnsafe(length - 1)
    readSync(file, line, 0, line.length, offset)
    return line.toString("utf8")
  }

  const everything = (after: number, limit: number): LedgerPage => {
    const count = index.count()
    const next = Math.max(after, Math.min(count, after + limit))
    return { count, next, sends: Array.from({ length: next - after }, (_, position) => lineAt(after + position)) }
  }

  return {
    append: (send) =>
      Effect.suspend(() => {
        const line = Buffer.from(`${JSON.stringify(send)}\n`)
        try {
          writeWhole(file, line)
        } catch (cause) {
          // Half a line would swallow the next one.
          ftruncateSync(file, index.size())
          return Effect.die(unusable(cause))
        }
        const position = index.count()
        index.add(line.length, send)
        PubSub.publishUnsafe(accepted, send)
        return Effect.succeed(position)
      }),

    read: (position) => (position < index.count() ? decodeSend(lineAt(position)) : undefined),

    count: Effect.sync(() => index.count()),
    size: () => index.count(),

    search: Effect.fnUntraced(function* ({ after, keys, limit }) {
      if (keys.to === undefined && keys.attempt_id === undefined) return everything(after, limit)
      const sends: Array<string> = []
      let count = 0
      let next = after
      let looked = 0
      for (
        let position = index.nextCandidate(0, keys);
        position < index.count();
        position = index.nextCandidate(position + 1, keys)
      ) {
        const line = lineAt(position)
        if (fits(line, keys)) {
          count += 1
          if (position >= after && sends.length < limit) {
            sends.push(line)
            next = position + 1
          }
        }
        looked += 1
        // A recipient of very many sends must not keep other requests waiting.
        if (looked % candidatesPerTurn === 0) yield* Effect.yieldNow
      }
      return { count, sends, next }
    }),

    clear: Effect.sync(() => {
      ftruncateSync(file, 0)
      index.clear()
    }),

    accepted: PubSub.subscribe(accepted)
  }
})
