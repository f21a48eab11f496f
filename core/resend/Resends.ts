/**
 * Port: messages of which nobody knows what became of them, and the wishes to send them again, as far as people are
 * concerned. See `Wishes` for who carries them out.
 */
import type { DateTime, Effect, Option } from "effect"
import { Context } from "effect"
import type { QueueId, StatusId } from "../conversation/Conversation.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { MessageId } from "../message/Message.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { SentMessage } from "./Resend.ts"

/** Where the conversation of a template goes; what is not given stays as the conversation has it. */
export interface WantedPlace {
  readonly queueId: QueueId | undefined
  readonly statusId: StatusId | undefined
}

export interface NewWish extends WantedPlace {
  readonly messageId: MessageId
  /** One more than that of the wish it follows; 1 where it is the first. */
  readonly ask: number
}

export interface Wish extends NewWish {
  readonly askedAt: DateTime.Utc
}

export class Resends extends Context.Service<
  Resends,
  {
    /**
     * The latest first, and only those before `before` where it is given: messages of which was told that nobody knows
     * (or, with `all`, of which nobody does), and those that somebody wished to send again, however they stand.
     */
    readonly list: (
      filter: { readonly instanceId: InstanceId | undefined; readonly all: boolean },
      page: { readonly before: MessageId | undefined; readonly limit: number }
    ) => Effect.Effect<ReadonlyArray<SentMessage>, Unavailable>
    /** Any outgoing message. */
    readonly find: (id: MessageId) => Effect.Effect<Option.Option<SentMessage>, Unavailable>
    /** Enters the wish, as of now, unless the latest one of the message is another than that which it follows. Answers whether. */
    readonly enter: (wish: NewWish) => Effect.Effect<boolean, Unavailable>
  }
>()("aidesk/core/resend/Resends") {}
