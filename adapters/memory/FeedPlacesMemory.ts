import { DateTime, Effect, Layer, Option } from "effect"
import { InvalidCursor } from "../../core/event/EventFeed.ts"
import { FeedPlaces } from "../../core/webhook/FeedPlaces.ts"
import * as FeedPosition from "./FeedPosition.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  FeedPlaces,
  Effect.map(World, ({ events, feed }) => {
    const before = (index: number) => FeedPosition.write(feed.forgotten + index)

    return FeedPlaces.of({
      before: (instanceId, eventId) =>
        Effect.sync(() => {
          const index = events.findIndex((event) => event.id === eventId && event.instanceId === instanceId)
          return index < 0 ? Option.none() : Option.some(before(index))
        }),

      between: Effect.fnUntraced(function* (instanceId, { after, from, to }, limit) {
        const position = after === undefined ? Option.some(0) : FeedPosition.read(after)
        if (Option.isNone(position)) return yield* new InvalidCursor()
        const start = Math.max(0, position.value - feed.forgotten)
        const isWithin = (index: number): boolean => {
          const event = events[index]
          return event?.instanceId === instanceId && DateTime.between(event.at, { minimum: from, maximum: to })
        }
        const indices = events.map((_, index) => index).slice(start)
        const first = indices.find(isWithin)
        const last = indices.findLast(isWithin)
        if (first === undefined || last === undefined) return Option.none()
        const own = events.slice(first, last + 1).filter((event) => event.instanceId === instanceId)
        return Option.some({ after: before(first), count: Math.min(own.length, limit) })
      })
    })
  })
)
