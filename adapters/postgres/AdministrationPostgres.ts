import { Effect, Layer } from "effect"
import { Administration } from "../../core/administration/Administration.ts"
import { Queue, Status } from "../../core/conversation/Conversation.ts"
import * as campaigns from "./administration/campaigns.ts"
import * as consents from "./administration/consents.ts"
import * as instances from "./administration/instances.ts"
import * as keys from "./administration/keys.ts"
import * as named from "./administration/named.ts"
import * as templates from "./administration/templates.ts"

export const layer = Layer.effect(
  Administration,
  Effect.gen(function* () {
    const ofInstances = yield* instances.make
    const owner = ofInstances.instance
    const queues = yield* named.make(owner, { entry: Queue, kind: "queue", table: "queue" })
    const statuses = yield* named.make(owner, { entry: Status, kind: "status", table: "conversation_status" })
    return Administration.of({
      ...ofInstances,
      ...(yield* keys.make(owner)),
      addQueue: queues.add,
      queues: queues.list,
      addStatus: statuses.add,
      statuses: statuses.list,
      ...(yield* templates.make(owner)),
      ...(yield* campaigns.make(owner)),
      ...(yield* consents.make(owner))
    })
  })
)
