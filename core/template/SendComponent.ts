/**
 * The parameters of a template as Meta takes them with a send.
 *
 * Meta's pages write coordinates as strings, and a button's index as string or number; the string is what its OpenAPI
 * description knows. Source: Meta, "Template components", "Send messages".
 */
import { Schema, Tuple } from "effect"

export const TextParameter = Schema.Struct({
  type: Schema.Literal("text"),
  /** Of header and body, in templates whose parameters are named. */
  parameter_name: Schema.optionalKey(Schema.String),
  text: Schema.String
})
export type TextParameter = typeof TextParameter.Type

const Link = Schema.Struct({ link: Schema.String })

export const HeaderParameter = Schema.Union([
  TextParameter,
  Schema.Struct({ type: Schema.Literal("image"), image: Link }),
  Schema.Struct({ type: Schema.Literal("video"), video: Link }),
  Schema.Struct({
    type: Schema.Literal("document"),
    document: Schema.Struct({ ...Link.fields, filename: Schema.optionalKey(Schema.String) })
  }),
  Schema.Struct({
    type: Schema.Literal("location"),
    location: Schema.Struct({
      latitude: Schema.String,
      longitude: Schema.String,
      name: Schema.String,
      address: Schema.String
    })
  })
])
export type HeaderParameter = typeof HeaderParameter.Type

const Payload = Schema.Struct({ type: Schema.Literal("payload"), payload: Schema.String })
const Coupon = Schema.Struct({ type: Schema.Literal("coupon_code"), coupon_code: Schema.String })
const FlowAction = Schema.Struct({
  type: Schema.Literal("action"),
  action: Schema.Struct({ flow_token: Schema.String })
})

export const ButtonParameters = Schema.Union([
  Schema.Struct({ sub_type: Schema.Literal("quick_reply"), parameters: Schema.Tuple([Payload]) }),
  /** The end of the button's URL, percent-encoded; or a one-time code, as it is. */
  Schema.Struct({ sub_type: Schema.Literal("url"), parameters: Schema.Tuple([TextParameter]) }),
  Schema.Struct({ sub_type: Schema.Literal("copy_code"), parameters: Schema.Tuple([Coupon]) }),
  Schema.Struct({
    sub_type: Schema.Literal("flow"),
    parameters: Schema.optionalKey(Schema.Tuple([FlowAction]))
  })
])
export type ButtonParameters = typeof ButtonParameters.Type

const ButtonComponent = ButtonParameters.mapMembers(
  /** `index`: the button's place among all of the template, from 0. */
  Tuple.map(Schema.fieldsAssign({ type: Schema.Literal("button"), index: Schema.String }))
)

export const SendComponent = Schema.Union([
  Schema.Struct({ type: Schema.Literal("header"), parameters: Schema.NonEmptyArray(HeaderParameter) }),
  Schema.Struct({ type: Schema.Literal("body"), parameters: Schema.NonEmptyArray(TextParameter) }),
  ButtonComponent
])
export type SendComponent = typeof SendComponent.Type
