/**
 * Where Meta's OpenAPI description (v23.0) of a message contradicts Meta's own pages or says less than they do. Each
 * entry is needed: the test that reads them fails when one changes no verdict any more.
 */
import type { Schema } from "effect"

export interface Correction {
  readonly reason: string
  /** Where, below `/components/schemas` → what stands there instead; nothing where it is taken away. */
  readonly changes: ReadonlyArray<readonly [at: string, value: Schema.Json | undefined]>
}

const emitted = ["TextMessage", "ImageMessage", "VideoMessage", "AudioMessage", "DocumentMessage"]

const parameters = (...names: ReadonlyArray<string>): Schema.Json => ({
  oneOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
})

const text = { type: "string" }

export const corrections: ReadonlyArray<Correction> = [
  {
    reason:
      "`additionalProperties: false` inside an `allOf` sees only its own branch and refuses what the other branch requires: no message at all would be valid. `unevaluatedProperties` says what was meant.",
    changes: emitted.flatMap((name) => [
      [`${name}/allOf/1/additionalProperties`, undefined],
      [`${name}/unevaluatedProperties`, false]
    ])
  },
  {
    reason: "A template message, unlike every other, is left open to unknown fields.",
    changes: [
      ["TemplateMessage/unevaluatedProperties", false],
      ["TemplateObject/unevaluatedProperties", false],
      ["LanguageObject/unevaluatedProperties", false]
    ]
  },
  {
    reason: "`biz_opaque_callback_data` is missing; the page on sending messages has it, with at most 512 characters.",
    changes: [["BaseMessageProperties/properties/biz_opaque_callback_data", { type: "string", maxLength: 512 }]]
  },
  {
    reason: "Since 2026 a message may go to a business-scoped user id in `recipient` instead of a number in `to`.",
    changes: [
      ["BaseMessageProperties/properties/recipient", text],
      ["BaseMessageProperties/required", ["messaging_product", "recipient_type", "type"]],
      ["BaseMessageProperties/anyOf", [{ required: ["to"] }, { required: ["recipient"] }]]
    ]
  },
  {
    reason: "`messaging_product` is any string; its description knows one value.",
    changes: [["BaseMessageProperties/properties/messaging_product", { const: "whatsapp" }]]
  },
  {
    reason: "The body of a text is its only content and the page requires it, with at most 4096 characters.",
    changes: [
      ["TextMessage/allOf/1/properties/text/required", ["body"]],
      ["TextMessage/allOf/1/properties/text/properties/body", { type: "string", maxLength: 4096 }]
    ]
  },
  {
    reason: "`caption` and `filename` of media are on their pages only, and unknown fields are let through.",
    changes: [
      ["MediaObject/properties", { caption: { type: "string", maxLength: 1024 }, filename: text }],
      ["MediaObject/unevaluatedProperties", false]
    ]
  },
  {
    reason: "`policy` of a template's language is a relic: no page requires it, and Meta's own examples leave it out.",
    changes: [["LanguageObject/required", ["code"]]]
  },
  {
    reason:
      "The pattern of a button's index, `^[2-6, 11-14]$`, is a character class that refuses \"0\", which Meta's own examples send; a template has ten buttons at most.",
    changes: [
      ["TemplateComponent/properties/index/pattern", "^[0-9]$"],
      ["ButtonComponent/allOf/1/properties/index/pattern", "^[0-9]$"]
    ]
  },
  {
    reason:
      "The kinds of component are named only in a `discriminator`, which JSON Schema does not follow: any parameters would pass.",
    changes: [
      ["TemplateObject/properties/components/items", parameters("HeaderComponent", "BodyComponent", "ButtonComponent")],
      ["HeaderComponent/unevaluatedProperties", false],
      ["BodyComponent/unevaluatedProperties", false],
      ["ButtonComponent/unevaluatedProperties", false]
    ]
  },
  {
    reason: "The kinds of parameter likewise; headers may also hold a location, which the description lacks.",
    changes: [
      [
        "HeaderComponent/allOf/1/properties/parameters/items",
        parameters("TextParameter", "ImageParameter", "VideoParameter", "DocumentParameter", "LocationParameter")
      ],
      ["BodyComponent/allOf/1/properties/parameters/items", parameters("TextParameter")],
      ["ImageParameter/unevaluatedProperties", false],
      ["VideoParameter/unevaluatedProperties", false],
      ["DocumentParameter/unevaluatedProperties", false],
      [
        "LocationParameter",
        {
          type: "object",
          additionalProperties: false,
          required: ["type", "location"],
          properties: {
            type: { const: "location" },
            location: {
              type: "object",
              additionalProperties: false,
              required: ["latitude", "longitude", "name", "address"],
              properties: { latitude: text, longitude: text, name: text, address: text }
            }
          }
        }
      ]
    ]
  },
  {
    reason: "A header or a body is sent for its parameters only; without them it says nothing.",
    changes: [
      ["HeaderComponent/required", ["parameters"]],
      ["BodyComponent/required", ["parameters"]]
    ]
  },
  {
    reason: "A parameter of a template with named parameters carries its name.",
    changes: [
      ["TextParameter/allOf/1/properties/parameter_name", text],
      ["TextParameter/unevaluatedProperties", false]
    ]
  },
  {
    reason: "Buttons that copy a code and buttons that open a flow are on their pages only.",
    changes: [
      ["TemplateComponent/properties/sub_type/enum", ["quick_reply", "url", "copy_code", "flow"]],
      ["ButtonComponent/allOf/1/properties/sub_type/enum", ["quick_reply", "url", "copy_code", "flow"]],
      [
        "ButtonComponent/allOf/1/properties/parameters/items",
        parameters("ButtonPayloadParameter", "ButtonTextParameter", "CouponCodeParameter", "ActionParameter")
      ],
      ["ButtonPayloadParameter/unevaluatedProperties", false],
      ["ButtonTextParameter/unevaluatedProperties", false],
      [
        "CouponCodeParameter",
        {
          type: "object",
          additionalProperties: false,
          required: ["type", "coupon_code"],
          properties: { type: { const: "coupon_code" }, coupon_code: text }
        }
      ],
      [
        "ActionParameter",
        {
          type: "object",
          additionalProperties: false,
          required: ["type", "action"],
          properties: {
            type: { const: "action" },
            action: { type: "object", additionalProperties: false, properties: { flow_token: text } }
          }
        }
      ]
    ]
  },
  {
    reason: "A flow's token is optional, and without one there is nothing to put into `parameters`.",
    changes: [
      ["ButtonComponent/allOf/1/required", ["sub_type", "index"]],
      ["ButtonComponent/anyOf", [{ required: ["parameters"] }, { properties: { sub_type: { const: "flow" } } }]]
    ]
  }
]
