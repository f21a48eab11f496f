import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { randomInt } from "node:crypto"
import * as Http from "../Http.ts"
import * as Meta from "../Meta.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

const requests = 300

/** Numbers from a seed: a failure names the seed, and the seed makes the same requests again. */
const dice = (seed: number) => {
  let state = seed >>> 0
  const below = (limit: number): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return {
    below,
    oneOf: <A>(first: A, ...others: ReadonlyArray<A>): A => others[below(others.length + 1) - 1] ?? first
  }
}
type Dice = ReturnType<typeof dice>

const strange = (dice: Dice): unknown =>
  dice.oneOf<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    "",
    " ",
    "5",
    "\u0000",
    "\ud800",
    "\u202e‮",
    "' or 1=1 --",
    "${7*7}{{nome}}%s%n",
    "a".repeat(5000),
    "👩‍👩‍👧‍👦".repeat(300),
    [],
    [[]],
    {},
    { $ne: null },
    { toString: 1, length: -1 },
    JSON.parse('{"__proto__":{"admin":true}}')
  )

const names = [
  "number",
  "template_id",
  "campaign_id",
  "contact_name",
  "variables",
  "queue_id",
  "status_id",
  "contact_id",
  "instance_id",
  "message_content",
  "media_caption",
  "__proto__",
  "constructor",
  ""
]

const mutatedJson = (dice: Dice, right: object): string => {
  const fields = new Map<string, unknown>(Object.entries(right))
  for (let times = dice.below(3) + 1; times > 0; times -= 1) {
    const name = names[dice.below(names.length)] ?? ""
    if (dice.below(3) === 0) fields.delete(name)
    else fields.set(name, strange(dice))
  }
  return JSON.stringify(Object.fromEntries(fields))
}

const mutatedBytes = (dice: Dice, text: string): Buffer => {
  const bytes = Buffer.from(text)
  for (let times = dice.below(4); times > 0; times -= 1) bytes[dice.below(bytes.length)] = dice.below(256)
  return dice.oneOf(
    bytes,
    bytes.subarray(0, dice.below(bytes.length)),
    Buffer.concat([bytes, bytes]),
    Buffer.concat([Buffer.from("\ufeff"), bytes]),
    Buffer.from(text, "utf16le")
  )
}

const headersOf = (dice: Dice, key: string): Readonly<Record<string, string>> => ({
  apikey: dice.below(8) === 0 ? dice.oneOf("", "x", `${key} `, key.toUpperCase()) : key,
  "content-type": dice.below(8) === 0 ? dice.oneOf("", "text/html", "application/json; charset=x") : "application/json",
  ...(dice.below(4) === 0
    ? { "idempotency-key": dice.oneOf("", "k", "k k", "é", "a".repeat(300), String(dice.below(5))) }
    : {}),
  ...(dice.below(4) === 0 ? { "x-request-id": dice.oneOf("", "r", "é", "<script>", "a".repeat(1000)) } : {}),
  ...(dice.below(8) === 0 ? { expect: "100-continue" } : {}),
  ...(dice.below(8) === 0 ? { accept: dice.oneOf("text/html", "*/*;q=x", "application/xml") } : {})
})

const mutant = (dice: Dice, shop: Shop.Shop): Http.Request => {
  const [path, right] = dice.oneOf<readonly [string, object]>(
    ["/send-message", Shop.templateBody(shop)],
    ["/sendmessage", Shop.directBody(shop)]
  )
  const json = mutatedJson(dice, right)
  const body = dice.below(3) === 0 ? mutatedBytes(dice, json) : json
  return { path, body, headers: headersOf(dice, shop.key), chunked: dice.below(4) === 0 }
}

export const mutations = (it: Product.It) =>
  describe("Requests that make no sense", () => {
    const seed = randomInt(2 ** 32)

    it.effect(`${requests} of them are each refused or sent, in JSON, with a code that is known (seed ${seed})`, () =>
      Effect.gen(function* () {
        const { child, url } = yield* Product.Product
        const shop = yield* Shop.open()
        const random = dice(seed)
        const mutants = Array.from({ length: requests }, () => mutant(random, shop))
        const statuses = yield* Effect.forEach(
          mutants,
          Effect.fnUntraced(function* (request) {
            const answer = yield* Http.send(url, request)
            if (answer.status === 200) {
              Told.acceptedOn(request.path, answer)
            } else {
              const { code } = Told.failureOn(request.path, answer)
              assert.isBelow(answer.status, 500, `${code} for ${JSON.stringify(request)}`)
            }
            return answer.status
          }),
          { concurrency: 8 }
        )
        // They are no nonsense through and through: some are sent, and that many.
        const accepted = statuses.filter((status) => status === 200).length
        assert.isAtMost(yield* Meta.count(shop), accepted)
        assert.isAbove(statuses.filter((status) => status === 400).length, requests / 4)

        assert.strictEqual((yield* Http.send(url, { method: "GET", path: "/health/ready" })).status, 200)
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        assert.strictEqual(child.errors(), "")
      })
    )
  })
