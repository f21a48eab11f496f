import { layer } from "@effect/vitest"
import { Layer } from "effect"
import * as Memory from "../../../../adapters/memory/Memory.ts"
import { Updates } from "../../../../core/inbound/Updates.ts"
import { Sends } from "../../../../core/message/Sends.ts"
import { Peer } from "../../../contract/Fixture.ts"
import { anyOrder } from "../../../contract/updates/anyOrder.ts"
import { PeerUpdates } from "../../../contract/updates/Desk.ts"
import * as FixtureMemory from "../../../memory/FixtureMemory.ts"
import * as TracesMemory from "../../../memory/TracesMemory.ts"

/** Many more runs than the contract suites take: the core decides, and a store in memory does nothing else. */
const live = Layer.mergeAll(
  Layer.effect(Peer, Sends),
  Layer.effect(PeerUpdates, Updates),
  FixtureMemory.layer,
  TracesMemory.layer
).pipe(Layer.provideMerge(Memory.layer))

layer(live)("what updates come to", (it) => anyOrder(it, 40))
