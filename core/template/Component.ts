/**
 * The parts of a template as Meta's API returns them, reduced to what sending needs: examples, handles and the like
 * are dropped.
 *
 * Source: Meta, "Template components", "Authentication templates", "Coupon templates", "Location templates".
 */
import { Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"

const header = { type: Schema.Literal("HEADER") }

const Header = Schema.Union([
  Schema.Struct({ ...header, format: Schema.Literal("TEXT"), text: PlainText }),
  /** The file is chosen with every send; the one Meta reviewed was only an example. */
  Schema.Struct({ ...header, format: Schema.Literal("IMAGE") }),
  Schema.Struct({ ...header, format: Schema.Literal("VIDEO") }),
  Schema.Struct({ ...header, format: Schema.Literal("DOCUMENT") }),
  /** A pin on a map, chosen with every send. */
  Schema.Struct({ ...header, format: Schema.Literal("LOCATION") })
])
export type Header = typeof Header.Type

const label = { text: Schema.optionalKey(PlainText) }

const Button = Schema.Union([
  Schema.Struct({ type: Schema.Literal("QUICK_REPLY"), ...label }),
  /** `url` may end in one placeholder. Meta returns the one-time-code button as one of these, too. */
  Schema.Struct({ type: Schema.Literal("URL"), ...label, url: PlainText }),
  Schema.Struct({ type: Schema.Literal("PHONE_NUMBER"), ...label }),
  Schema.Struct({ type: Schema.Literal("COPY_CODE"), ...label }),
  Schema.Struct({ type: Schema.Literal("OTP"), ...label }),
  Schema.Struct({ type: Schema.Literal("FLOW"), ...label })
])
export type Button = typeof Button.Type

export const Component = Schema.Union([
  Header,
  Schema.Struct({ type: Schema.Literal("BODY"), text: PlainText }),
  Schema.Struct({ type: Schema.Literal("FOOTER"), text: PlainText }),
  Schema.Struct({ type: Schema.Literal("BUTTONS"), buttons: Schema.Array(Button) })
])
export type Component = typeof Component.Type

const whatsAppCodes = "https://www.whatsapp.com/otp/"

/**
 * Whether a button hands over a one-time code. Created as `OTP`, such a button is returned as a `URL` whose address is
 * WhatsApp's own: `https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}`.
 */
export const isOneTimeCode = (button: Button): boolean =>
  button.type === "OTP" || (button.type === "URL" && button.url.startsWith(whatsAppCodes))

const rank = { HEADER: 0, BODY: 1, FOOTER: 2, BUTTONS: 3 } as const

/** As a reader meets them, whatever order Meta listed them in. */
export const inReadingOrder = (components: ReadonlyArray<Component>): ReadonlyArray<Component> =>
  components.toSorted((one, other) => rank[one.type] - rank[other.type])
