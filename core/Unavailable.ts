import { Schema } from "effect"

/**
 * Something the use case depends on is away and nothing was changed: worth trying again.
 * The only infrastructure fault a port may fail with; any other is a defect.
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  dependency: Schema.Literals(["database"]),
  cause: Schema.Defect()
}) {}
