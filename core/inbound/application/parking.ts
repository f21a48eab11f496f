/** How long a status waits for its message to become known: often at first, for it is mostly a matter of a moment. */
import { DateTime, Duration } from "effect"
import type { ParkedStatus } from "./Facts.ts"

const first = Duration.seconds(1)
const longest = Duration.hours(1)

export const nextLook = ({ tries }: ParkedStatus, now: DateTime.Utc): DateTime.Utc =>
  DateTime.addDuration(now, Duration.min(Duration.times(first, 2 ** Math.min(tries - 1, 20)), longest))
