import type { Effect } from "effect"
import { Context } from "effect"
import type { AttemptId, MessageId } from "./Message.ts"

/** Port: new ids, ordered by the time of their making, so that the newest rows of a table lie together. */
export class MessageIds extends Context.Service<
  MessageIds,
  {
    readonly message: Effect.Effect<MessageId>
    readonly attempt: Effect.Effect<AttemptId>
  }
>()("aidesk/core/message/MessageIds") {}
