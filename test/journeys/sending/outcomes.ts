import { assert, describe, type Vitest } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import type { Fault } from "../../../adapters/simulator/Faults.ts"
import type { Answer } from "../Http.ts"
import * as Meta from "../Meta.ts"
import { Outlasting } from "./Outlasting.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

const cases: ReadonlyArray<readonly [happening: string, fault: Fault, sent: number]> = [
  ["reset after Meta has read it", { kind: "reset", stage: "after_body" }, 0],
  ["accepted, the connection closed without an answer", { kind: "lost_response" }, 1],
  ["accepted, the answer cut off", { kind: "truncated" }, 1],
  ["accepted, a 200 without a message's id", { kind: "no_wamid" }, 1],
  ["accepted, a 200 that is no JSON", { kind: "garbage" }, 1],
  ["not accepted, a proxy's page with 502", { kind: "http_error", status: 502, accepted: false }, 0],
  ["accepted, a proxy's page with 502", { kind: "http_error", status: 502, accepted: true }, 1],
  ["not accepted, a proxy's page with 429", { kind: "http_error", status: 429, accepted: false }, 0]
]

const onTemplate = (answer: Answer) => Told.failureOn("/send-message", answer)

export const outcomes = (it: Vitest.MethodsNonLive<Layer.Success<typeof Product.layer> | Outlasting>) =>
  describe("What is known of a send, and what is not", () => {
    it.effect.each(cases)("%s: 504 outcome_unknown, and not repeated", ([, fault, sent]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Meta.script(shop, fault)
        const template = onTemplate(yield* Shop.sendTemplate(shop))
        assert.strictEqual(template.code, "outcome_unknown")
        assert.isFalse(template.retryable)
        assert.strictEqual(yield* Meta.count(shop), sent)

        yield* Meta.script(shop, fault)
        const direct = Told.failureOn("/sendmessage", yield* Shop.sendDirect(shop))
        assert.strictEqual(direct.code, "outcome_unknown")
        assert.strictEqual(yield* Meta.count(shop), 2 * sent)
      })
    )

    it.effect("reset before Meta has read it: it may have been read, so 504, and not repeated", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Meta.resetUnread
        assert.strictEqual(onTemplate(yield* Shop.sendTemplate(shop)).code, "outcome_unknown")
        assert.strictEqual(yield* Meta.count(shop), 0)
        assert.strictEqual(yield* Meta.faultsLeft, 0)
      })
    )

    it.effect("a slow answer is waited for", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Meta.script(shop, { kind: "slow", delay_ms: 700 })
        const wamid = Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        assert.deepStrictEqual(
          (yield* Meta.sends(shop)).map((sent) => sent.wamid),
          [wamid]
        )
      })
    )

    it.effect("a simulated instance without a simulator: 503 at once, nothing was sent", () =>
      Effect.gen(function* () {
        const { httpApp } = yield* Product.Apart
        const lonely = yield* httpApp({ SIMULATOR_URL: "" })
        const shop = yield* Shop.open()
        for (const [path, asked] of [
          ["/send-message", Shop.sendTemplate(shop)],
          ["/sendmessage", Shop.sendDirect(shop)]
        ] as const) {
          const answer = yield* Effect.updateService(asked, Product.Product, (product) => ({ ...product, ...lonely }))
          assert.deepInclude(Told.failureOn(path, answer), { code: "simulator_unavailable", retryable: true })
        }
      })
    )

    it.effect("a live instance never sends through the simulator, nor a simulated one to Meta", () =>
      Effect.gen(function* () {
        const { httpApp, simulatorUrl } = yield* Product.Apart
        // Meta is played by the simulator here, and what simulated instances have is nobody.
        const app = yield* httpApp({ GRAPH_BASE_URL: simulatorUrl, SIMULATOR_URL: "" })
        const through = Effect.updateService(Product.Product, (product) => ({ ...product, ...app }))
        const live = yield* Shop.open("live")
        assert.match(live.key, /^ad_live_/u)
        const wamid = Told.acceptedOn("/send-message", yield* through(Shop.sendTemplate(live)))
        assert.deepStrictEqual(
          (yield* Meta.sends(live)).map((sent) => sent.wamid),
          [wamid]
        )
        const simulated = yield* Shop.open()
        assert.match(simulated.key, /^ad_test_/u)
        assert.strictEqual(onTemplate(yield* through(Shop.sendTemplate(simulated))).code, "simulator_unavailable")
      })
    )

    it.effect("a live instance without a token: 502, for an operator to act, nothing was sent", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open("live")
        yield* Shop.forgetToken(shop)
        assert.strictEqual(onTemplate(yield* Shop.sendTemplate(shop)).code, "meta_account")
      })
    )

    it.effect("within its deadline a send is tried again only while nothing can have left, and told in the end", () =>
      Effect.gen(function* () {
        const { late, paired, throttled, unreachable } = yield* Outlasting
        const [limited, pair, unknown, away] = yield* Effect.forEach(
          [throttled, paired, late, unreachable],
          ({ answer }) => Effect.map(answer, onTemplate)
        )
        assert.deepInclude(limited, { code: "meta_throttled", retryable: true, retry_after: 8 })
        assert.deepInclude(pair, { code: "meta_throttled", retryable: true, retry_after: 16 })
        assert.deepInclude(unknown, { code: "outcome_unknown", retryable: false })
        assert.deepInclude(away, { code: "meta_unavailable", retryable: true, retry_after: 8 })
        const shops = [throttled, paired, late, unreachable].map(({ shop }) => shop)
        assert.deepStrictEqual(yield* Effect.forEach(shops, Meta.count), [0, 0, 1, 0])
      })
    )
  })
