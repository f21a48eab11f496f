import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { knownCodes, reactionTo } from "../../../core/failure/MetaErrorTable.ts"
import * as Meta from "../Meta.ts"
import type * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

/** Codes of the table's ranges, one each, and one that Meta has never documented. */
const furtherCodes = [200, 147_001, 200_005, 2_388_000, 999_999]

const codes = [...knownCodes, ...furtherCodes]

const kindOf = (code: number): string => {
  const reaction = reactionTo(code)
  if (reaction === undefined) return "unrecognized"
  return reaction.kind === "later" && reaction.retryAfter !== undefined ? "until" : reaction.kind
}

const ofKind = (kind: string): ReadonlyArray<number> => codes.filter((code) => kindOf(code) === kind)

/** One send on each of two paths of an instance of its own, whose circuit no other code opens. */
const refusals = Effect.fnUntraced(function* (code: number) {
  const shop = yield* Shop.open()
  yield* Meta.script(shop, { kind: "graph_error", code }, 2)
  const template = yield* Shop.sendTemplate(shop)
  const direct = yield* Shop.sendDirect(shop)
  assert.strictEqual(yield* Meta.count(shop), 0)
  return [Told.failureOn("/send-message", template), Told.failureOn("/sendmessage", direct)]
})

export const metaErrors = (it: Product.It) =>
  describe("What Meta refuses", () => {
    it.effect("every code of the table is of a kind that is told in one way", () =>
      Effect.sync(() => {
        const kinds = new Set(["permanent", "account", "busy", "later", "until", "open", "throttle", "unrecognized"])
        assert.deepStrictEqual(
          codes.map(kindOf).filter((kind) => !kinds.has(kind)),
          []
        )
      })
    )

    it.effect.each([
      ["permanent", 400, "meta_rejected"],
      ["account", 502, "meta_account"],
      ["busy", 503, "meta_busy"],
      ["later", 400, "meta_refused_for_now"],
      ["until", 429, "meta_refused_until"],
      ["unrecognized", 502, "meta_unrecognized"]
    ] as const satisfies ReadonlyArray<readonly [string, number, ErrorCode]>)(
      "every code that is %s is told as %i %s, with Meta's own account of it; nothing was sent",
      ([kind, status, code]) =>
        Effect.gen(function* () {
          const all = ofKind(kind)
          assert.isAbove(all.length, 0)
          yield* Effect.forEach(
            all,
            Effect.fnUntraced(function* (metaCode) {
              for (const told of yield* refusals(metaCode)) {
                assert.strictEqual(told.code, code, String(metaCode))
                assert.strictEqual(told.meta?.["code"], metaCode)
                assert.match(String(told.meta?.["fbtrace_id"]), /^A.{22}$/u)
                assert.isString(told.meta?.["title"])
                assert.isString(told.message_ref)
                const waits = status === 429 || kind === "busy"
                assert.strictEqual(told.retry_after !== undefined, waits, String(metaCode))
              }
            }),
            { concurrency: 8 }
          )
        })
    )

    it.effect("codes with which Meta does not know itself leave the outcome unknown", () =>
      Effect.gen(function* () {
        const all = ofKind("open")
        assert.deepStrictEqual(all, [1, 131_000])
        for (const code of all) {
          for (const told of yield* refusals(code)) {
            assert.strictEqual(told.code, "outcome_unknown")
            assert.isFalse(told.retryable)
          }
        }
      })
    )

    it.effect("every throttle is waited for and the message sent once", () =>
      Effect.gen(function* () {
        const all = ofKind("throttle")
        assert.deepStrictEqual(all, [4, 17, 32, 613, 80_007, 80_008, 80_012, 130_429, 131_056])
        yield* Effect.forEach(
          all,
          Effect.fnUntraced(function* (code) {
            const shop = yield* Shop.open()
            yield* Meta.script(shop, { kind: "graph_error", code })
            const wamid = Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
            const sends = yield* Meta.sends(shop)
            assert.deepStrictEqual(
              sends.map((sent) => sent.wamid),
              [wamid]
            )
          }),
          { concurrency: "unbounded" }
        )
      })
    )

    it.effect.each([
      [2, "meta_busy", 60],
      [131_016, "meta_busy", 60],
      [131_057, "meta_busy", 60],
      [133_004, "meta_busy", 60],
      [131_049, "meta_refused_until", 86_400],
      [131_048, "meta_refused_for_now", undefined],
      [131_026, "meta_rejected", undefined],
      [190, "meta_account", undefined],
      [131_042, "meta_account", undefined],
      [999_999, "meta_unrecognized", undefined]
    ] as const)("%i is %s, with Retry-After: %s", ([metaCode, code, retryAfter]) =>
      Effect.gen(function* () {
        for (const told of yield* refusals(metaCode)) {
          assert.strictEqual(told.code, code)
          assert.strictEqual(told.retry_after, retryAfter)
        }
      })
    )

    it.effect("Meta's words are passed on as they came, whatever status it gave", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const details = 'Parâmetro "to" <b>inválido</b>\n\u2028 não enviado'
        yield* Meta.script(shop, { kind: "graph_error", code: 131_009, status: 500, subcode: 2_494_055, details })
        const told = Told.failureOn("/send-message", yield* Shop.sendTemplate(shop))
        assert.deepInclude(told.meta, {
          code: 131_009,
          subcode: 2_494_055,
          title: "(#131009) Parameter value is not valid",
          details
        })
      })
    )
  })
