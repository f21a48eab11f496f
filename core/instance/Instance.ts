import { Schema } from "effect"

/** One connected business number: the boundary of every key, contact, template and message. */
export const InstanceId = Schema.Int.pipe(Schema.brand("InstanceId"))
export type InstanceId = typeof InstanceId.Type

/**
 * Whether messages of an instance reach people. A `live` one speaks to Meta with its own token; a
 * `simulated` one speaks to the simulator only, so that nothing rehearsed ever reaches a real person.
 */
export const Mode = Schema.Literals(["live", "simulated"])
export type Mode = typeof Mode.Type

export class Instance extends Schema.Class<Instance>("Instance")({
  id: InstanceId,
  name: Schema.String,
  mode: Mode,
  /** Meta's id of the business number, the address of every send. */
  phoneNumberId: Schema.String,
  /** Meta's id of the WhatsApp Business Account that owns the number. */
  wabaId: Schema.String
}) {}
