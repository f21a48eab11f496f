import { Schema } from "effect"
import { text } from "./GraphParameters.ts"

/** A message template as it is handed to Meta (*Template components*), its limits included. */
const Button = Schema.Struct({
  type: Schema.String,
  text: Schema.optionalKey(text(25)),
  url: Schema.optionalKey(text(2000)),
  phone_number: Schema.optionalKey(text(20))
})

const component = {
  type: Schema.String,
  format: Schema.optionalKey(Schema.String),
  text: Schema.optionalKey(text(1024)),
  buttons: Schema.optionalKey(
    Schema.Array(Button).check(Schema.isMaxLength(10, { message: "must have at most 10 buttons." }))
  )
}

const CardComponent = Schema.Struct(component)
export type CardComponentDefinition = typeof CardComponent.Type

const Component = Schema.Struct({
  ...component,
  cards: Schema.optionalKey(Schema.Array(Schema.Struct({ components: Schema.Array(CardComponent) }))),
  limited_time_offer: Schema.optionalKey(Schema.Struct({ has_expiration: Schema.optionalKey(Schema.Boolean) }))
})
export type ComponentDefinition = typeof Component.Type

const components = Schema.Array(Component).check(Schema.isMinLength(1, { message: "must have at least 1 component." }))

const Category = Schema.Literals(["AUTHENTICATION", "MARKETING", "UTILITY"]).annotate({
  message: "must be one of {AUTHENTICATION, MARKETING, UTILITY}."
})

/** Body of `POST /{waba-id}/message_templates`. */
export const TemplateDefinition = Schema.Struct({
  name: text(512).check(
    Schema.isPattern(/^[a-z0-9_]+$/u, { message: "can only have lowercase letters, numbers and underscores." })
  ),
  language: Schema.String.check(
    Schema.isPattern(/^[a-z]{2,3}(_[A-Z]{2})?$/u, { message: "is not a known language code." })
  ),
  category: Category,
  parameter_format: Schema.optionalKey(
    Schema.Literals(["NAMED", "POSITIONAL", "named", "positional"]).annotate({
      message: "must be one of {NAMED, POSITIONAL}."
    })
  ),
  components,
  message_send_ttl_seconds: Schema.optionalKey(Schema.Finite)
})
export type TemplateDefinition = typeof TemplateDefinition.Type

/** Body of `POST /{template-id}`: what is given replaces what there was. */
export const TemplateEdit = Schema.Struct({
  category: Schema.optionalKey(Category),
  components: Schema.optionalKey(components),
  message_send_ttl_seconds: Schema.optionalKey(Schema.Finite)
})

/** States a template can be in; only an APPROVED one can be sent. */
export const TemplateStatus = Schema.Literals([
  "APPROVED",
  "PENDING",
  "REJECTED",
  "PAUSED",
  "DISABLED",
  "IN_APPEAL",
  "PENDING_DELETION",
  "ARCHIVED",
  "LIMIT_EXCEEDED"
])
export type TemplateStatus = typeof TemplateStatus.Type
