import { assert, it as alone, layer } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { usual } from "../../adapters/simulator/WebhookBehaviour.ts"
import { behave, log, logOnce, quiet, Receiver, take, takeMany, telling } from "./Receiver.ts"
import type { Answer, Post } from "./Receiver.ts"
import { mobile, request, send, wamidOf } from "./RunningSimulator.ts"

const write = (text = "Oi") => request("POST", "/_simulator/customers/messages", { from: mobile, text })

const reset = request("DELETE", "/_simulator/webhooks")

/** Text of a message, status of a message. */
const newsOf = ({ updates }: Post): ReadonlyArray<string> =>
  updates.map((update) => {
    if (update._tag === "Status") return update.status
    return update._tag === "Message" && update.content.type === "text" ? update.content.text.body : update._tag
  })

const allNews = (posts: ReadonlyArray<Post>) => posts.flatMap(newsOf)

const letters = Array.from("abcdefghij")

layer(telling())("How webhooks come", (it) => {
  it.effect("is shown, changed in part and reset", () =>
    Effect.gen(function* () {
      const shown = Effect.map(request("GET", "/_simulator/webhooks"), ({ json }) => json)
      assert.deepStrictEqual(yield* shown, { ...usual, jitter: 0 })
      yield* behave({ batch: { size: 50 }, delays: { read: 9 } })
      assert.deepStrictEqual(yield* shown, {
        ...usual,
        jitter: 0,
        batch: { ...usual.batch, size: 50 },
        delays: { ...usual.delays, read: 9 }
      })
      yield* reset
      assert.deepStrictEqual(yield* shown, { ...usual, jitter: 0 })
    })
  )

  it.effect.each([
    { batch: { size: 1001 } },
    { batch: { size: 0 } },
    { jitter: 2 },
    { delays: { sent: -1 } },
    { delays: { gesendet: 1 } },
    { duplicates: 1 },
    { duplicate: -1 },
    { in_flight: 0 },
    "not JSON"
  ])("is not changed by %o", (change) =>
    Effect.map(request("POST", "/_simulator/webhooks", change), ({ status }) => assert.strictEqual(status, 400))
  )

  it.effect("may be in batches, which wait for each other no longer than they are to", () =>
    Effect.gen(function* () {
      yield* behave({ batch: { size: 4, wait_ms: 500 } })
      for (const letter of letters) yield* write(letter)
      assert.deepStrictEqual((yield* takeMany(2)).map(newsOf), [
        ["a", "b", "c", "d"],
        ["e", "f", "g", "h"]
      ])
      yield* TestClock.adjust("499 millis")
      assert.strictEqual((yield* log).pending, 2)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(newsOf(yield* take), ["i", "j"])
      yield* quiet
      yield* reset
    })
  )

  it.effect("may be a thousand at once, of several kinds, and still be within Meta's 3 MB", () =>
    Effect.gen(function* () {
      yield* behave({ batch: { size: 1000, wait_ms: 60_000 } })
      const long = "é".repeat(4000)
      for (let count = 0; count < 150; count += 1) yield* write(long)
      yield* request("POST", "/_simulator/webhooks/release")
      const posts = yield* takeMany(2)
      assert.strictEqual(posts.flatMap(({ updates }) => updates).length, 150)
      for (const { text } of posts) assert.isBelow(text.length, 3_000_000)
      yield* quiet
      yield* reset
    })
  )

  it.effect("may be held until it is released", () =>
    Effect.gen(function* () {
      const before = (yield* Receiver).seen()
      yield* behave({ hold: true })
      yield* send()
      yield* TestClock.adjust("5 seconds")
      yield* write("retida")
      const held = yield* log
      assert.deepInclude(held, { held: 4, pending: 2 })
      assert.strictEqual((yield* Receiver).seen(), before)
      const released = yield* request("POST", "/_simulator/webhooks/release")
      assert.deepStrictEqual(released.json, { released: 4 })
      assert.deepStrictEqual(allNews(yield* takeMany(4)).toSorted(), ["delivered", "read", "retida", "sent"])
      yield* write("retida de novo")
      assert.strictEqual((yield* log).held, 1)
      yield* behave({ hold: false })
      assert.deepStrictEqual(newsOf(yield* take), ["retida de novo"])
      yield* quiet
    })
  )

  it.effect("may be in any order, across messages and within one POST, with nothing lost", () =>
    Effect.gen(function* () {
      yield* behave({ shuffle: true, batch: { size: 10, wait_ms: 60_000 } })
      for (const letter of letters) yield* write(letter)
      yield* TestClock.adjust("3 seconds")
      const together = newsOf(yield* take)
      assert.notDeepEqual(together, letters)
      assert.deepStrictEqual(together.toSorted(), letters)
      yield* behave({ batch: { size: 1 } })
      for (let count = 0; count < 4; count += 1) yield* send()
      yield* TestClock.adjust("3 seconds")
      yield* TestClock.adjust("3 seconds")
      const order = allNews(yield* takeMany(12))
      const inOrder = ["sent", "delivered", "read"].flatMap((status) => Array.from({ length: 4 }, () => status))
      assert.notDeepEqual(order, inOrder)
      assert.deepStrictEqual(order.toSorted(), inOrder.toSorted())
      yield* quiet
      yield* reset
    })
  )

  it.effect("may be again and again", () =>
    Effect.gen(function* () {
      yield* behave({ duplicate: 2 })
      yield* write("três")
      assert.deepStrictEqual(allNews(yield* takeMany(3)), ["três", "três", "três"])
      yield* quiet
      yield* reset
    })
  )
})

layer(telling({ duplicate: 0.5 }))("A chance of duplicates", (it) => {
  it.effect("repeats some updates and not others", () =>
    Effect.gen(function* () {
      for (const letter of letters) yield* write(letter)
      const { posts } = yield* quiet
      const count = posts["delivered"] ?? 0
      const news = allNews(yield* takeMany(count))
      assert.isAbove(count, letters.length)
      assert.isBelow(count, 2 * letters.length)
      assert.deepStrictEqual([...new Set(news)].toSorted(), letters)
    })
  )
})

layer(telling({ before_answer: true }))("With before_answer", (it) => {
  it.effect("the first status has come before the send is answered", () =>
    Effect.gen(function* () {
      const receiver = yield* Receiver
      receiver.answer("never")
      const sending = yield* Effect.forkChild(send())
      yield* logOnce(({ posts }) => posts["in_flight"] === 1)
      assert.isUndefined(sending.pollUnsafe())
      receiver.relent()
      const wamid = wamidOf(yield* Fiber.join(sending))
      assert.deepInclude((yield* take).updates[0], { wamid, status: "sent" })
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(allNews(yield* takeMany(2)), ["delivered", "read"])
      yield* quiet
    })
  )

  it.effect("a receiver that is down holds nothing up", () =>
    Effect.gen(function* () {
      yield* behave({ retries: { immediate: 0 } })
      ;(yield* Receiver).answer(500)
      assert.strictEqual((yield* send()).status, 200)
      assert.strictEqual((yield* log).posts["retrying"], 1)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(allNews(yield* takeMany(3)).toSorted(), ["delivered", "read", "sent"])
    })
  )
})

layer(telling())("A POST", (it) => {
  it.effect.each([500, 503, 404, 401, 201, 204, 302])("answered with %d is repeated at once", (status) =>
    Effect.gen(function* () {
      const before = (yield* Receiver).seen()
      ;(yield* Receiver).answer(status, status)
      yield* write(`apesar de ${status}`)
      assert.deepStrictEqual(newsOf(yield* take), [`apesar de ${status}`])
      assert.strictEqual((yield* Receiver).seen(), before + 3)
      assert.deepInclude((yield* quiet).deliveries.at(-1), { state: "delivered", attempts: 3, status: 200 })
    })
  )

  it.effect("is then repeated after growing gaps", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<Answer> = Array.from({ length: 8 }, () => 500)
      ;(yield* Receiver).answer(...answers)
      yield* write("enfim")
      const times: Array<number> = []
      for (const tries of [3, 4, 5, 6, 7]) {
        const { deliveries } = yield* logOnce((now) => {
          const last = now.deliveries.at(-1)
          return last?.attempts === tries && last.state === "retrying"
        })
        const next = Date.parse(deliveries.at(-1)?.next_attempt_at ?? "")
        const gap = next - (yield* Clock.currentTimeMillis)
        times.push(gap)
        yield* TestClock.adjust(gap)
      }
      assert.deepStrictEqual(times, [1000, 2000, 4000, 8000, 16_000])
      yield* logOnce(({ deliveries }) => deliveries.at(-1)?.attempts === 8)
      yield* TestClock.adjust("32 seconds")
      assert.deepStrictEqual(newsOf(yield* take), ["enfim"])
      yield* quiet
    })
  )

  it.effect("that takes longer than ten seconds has failed, and is repeated", () =>
    Effect.gen(function* () {
      ;(yield* Receiver).answer("never")
      yield* write("de novo")
      yield* logOnce(({ posts }) => posts["in_flight"] === 1)
      yield* TestClock.adjust("9999 millis")
      assert.strictEqual((yield* log).deliveries.at(-1)?.attempts, 1)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(newsOf(yield* take), ["de novo"])
      assert.deepInclude((yield* quiet).deliveries.at(-1), { attempts: 2, state: "delivered" })
    })
  )

  it.effect("to where nobody listens waits for somebody who does", () =>
    Effect.gen(function* () {
      const { url } = yield* Receiver
      yield* request("PUT", "/_simulator/callback", { url: "http://127.0.0.1:9/", app_secret: "x" })
      yield* write("esperei")
      const { deliveries } = yield* logOnce(({ posts }) => posts["retrying"] === 1)
      assert.deepInclude(deliveries.at(-1), { status: null, error: "ECONNREFUSED" })
      yield* request("PUT", "/_simulator/callback", { url, app_secret: "segredo-do-app" })
      assert.deepStrictEqual(newsOf(yield* take), ["esperei"])
    })
  )

  it.effect("is given up after seven days", () =>
    Effect.gen(function* () {
      yield* behave({ retries: { immediate: 0, first_gap_ms: 86_400_000, largest_gap_ms: 86_400_000 } })
      const receiver = yield* Receiver
      receiver.answer(...Array.from({ length: 8 }, () => 500))
      yield* write("ninguém")
      for (let day = 1; day <= 7; day += 1) {
        yield* logOnce(({ deliveries }) => {
          const last = deliveries.at(-1)
          return last?.attempts === day && last.state === "retrying"
        })
        yield* TestClock.adjust("1 day")
      }
      const { deliveries } = yield* quiet
      assert.deepInclude(deliveries.at(-1), { state: "given_up", attempts: 8, status: 500 })
      yield* reset
    })
  )

  it.effect("is dropped once there is no callback any more", () =>
    Effect.gen(function* () {
      const { answer, url } = yield* Receiver
      answer(500, 500, 500)
      yield* write("esquecida")
      yield* logOnce(({ posts }) => posts["retrying"] === 1)
      yield* request("DELETE", "/_simulator/callback")
      assert.deepInclude((yield* quiet).deliveries.at(-1), { state: "dropped" })
      yield* request("PUT", "/_simulator/callback", { url, app_secret: "segredo-do-app" })
    })
  )
})

layer(telling({ in_flight: 4 }))("A flood", (it) => {
  it.effect("of messages comes in POSTs of the size asked for, from as many customers, few at a time", () =>
    Effect.gen(function* () {
      const { waiting } = yield* Receiver
      const answer = yield* request("POST", "/_simulator/webhooks/flood", { count: 95, size: 10, kind: "messages" })
      assert.deepStrictEqual([answer.status, answer.json], [202, { count: 95, posts: 10 }])
      const updates = (yield* takeMany(10)).flatMap((post) => post.updates)
      const wamids = updates.flatMap((update) => (update._tag === "Message" ? [update.wamid] : []))
      assert.strictEqual(new Set(wamids).size, 95)
      assert.isAtMost(waiting().most, 4)
      yield* quiet
    })
  )

  it.effect("of statuses is of the sends that there are", () =>
    Effect.gen(function* () {
      const wamids = [wamidOf(yield* send()), wamidOf(yield* send())]
      yield* TestClock.adjust("3 seconds")
      yield* takeMany(6)
      yield* request("POST", "/_simulator/webhooks/flood", { count: 12, size: 12 })
      const { updates } = yield* take
      const told = updates.flatMap((update) => (update._tag === "Status" ? [`${update.wamid} ${update.status}`] : []))
      assert.strictEqual(told.length, 12)
      assert.deepStrictEqual(
        new Set(told),
        new Set(["sent", "delivered", "read"].flatMap((status) => wamids.map((wamid) => `${wamid} ${status}`)))
      )
      yield* request("DELETE", "/_simulator/ledger")
      yield* request("POST", "/_simulator/webhooks/flood", { count: 3 })
      assert.strictEqual((yield* takeMany(3)).length, 3)
    })
  )

  it.effect.each([{ count: 0 }, { count: 1, size: 1001 }, { size: 1 }, { count: 1, kind: "spam" }])(
    "as %o is refused",
    (flood) =>
      Effect.map(request("POST", "/_simulator/webhooks/flood", flood), ({ status }) => assert.strictEqual(status, 400))
  )
})

alone.live("The end of the simulator does not wait for who does not answer, nor for what is to be repeated", () =>
  Effect.gen(function* () {
    ;(yield* Receiver).answer("never", 500)
    yield* write("sem resposta")
    yield* write("de novo")
    yield* logOnce(({ posts }) => posts["in_flight"] === 1 && posts["retrying"] === 1)
  }).pipe(Effect.provide(telling({ retries: { immediate: 0, first_gap_ms: 600_000 } })))
)
