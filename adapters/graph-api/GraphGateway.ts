/**
 * The way to Meta, and to the simulator that answers in its place.
 *
 * Guarantees: one call is one request, written at most once and never repeated, redirected or sent through a proxy; a
 * live instance's messages go to Meta only and a simulated one's to the simulator only; an access token goes nowhere but
 * into the request of its own instance.
 *
 * Source: Meta, "Send messages": `POST /{version}/{phone_number_id}/messages`.
 */
import { Cache, Duration, Effect, Exit, Layer, Option, Redacted } from "effect"
import type { Pool } from "undici"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import type { Instance, InstanceId } from "../../core/instance/Instance.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"
import { MessageGateway } from "../../core/message/MessageGateway.ts"
import * as Exchange from "./Exchange.ts"
import * as GraphAnswer from "./GraphAnswer.ts"
import * as NumberBreaker from "./NumberBreaker.ts"
import * as WireMessage from "./WireMessage.ts"

export interface Options {
  /** Absolute URL, such as `https://graph.facebook.com`; a path in it is kept. */
  readonly graphBaseUrl: string
  /** Where simulated instances send, in the same manner; without it they cannot. */
  readonly simulatorUrl: string | undefined
  /** Of the Graph API, pinned: without one Meta takes the newest the app may use. */
  readonly version?: string
  /** To each of the two, at most. Every call in progress holds one; the calls beyond wait within their timeout. */
  readonly connections?: number
}

/** A changed or revoked token is noticed after this long. */
const tokenLifetime = Duration.seconds(5)

/** The database has just committed the reservation: one that is this slow now is away. */
const tokenPatience = Duration.seconds(1)

/** The simulator checks that there is a token, not which. */
const simulatedToken = Redacted.make("simulated")

interface Endpoint {
  readonly pool: Pool
  /** Up to the number's id. */
  readonly path: string
}

const endpoint = Effect.fnUntraced(function* (base: string, { connections = 512, version = "v25.0" }: Options) {
  const url = new URL(base)
  const pool = yield* Exchange.connect(url.origin, connections)
  return { pool, path: `${url.pathname.replace(/\/+$/u, "")}/${version}/` } satisfies Endpoint
})

const answerOf = (outcome: Exchange.Outcome): GatewayAnswer => {
  if (outcome._tag === "Answered") return GraphAnswer.read(outcome.status, outcome.body)
  return outcome._tag === "NeverLeft" ? { ...outcome, retryAfter: undefined } : outcome
}

const tokenCache = Effect.gen(function* () {
  const tokens = yield* AccessTokens
  return yield* Cache.makeWith(
    (instanceId: InstanceId) =>
      tokens.find(instanceId).pipe(
        // The caller cannot be interrupted, a look-up that hangs must be.
        Effect.interruptible,
        Effect.timeout(tokenPatience)
      ),
    {
      capacity: 10_000,
      timeToLive: (exit) => (Exit.isSuccess(exit) && Option.isSome(exit.value) ? tokenLifetime : Duration.zero)
    }
  )
})

const noToken: GatewayAnswer = { _tag: "NoToken" }
const noSimulator: GatewayAnswer = { _tag: "NoSimulator" }
const tokenAway: GatewayAnswer = { _tag: "NeverLeft", reason: "access token unavailable", retryAfter: undefined }

/** Dies on a base URL that is none: the application checks its configuration first. */
export const layer = (options: Options): Layer.Layer<MessageGateway, never, AccessTokens> =>
  Layer.effect(
    MessageGateway,
    Effect.gen(function* () {
      const meta = yield* endpoint(options.graphBaseUrl, options)
      const simulator = options.simulatorUrl === undefined ? undefined : yield* endpoint(options.simulatorUrl, options)
      const tokens = yield* tokenCache
      const breaker = yield* NumberBreaker.make

      const call = (
        { path, pool }: Endpoint,
        instance: Instance,
        token: Redacted.Redacted,
        body: string,
        timeout: Duration.Duration
      ): Effect.Effect<GatewayAnswer> => {
        const request = {
          path: `${path}${encodeURIComponent(instance.phoneNumberId)}/messages`,
          headers: [
            "authorization",
            `Bearer ${Redacted.value(token)}`,
            "content-type",
            "application/json",
            "accept",
            "application/json",
            "user-agent",
            "aidesk"
          ],
          body
        }
        return breaker(instance, Effect.map(Exchange.post(pool, request, Duration.toMillis(timeout)), answerOf))
      }

      return MessageGateway.of({
        send: Effect.fnUntraced(function* ({ attemptId, instance, message, timeout }) {
          const body = WireMessage.encode(message, attemptId)
          if (instance.mode === "simulated") {
            return simulator === undefined
              ? noSimulator
              : yield* call(simulator, instance, simulatedToken, body, timeout)
          }
          const [spent, token] = yield* Effect.timed(Effect.option(Cache.get(tokens, instance.id)))
          if (Option.isNone(token)) return tokenAway
          if (Option.isNone(token.value)) return noToken
          return yield* call(meta, instance, token.value.value, body, Duration.subtract(timeout, spent))
        })
      })
    })
  )
