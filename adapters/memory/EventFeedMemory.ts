import { DateTime, Effect, Layer, Option } from "effect"
import { EventFeed, InvalidCursor } from "../../core/event/EventFeed.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import { told } from "../../core/event/telling.ts"
import * as FeedPosition from "./FeedPosition.ts"
import { detailOf, survivorOf } from "./messageDetails.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  EventFeed,
  Effect.map(World, (world) => {
    const { events, feed } = world

    const tell = ({ contactId, ...event }: StoredEvent) =>
      told(
        { ...event, contactId: contactId === undefined ? undefined : survivorOf(world, contactId) },
        event.messageId === undefined ? undefined : detailOf(world, event.instanceId, event.messageId)
      )

    return EventFeed.of({
      read: Effect.fnUntraced(function* (instanceId, after, limit) {
        const position = after === undefined ? Option.some(0) : FeedPosition.read(after)
        if (Option.isNone(position)) return yield* new InvalidCursor()
        const own = events
          .map((event, index) => ({ event, after: feed.forgotten + index + 1 }))
          .filter((place) => place.event.instanceId === instanceId && place.after > position.value)
          .slice(0, limit)
        return {
          events: own.map(({ event }) => tell(event)),
          next: FeedPosition.write(own.at(-1)?.after ?? position.value)
        }
      }),

      end: () => Effect.sync(() => FeedPosition.write(feed.forgotten + events.length)),

      forget: (before) =>
        Effect.sync(() => {
          const kept = events.findIndex(({ at, heardAt = at }) => DateTime.isGreaterThanOrEqualTo(heardAt, before))
          const gone = events.splice(0, kept === -1 ? events.length : kept).length
          feed.forgotten += gone
          return gone
        })
    })
  })
)
