import { Schema } from "effect"

/** Whose secret signed a payload. What the simulator tells is believed of simulated instances only. */
export const Source = Schema.Literals(["meta", "simulator"])
export type Source = typeof Source.Type
