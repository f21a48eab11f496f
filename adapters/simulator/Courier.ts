import { Clock, Effect, Semaphore } from "effect"
import type { Scope } from "effect"
import { Agent, request } from "undici"
import type { Callback, CallbackSetting } from "./Callback.ts"
import { signature } from "./Callback.ts"
import * as DeliveryLog from "./DeliveryLog.ts"
import type { WebhookBehaviour } from "./WebhookBehaviour.ts"
import { payload } from "./WebhookPayload.ts"
import type { Update } from "./WebhookPayload.ts"

/** An update on its way. */
export interface Parcel {
  readonly update: Update
  /** A try is over, however it ended. */
  readonly tried: () => void
  /** The receiver has it, or it was given up. Once for each POST that it is in. */
  readonly over: () => void
}

/** Posts webhooks, and repeats each POST until it is answered by 200 (*Create a webhook endpoint*). */
export interface Courier {
  /** One POST; at once, but for those that wait for an answer already. */
  readonly post: (parcels: ReadonlyArray<Parcel>) => Effect.Effect<void>
  /** One POST; returns when the receiver has it, or it was given up. */
  readonly postNow: (updates: ReadonlyArray<Update>) => Effect.Effect<void>
  readonly log: DeliveryLog.DeliveryLog
  /** After a change of `in_flight`. */
  readonly resize: (inFlight: number) => Effect.Effect<void>
}

const reasonOf = (failure: unknown): string => {
  if (!(failure instanceof Error)) return "error"
  return "code" in failure && typeof failure.code === "string" ? failure.code : failure.name
}

/** How long to wait after so many tries. */
const gapAfter = (tries: number, { retries }: WebhookBehaviour): number =>
  tries <= retries.immediate
    ? 0
    : Math.min(retries.largest_gap_ms, retries.first_gap_ms * 2 ** (tries - retries.immediate - 1))

/** An HTTP status, or why there is none. */
type Outcome = number | string

export const make = Effect.fnUntraced(function* (
  callback: CallbackSetting,
  behaviour: () => WebhookBehaviour
): Effect.fn.Return<Courier, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const inFlight = yield* Semaphore.make(behaviour().in_flight)
  const log = DeliveryLog.make()
  // A try has one limit of time, by the simulator's clock.
  const agent = yield* Effect.acquireRelease(
    Effect.sync(() => new Agent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 })),
    (agent) => Effect.promise(() => agent.destroy())
  )

  const exchange = (to: Callback, body: string): Effect.Effect<Outcome> =>
    Effect.tryPromise({
      try: async (signal): Promise<Outcome> => {
        const headers = {
          "content-type": "application/json",
          "user-agent": "facebookexternalua",
          "x-hub-signature-256": signature(to, body)
        }
        const answer = await request(to.url, { dispatcher: agent, method: "POST", headers, body, signal })
        await answer.body.dump({ limit: 65_536 })
        return answer.statusCode
      },
      catch: reasonOf
    }).pipe(
      Effect.timeoutOrElse({ duration: behaviour().timeout_ms, orElse: () => Effect.succeed("timeout") }),
      Effect.catch((reason) => Effect.succeed(reason))
    )

  const deliver = Effect.fnUntraced(function* (updates: ReadonlyArray<Update>, tried: () => void) {
    const entry = log.begin(updates)
    const since = yield* Clock.currentTimeMillis
    const body = payload(updates)
    for (let tries = 1; ; tries += 1) {
      const to = callback.current()
      if (to === undefined) return entry.ended("dropped")
      const outcome = yield* inFlight.withPermits(1)(
        Effect.andThen(
          Effect.map(Clock.currentTimeMillis, (now) => entry.tries(now)),
          exchange(to, body)
        )
      )
      tried()
      if (outcome === 200) return entry.ended("delivered", outcome)
      const now = yield* Clock.currentTimeMillis
      const gap = gapAfter(tries, behaviour())
      if (now + gap > since + behaviour().retries.give_up_ms) return entry.ended("given_up", outcome)
      entry.failed(outcome, now + gap)
      if (gap > 0) yield* Effect.raceFirst(Effect.sleep(gap), callback.another)
    }
  })

  return {
    post: (parcels) => {
      const tried = () => {
        for (const parcel of parcels) parcel.tried()
      }
      const over = Effect.sync(() => {
        tried()
        for (const parcel of parcels) parcel.over()
      })
      const updates = parcels.map(({ update }) => update)
      return Effect.asVoid(Effect.forkIn(Effect.ensuring(deliver(updates, tried), over), scope))
    },
    postNow: (updates) => deliver(updates, () => {}),
    log,
    resize: (permits) => inFlight.resize(permits)
  }
})
