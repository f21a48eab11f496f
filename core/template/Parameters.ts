/** From the components of a template to the parameters Meta wants with a send. */
import { Array as Arr } from "effect"
import { type Button, type Component, type Header, isOneTimeCode } from "./Component.ts"
import * as Placeholder from "./Placeholder.ts"
import type { ButtonParameters, HeaderParameter, SendComponent, TextParameter } from "./SendComponent.ts"
import type { Read, Sources, Values } from "./Source.ts"
import { percentEncoded } from "./ValueRule.ts"

export type Fill<A> = (values: Values) => A

/** What of `component` is named in a send; nothing where it has no variable part. */
export const parametersOf = (component: Component, sources: Sources): ReadonlyArray<Fill<SendComponent>> => {
  if (component.type === "FOOTER") return []
  if (component.type === "BUTTONS") {
    return component.buttons.flatMap((button, index) => buttonFills(button, String(index), sources))
  }
  if (component.type === "HEADER") {
    const fills = headerFills(component, sources)
    return Arr.isReadonlyArrayNonEmpty(fills)
      ? [(values) => ({ type: "header", parameters: Arr.map(fills, (fill) => fill(values)) })]
      : []
  }
  const fills = textFills("body", component.text, sources)
  return Arr.isReadonlyArrayNonEmpty(fills)
    ? [(values) => ({ type: "body", parameters: Arr.map(fills, (fill) => fill(values)) })]
    : []
}

const textFills = (component: "header" | "body", text: string, sources: Sources): ReadonlyArray<Fill<TextParameter>> =>
  Placeholder.keysOf(text).flatMap((key) => {
    const read = sources(`${component}:${key}`)?.read
    if (read === undefined) return []
    const fill: Fill<TextParameter> = Placeholder.isName(key)
      ? (values) => ({ type: "text", parameter_name: key, text: read(values) })
      : (values) => ({ type: "text", text: read(values) })
    return [fill]
  })

const empty: Read = () => ""

const headerFills = (header: Header, sources: Sources): ReadonlyArray<Fill<HeaderParameter>> => {
  if (header.format === "TEXT") return textFills("header", header.text, sources)
  const at = (position: string): Read => sources(`header:${position}`)?.read ?? empty
  if (header.format === "LOCATION") {
    const [latitude, longitude, name, address] = [at("latitude"), at("longitude"), at("name"), at("address")]
    return [
      (values) => ({
        type: "location",
        location: {
          latitude: latitude(values),
          longitude: longitude(values),
          name: name(values),
          address: address(values)
        }
      })
    ]
  }
  const link = at("link")
  if (header.format === "IMAGE") return [(values) => ({ type: "image", image: { link: link(values) } })]
  if (header.format === "VIDEO") return [(values) => ({ type: "video", video: { link: link(values) } })]
  const filename = sources("header:filename")?.read
  return filename === undefined
    ? [(values) => ({ type: "document", document: { link: link(values) } })]
    : [(values) => ({ type: "document", document: { link: link(values), filename: filename(values) } })]
}

const buttonFills = (button: Button, index: string, sources: Sources): ReadonlyArray<Fill<SendComponent>> => {
  const read = sources(`button:${index}`)?.read
  if (read === undefined) {
    // Meta wants a flow's button named even where there is nothing to say of it; any other is silent then.
    return button.type === "FLOW" ? [() => ({ type: "button", index, sub_type: "flow" })] : []
  }
  return [(values) => ({ type: "button", index, ...buttonParameters(button, read(values)) })]
}

const buttonParameters = (button: Button, value: string): ButtonParameters => {
  // The code is copied, not visited: encoding would change it.
  if (isOneTimeCode(button)) return { sub_type: "url", parameters: [{ type: "text", text: value }] }
  if (button.type === "COPY_CODE") {
    return { sub_type: "copy_code", parameters: [{ type: "coupon_code", coupon_code: value }] }
  }
  if (button.type === "QUICK_REPLY") {
    return { sub_type: "quick_reply", parameters: [{ type: "payload", payload: value }] }
  }
  if (button.type === "FLOW") {
    return { sub_type: "flow", parameters: [{ type: "action", action: { flow_token: value } }] }
  }
  return { sub_type: "url", parameters: [{ type: "text", text: percentEncoded(value) }] }
}
