/**
 * What goes out, in Meta's terms but free of transport: the gateway adapter wraps it into a request.
 *
 * Source: Meta, "Send messages" and its per-type pages.
 */
import type { PhoneNumber } from "../contact/PhoneNumber.ts"
import type { ScopedUserId } from "../contact/ScopedUserId.ts"
import type { MediaKind } from "../media/MediaKind.ts"
import type { SendComponent } from "../template/SendComponent.ts"

export type Content =
  | {
      readonly type: "template"
      readonly name: string
      readonly language: string
      readonly components: ReadonlyArray<SendComponent>
    }
  | { readonly type: "text"; readonly body: string }
  | {
      readonly type: "media"
      readonly kind: MediaKind
      readonly link: string
      readonly caption?: string
      /** Documents only: what the person sees, and whose extension draws the icon. */
      readonly filename?: string
    }

export interface OutgoingMessage {
  readonly to: PhoneNumber | ScopedUserId
  readonly content: Content
}

/** The limit of a text message, in characters. */
export const textLimit = 4096
