/** Sends that use up the whole of their deadline, begun before all tests and looked at after them. */
import { Context, Effect, Fiber, Layer } from "effect"
import type { Answer } from "../Http.ts"
import * as Shop from "../Shop.ts"

/** Whom the simulator treats badly every time (its magic recipients). */
const recipients = {
  throttled: "5511990130429",
  /** By the limit of sender and recipient. */
  paired: "5511990131056",
  /** Accepted at once, answered after 30 seconds. */
  late: "5511992000004"
}

type Happening = keyof typeof recipients | "unreachable"

interface Outlasted {
  readonly shop: Shop.Shop
  readonly answer: Effect.Effect<Answer>
}

export class Outlasting extends Context.Service<Outlasting, Readonly<Record<Happening, Outlasted>>>()(
  "test/journeys/Outlasting"
) {}

const begin = Effect.fnUntraced(function* (mode: "simulated" | "live", fields: { readonly number?: string }) {
  const shop = yield* Shop.open(mode)
  const sending = yield* Effect.forkScoped(Effect.orDie(Shop.sendTemplate(shop, fields)))
  return { shop, answer: Fiber.join(sending) } satisfies Outlasted
}, Effect.orDie)

export const layer = Layer.effect(
  Outlasting,
  Effect.gen(function* () {
    return Outlasting.of({
      throttled: yield* begin("simulated", { number: recipients.throttled }),
      paired: yield* begin("simulated", { number: recipients.paired }),
      late: yield* begin("simulated", { number: recipients.late }),
      // Nothing listens where the app expects Meta.
      unreachable: yield* begin("live", {})
    })
  })
)
