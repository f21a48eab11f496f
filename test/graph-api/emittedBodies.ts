/** One body of every kind that leaves the gateway. A kind that is added to the core and not here does not compile. */
import { Schema } from "effect"
import * as WireMessage from "../../adapters/graph-api/WireMessage.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { ScopedUserId } from "../../core/contact/ScopedUserId.ts"
import type { MediaKind } from "../../core/media/MediaKind.ts"
import type { Content } from "../../core/message/OutgoingMessage.ts"
import type { HeaderParameter, SendComponent } from "../../core/template/SendComponent.ts"
import { attemptId } from "./Sending.ts"

const media: { readonly [kind in MediaKind]: Content } = {
  image: { type: "media", kind: "image", link: "https://example.com/a.jpg", caption: "Fachada" },
  video: { type: "media", kind: "video", link: "https://example.com/a.mp4", caption: "Visita" },
  audio: { type: "media", kind: "audio", link: "https://example.com/a.ogg" },
  document: {
    type: "media",
    kind: "document",
    link: "https://example.com/a.pdf",
    caption: "Boleto",
    filename: "boleto.pdf"
  }
}

const headers: { readonly [kind in HeaderParameter["type"]]: Extract<HeaderParameter, { readonly type: kind }> } = {
  text: { type: "text", text: "Pedido 860198" },
  image: { type: "image", image: { link: "https://example.com/a.png" } },
  video: { type: "video", video: { link: "https://example.com/a.mp4" } },
  document: { type: "document", document: { link: "https://example.com/a.pdf", filename: "fatura.pdf" } },
  location: {
    type: "location",
    location: { latitude: "-23.5613", longitude: "-46.6565", name: "MASP", address: "Av. Paulista, 1578" }
  }
}

type ButtonComponent = Extract<SendComponent, { readonly type: "button" }>

const buttons: { readonly [kind in ButtonComponent["sub_type"]]: ButtonComponent } = {
  quick_reply: {
    type: "button",
    sub_type: "quick_reply",
    index: "0",
    parameters: [{ type: "payload", payload: "parar" }]
  },
  url: { type: "button", sub_type: "url", index: "1", parameters: [{ type: "text", text: "pedido%2F860198" }] },
  copy_code: {
    type: "button",
    sub_type: "copy_code",
    index: "2",
    parameters: [{ type: "coupon_code", coupon_code: "25OFF" }]
  },
  flow: {
    type: "button",
    sub_type: "flow",
    index: "9",
    parameters: [{ type: "action", action: { flow_token: "f-1" } }]
  }
}

const template = (...components: ReadonlyArray<SendComponent>): Content => ({
  type: "template",
  name: "pedido_enviado",
  language: "pt_BR",
  components
})

const contents: ReadonlyArray<readonly [kind: string, Content]> = [
  ["a text", { type: "text", body: "Olá, José" }],
  ...Object.entries(media),
  ["a document without caption and name", { type: "media", kind: "document", link: "https://example.com/a.pdf" }],
  ["a template without parameters", template()],
  ...Object.entries(headers).map(
    ([kind, parameter]) =>
      [`a template with a ${kind} header`, template({ type: "header", parameters: [parameter] })] as const
  ),
  [
    "a template with a named text header",
    template({ type: "header", parameters: [{ type: "text", parameter_name: "pedido", text: "860198" }] })
  ],
  [
    "a template with positional parameters",
    template({
      type: "body",
      parameters: [
        { type: "text", text: "José" },
        { type: "text", text: "860198" }
      ]
    })
  ],
  [
    "a template with named parameters",
    template({ type: "body", parameters: [{ type: "text", parameter_name: "nome", text: "José" }] })
  ],
  ...Object.entries(buttons).map(([kind, button]) => [`a template with a ${kind} button`, template(button)] as const),
  ["a template with a flow button without token", template({ type: "button", sub_type: "flow", index: "0" })],
  [
    "a template with everything",
    template(
      { type: "header", parameters: [headers.image] },
      { type: "body", parameters: [{ type: "text", text: "José" }] },
      ...Object.values(buttons)
    )
  ]
]

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Json))

const withoutNumber = ScopedUserId.make("BR.13491208655302741918")

export const emittedBodies: ReadonlyArray<readonly [kind: string, body: Schema.Json]> = [
  ...contents.map(([kind, content]): readonly [string, Schema.Json] => [
    kind,
    decode(WireMessage.encode({ to: PhoneNumber.make("5511978049825"), content }, attemptId))
  ]),
  [
    "a text to a person without a number",
    decode(WireMessage.encode({ to: withoutNumber, content: { type: "text", body: "Olá!" } }, attemptId))
  ]
]
