import { layer, type Vitest } from "@effect/vitest"
import type { Layer } from "effect"
import type { MessageIds } from "../../core/message/MessageIds.ts"
import type { Sends } from "../../core/message/Sends.ts"
import type { Fixture, Peer } from "./Fixture.ts"
import { keepingExactly } from "./sends/keepingExactly.ts"
import { claimingKeys } from "./sends/claimingKeys.ts"
import { mingling } from "./sends/mingling.ts"
import { reserving } from "./sends/reserving.ts"
import { settling } from "./sends/settling.ts"
import { storming } from "./sends/storming.ts"

export type SendsIt = Vitest.MethodsNonLive<Sends | Peer | MessageIds | Fixture>

/** The laws of the `Sends` port. Every adapter runs them; none has tests of its own that say otherwise. */
export const sendsContract = <E>(adapter: string, live: Layer.Layer<Sends | Peer | MessageIds | Fixture, E>) =>
  layer(live, { timeout: "60 seconds" })(`Sends on ${adapter}`, (it) => {
    reserving(it)
    claimingKeys(it)
    settling(it)
    keepingExactly(it)
    mingling(it)
    storming(it)
  })
