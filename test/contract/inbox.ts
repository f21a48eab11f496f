import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option } from "effect"
import { Buffer } from "node:buffer"
import { Inbox } from "../../core/inbound/Inbox.ts"
import { Mailroom } from "./Mailroom.ts"

const receivedAt = DateTime.makeUnsafe("2026-03-01T12:34:56.789Z")

const post = (text: string, at = receivedAt) => ({ source: "meta", body: Buffer.from(text), receivedAt: at }) as const

/** The laws of the `Inbox` port. */
export const inboxContract = <E>(adapter: string, live: Layer.Layer<Inbox | Mailroom, E>) =>
  layer(live, { timeout: "60 seconds" })(`Inbox on ${adapter}`, (it) => {
    it.effect("a post is kept byte by byte, with its source and its time, and awaits its work", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
        yield* inbox.keep({ source: "meta", body: every, receivedAt })
        yield* inbox.keep({ source: "simulator", body: new Uint8Array(), receivedAt })
        yield* inbox.keep(post('{"text":"Olá \\ud83d\\udc4b \\u0000"}'))
        assert.deepStrictEqual(yield* mailroom.posts, [
          { source: "meta", body: Buffer.from(every).toString("hex"), receivedAt, pending: true },
          { source: "simulator", body: "", receivedAt, pending: true },
          {
            source: "meta",
            body: Buffer.from('{"text":"Olá \\ud83d\\udc4b \\u0000"}').toString("hex"),
            receivedAt,
            pending: true
          }
        ])
      })
    )

    it.effect("of two thousand that come at once each is kept once", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        const texts = Array.from({ length: 2000 }, (_, n) => `post ${String(n).padStart(4, "0")}`)
        yield* Effect.forEach(texts, (text) => inbox.keep(post(text)), { concurrency: "unbounded", discard: true })
        const kept = (yield* mailroom.posts).map(({ body }) => Buffer.from(body, "hex").toString())
        assert.deepStrictEqual(kept.toSorted(), texts)
        assert.deepStrictEqual(yield* inbox.backlog, { posts: 2000, oldest: Option.some(receivedAt) })
      })
    )

    it.effect("posts of three megabytes are kept beside small ones", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        const sizes = [10, 3_000_000, 20, 3_000_000, 30, 3_145_728]
        yield* Effect.forEach(sizes, (size) => inbox.keep(post("x".repeat(size))), {
          concurrency: "unbounded",
          discard: true
        })
        const kept = (yield* mailroom.posts).map(({ body }) => body.length / 2)
        assert.deepStrictEqual(
          kept.toSorted((one, other) => one - other),
          sizes.toSorted((one, other) => one - other)
        )
        yield* mailroom.empty
      })
    )

    it.effect("the backlog is how many posts wait, and since when the first in line does", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        assert.deepStrictEqual(yield* inbox.backlog, { posts: 0, oldest: Option.none() })
        yield* inbox.keep(post("worked through"))
        yield* mailroom.workThrough
        assert.deepStrictEqual(yield* inbox.backlog, { posts: 0, oldest: Option.none() })
        const later = DateTime.add(receivedAt, { seconds: 1 })
        yield* inbox.keep(post("first", later))
        yield* inbox.keep(post("second", DateTime.add(receivedAt, { seconds: 2 })))
        assert.deepStrictEqual(yield* inbox.backlog, { posts: 2, oldest: Option.some(later) })
      })
    )

    it.effect("old posts are forgotten in bounded batches, those that await their work never", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        const old = DateTime.subtract(receivedAt, { days: 7 })
        yield* Effect.forEach(Array.from({ length: 1200 }), () => inbox.keep(post("old", old)), {
          concurrency: "unbounded",
          discard: true
        })
        yield* inbox.keep(post("of today"))
        yield* mailroom.workThrough
        yield* inbox.keep(post("old and waiting", old))
        let forgotten = 0
        let latest: number
        do {
          latest = (yield* Effect.all([inbox.forget(receivedAt), inbox.forget(receivedAt)], {
            concurrency: "unbounded"
          })).reduce((sum, count) => sum + count)
          forgotten += latest
        } while (latest > 0)
        assert.strictEqual(forgotten, 1200)
        assert.deepStrictEqual(
          (yield* mailroom.posts).map(({ body, pending }) => [Buffer.from(body, "hex").toString(), pending]),
          [
            ["of today", false],
            ["old and waiting", true]
          ]
        )
      })
    )
  })
