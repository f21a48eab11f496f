/**
 * A message as Meta's "send messages" endpoint takes it.
 *
 * Source: Meta, "Send messages" and its per-type pages.
 */
import type { AttemptId } from "../../core/message/Message.ts"
import type { Content, OutgoingMessage } from "../../core/message/OutgoingMessage.ts"

/** A key whose value is absent is left out of the JSON. */
const typed = (content: Content) => {
  switch (content.type) {
    // Without `preview_url` Meta shows no preview, which is what the published API promises: the text and nothing else.
    case "text":
      return { type: "text", text: { body: content.body } }
    case "media":
      return {
        type: content.kind,
        [content.kind]: { link: content.link, caption: content.caption, filename: content.filename }
      }
    case "template":
      return {
        type: "template",
        template: {
          name: content.name,
          language: { code: content.language },
          components: content.components.length > 0 ? content.components : undefined
        }
      }
  }
}

/**
 * The JSON body of the call. `to` carries its plus sign, for without it Meta may put the business number's own
 * country code in front; the attempt's id returns in every status of the message.
 */
export const encode = ({ content, to }: OutgoingMessage, attemptId: AttemptId): string =>
  JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: `+${to}`,
    ...typed(content),
    biz_opaque_callback_data: attemptId
  })
