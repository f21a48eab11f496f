/**
 * A message as Meta's "send messages" endpoint takes it.
 *
 * Source: Meta, "Send messages" and its per-type pages.
 */
import { Schema } from "effect"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import type { AttemptId } from "../../core/message/Message.ts"
import type { Content, OutgoingMessage } from "../../core/message/OutgoingMessage.ts"

/** A key whose value is absent is left out of the JSON. */
const typed = (content: Content) => {
  // Without `preview_url` Meta shows no preview: the published API promises the text and nothing else.
  if (content.type === "text") return { type: "text", text: { body: content.body } }
  if (content.type === "media") {
    const { caption, filename, kind, link } = content
    return { type: kind, [kind]: { link, caption, filename } }
  }
  const { components, language, name } = content
  return {
    type: "template",
    template: { name, language: { code: language }, components: components.length > 0 ? components : undefined }
  }
}

const isNumber = Schema.is(PhoneNumber)

/**
 * The JSON body of the call. `to` carries its plus sign, for without it Meta may put the business number's own
 * country code in front; a person without a number is named by `recipient`; the attempt's id returns in every status of the message.
 */
export const encode = ({ content, to }: OutgoingMessage, attemptId: AttemptId): string =>
  JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...(isNumber(to) ? { to: `+${to}` } : { recipient: to }),
    ...typed(content),
    biz_opaque_callback_data: attemptId
  })
