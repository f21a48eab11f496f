import { DateTime, Duration, Effect, Schema, SchemaTransformation } from "effect"
import { HttpRouter } from "effect/http"
import { commanded } from "./Command.ts"
import { json } from "./GraphAnswers.ts"

/** Moves the clock of the process that the simulator is part of. */
export interface ClockControl {
  readonly advance: (duration: Duration.Duration) => Effect.Effect<void>
}

const longest = Duration.days(3650)

const Seconds = Schema.Finite.pipe(
  Schema.decodeTo(
    Schema.Duration,
    SchemaTransformation.transform({ decode: (seconds) => Duration.seconds(seconds), encode: Duration.toSeconds })
  )
)

const Advance = Schema.Struct({
  /** `"25 hours"`, or seconds. */
  advance: Schema.Union([Schema.DurationFromString, Seconds]).check(
    Schema.makeFilter((duration) => Duration.between(duration, { minimum: Duration.zero, maximum: longest }), {
      message: "must be from 0 to 3650 days"
    })
  )
})

const shown = Effect.map(DateTime.now, (now) => json({ now: DateTime.formatIso(now) }))

export const clockRoutes = ({ advance }: ClockControl) => [
  HttpRouter.route("GET", "/_simulator/clock", shown),
  HttpRouter.route(
    "POST",
    "/_simulator/clock",
    commanded(Advance, (given) => Effect.andThen(advance(given.advance), shown))
  )
]
