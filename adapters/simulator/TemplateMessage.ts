import { Schema } from "effect"
import { link, text } from "./GraphParameters.ts"

/** What a template message carries: the template's name, its language and the values of its variables. */
const file = Schema.Struct({
  id: Schema.optionalKey(text(256)),
  link: Schema.optionalKey(link),
  filename: Schema.optionalKey(text(255))
})

const coordinate = Schema.Union([Schema.Finite, Schema.String]).annotate({ message: "must be a number of degrees." })

/** One value. Which of the fields belongs to which `type` is checked against the template. */
const Parameter = Schema.Struct({
  type: Schema.String,
  parameter_name: Schema.optionalKey(Schema.String),
  text: Schema.optionalKey(Schema.String),
  image: Schema.optionalKey(file),
  video: Schema.optionalKey(file),
  document: Schema.optionalKey(file),
  location: Schema.optionalKey(
    Schema.Struct({ latitude: coordinate, longitude: coordinate, name: text(1024), address: text(1024) })
  ),
  payload: Schema.optionalKey(Schema.String),
  coupon_code: Schema.optionalKey(Schema.String),
  currency: Schema.optionalKey(
    Schema.Struct({ fallback_value: Schema.String, code: Schema.String, amount_1000: Schema.Finite })
  ),
  date_time: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  limited_time_offer: Schema.optionalKey(Schema.Struct({ expiration_time_ms: Schema.Finite })),
  action: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
})
export type Parameter = typeof Parameter.Type

const component = {
  type: Schema.String,
  sub_type: Schema.optionalKey(Schema.String),
  index: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  parameters: Schema.optionalKey(Schema.Array(Parameter))
}

const CardComponent = Schema.Struct(component)

const Component = Schema.Struct({
  ...component,
  cards: Schema.optionalKey(
    Schema.Array(Schema.Struct({ card_index: Schema.Finite, components: Schema.Array(CardComponent) }))
  )
})
export type Component = typeof Component.Type

export const TemplateMessage = Schema.Struct({
  name: text(512),
  language: Schema.Struct({
    code: text(20),
    policy: Schema.optionalKey(Schema.Literal("deterministic"))
  }),
  components: Schema.optionalKey(Schema.Array(Component))
})
export type TemplateMessage = typeof TemplateMessage.Type
