/**
 * The whole core in memory, for trying it out and for tests: nothing to install, nothing to clean up.
 *
 * ```ts
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const setup = yield* MemorySetup
 *   const instance = yield* setup.addInstance()
 *   const contact = yield* setup.addContact({
 *     instanceId: instance.id,
 *     number: "5511978049825",
 *     lastInboundAt: yield* DateTime.now
 *   })
 *   return yield* sendDirect({
 *     instance,
 *     requestId: "1",
 *     idempotency: undefined,
 *     contactId: contact.id,
 *     body: { _tag: "Text", text: "Olá!" }
 *   })
 * })
 *
 * Effect.runPromise(Effect.provide(program, Memory.layer)).then(console.log)
 * ```
 *
 * Nothing is kept when the process ends. Otherwise it promises what the other adapters promise: the same contract
 * suites run on it.
 */
import { Layer } from "effect"
import * as ApiKeysMemory from "./ApiKeysMemory.ts"
import * as ContactProfilesMemory from "./ContactProfilesMemory.ts"
import * as ContactsMemory from "./ContactsMemory.ts"
import * as DirectoryMemory from "./DirectoryMemory.ts"
import * as EventFeedMemory from "./EventFeedMemory.ts"
import * as InboxMemory from "./InboxMemory.ts"
import * as MediaProbeMemory from "./MediaProbeMemory.ts"
import * as MemoryGateway from "./MemoryGateway.ts"
import { MemorySetup } from "./MemorySetup.ts"
import * as MessagesMemory from "./MessagesMemory.ts"
import * as MessageIdsMemory from "./MessageIdsMemory.ts"
import * as QuarantineMemory from "./QuarantineMemory.ts"
import * as ResendsMemory from "./ResendsMemory.ts"
import * as SendsMemory from "./SendsMemory.ts"
import * as UpdatesMemory from "./UpdatesMemory.ts"
import { World } from "./World.ts"

/** The stores alone, over one `World`: `Sends`, `Contacts`, `ApiKeys`, `Directory`, and `MemorySetup` to fill them. */
export const layerStores = Layer.mergeAll(
  SendsMemory.layer,
  ContactsMemory.layer,
  ContactProfilesMemory.layer,
  MessagesMemory.layer,
  EventFeedMemory.layer,
  ApiKeysMemory.layer,
  DirectoryMemory.layer,
  InboxMemory.layer,
  QuarantineMemory.layer,
  ResendsMemory.layer,
  UpdatesMemory.layer.pipe(Layer.provide(MessageIdsMemory.layer)),
  MemorySetup.layer
).pipe(Layer.provideMerge(World.layer))

/** Every port of the sending use cases. */
export const layer = Layer.mergeAll(layerStores, MemoryGateway.layer, MediaProbeMemory.layer, MessageIdsMemory.layer)
