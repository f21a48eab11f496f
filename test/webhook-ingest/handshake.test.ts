import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Inbox } from "../../core/inbound/Inbox.ts"
import { layer as live, layerOn, none, path, request, verifyToken } from "./Receiver.ts"

const ask = (query: Readonly<Record<string, string>>, method = "GET") =>
  request({ method, path: `${path}?${new URLSearchParams(query).toString()}` })

const right = { "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": "1158201444" }

const wrong: ReadonlyArray<readonly [what: string, query: Readonly<Record<string, string>>]> = [
  ["nothing", {}],
  ["another word", { ...right, "hub.verify_token": "outra" }],
  ["the beginning of the word", { ...right, "hub.verify_token": verifyToken.slice(0, -1) }],
  ["the word and more", { ...right, "hub.verify_token": `${verifyToken} ` }],
  ["no word", { "hub.mode": "subscribe", "hub.challenge": "1" }],
  ["an empty word", { ...right, "hub.verify_token": "" }],
  ["another mode", { ...right, "hub.mode": "unsubscribe" }],
  ["no challenge", { "hub.mode": "subscribe", "hub.verify_token": verifyToken }],
  ["an empty challenge", { ...right, "hub.challenge": "" }],
  ["a challenge without end", { ...right, "hub.challenge": "x".repeat(1001) }],
  ["names without dots", { mode: "subscribe", verify_token: verifyToken, challenge: "1" }]
]

layer(live, { excludeTestServices: true })("GET /webhooks/whatsapp", (it) => {
  it.effect.each([
    "1158201444",
    "0007",
    "a b+c%20d",
    "<script>alert(1)</script>",
    "ç👋",
    "line\r\nanother",
    "x".repeat(1000)
  ])("repeats the challenge exactly to who knows the word, as plain text: %s", (challenge) =>
    Effect.gen(function* () {
      const answer = yield* ask({ ...right, "hub.challenge": challenge })
      assert.deepStrictEqual([answer.status, answer.text], [200, challenge])
      assert.strictEqual(answer.headers["content-type"], "text/plain; charset=utf-8")
      assert.strictEqual(answer.headers["x-content-type-options"], "nosniff")
    })
  )

  it.effect("is the same in whatever order, and beside whatever else, it is asked", () =>
    Effect.gen(function* () {
      const answer = yield* ask({ utm: "1", ...Object.fromEntries(Object.entries(right).toReversed()) })
      assert.strictEqual(answer.text, "1158201444")
    })
  )

  it.effect.each(wrong)("refuses %s with 403, repeating nothing", ([, query]) =>
    Effect.gen(function* () {
      const answer = yield* ask(query)
      assert.strictEqual(answer.status, 403)
      assert.strictEqual(answer.headers["content-type"], "application/problem+json")
      assert.deepInclude(answer.json, { status: 403, code: "invalid_verify_token" })
      assert.notInclude(answer.text, "1158201444")
    })
  )

  it.effect("takes the first of a parameter that is given twice", () =>
    Effect.gen(function* () {
      const twice = `${path}?${new URLSearchParams(right).toString()}&hub.verify_token=outra&hub.challenge=2`
      assert.strictEqual((yield* request({ method: "GET", path: twice })).text, "1158201444")
    })
  )

  it.effect("answers HEAD as GET, without the challenge", () =>
    Effect.gen(function* () {
      const answer = yield* ask(right, "HEAD")
      assert.deepStrictEqual([answer.status, answer.text], [200, ""])
      assert.strictEqual((yield* ask({}, "HEAD")).status, 403)
    })
  )
})

describe("GET /webhooks/whatsapp", () => {
  it.live("without a word of ours is refused, whatever word is given", () =>
    Effect.gen(function* () {
      for (const word of ["", "undefined", "null", verifyToken]) {
        assert.strictEqual((yield* ask({ ...right, "hub.verify_token": word })).status, 403)
      }
    }).pipe(Effect.provide(layerOn(Layer.mock(Inbox, {}), none)))
  )
})
