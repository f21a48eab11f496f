import { Schema } from "effect"

/**
 * An error as Meta reported it, kept apart from ours and passed on untouched: its code decides, its
 * words are for people.
 *
 * Source: Meta, "Error codes"; Graph API, "Handling errors".
 */
export class MetaError extends Schema.Class<MetaError>("MetaError")({
  code: Schema.Int,
  subcode: Schema.optionalKey(Schema.Int),
  title: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.String),
  fbtrace_id: Schema.optionalKey(Schema.String)
}) {}
