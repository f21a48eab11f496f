import { Effect, Schema } from "effect"
import { ContactId } from "../../core/contact/Contact.ts"
import { failure } from "../../core/failure/Failure.ts"
import { captionLimit } from "../../core/media/MediaKind.ts"
import { textLimit } from "../../core/message/OutgoingMessage.ts"
import { PlainText } from "../../core/message/PlainText.ts"
import { type DirectRequest, sendDirect } from "../../core/message/SendDirect.ts"
import { idRange, idSentence, textUpTo } from "./fields.ts"
import { directForm, directSuccess } from "./Rendering.ts"
import * as SendEndpoint from "./SendEndpoint.ts"
import * as Shape from "./Shape.ts"

/** The body of `POST /sendmessage`, as published. */
export const SendDirect = Schema.Struct({
  contact_id: ContactId.check(idRange),
  instance_id: Schema.Int.check(idRange),
  message_content: Schema.optionalKey(textUpTo(textLimit)),
  media_url: Schema.optionalKey(PlainText),
  media_caption: Schema.optionalKey(textUpTo(captionLimit))
})

const decode = Shape.decoder(SendDirect, {
  contact_id: idSentence,
  instance_id: idSentence,
  message_content: `deve ser um texto de 1 a ${textLimit} caracteres, não só espaços`,
  media_url: "deve ser um texto com o link público do arquivo",
  media_caption: `deve ser um texto de 1 a ${captionLimit} caracteres`
})

const contentOf = (body: typeof SendDirect.Type): DirectRequest["body"] | undefined => {
  if (body.message_content !== undefined && body.media_url === undefined) {
    return { _tag: "Text", text: body.message_content }
  }
  return body.media_url !== undefined && body.message_content === undefined
    ? { _tag: "Media", url: body.media_url, caption: body.media_caption }
    : undefined
}

export const endpoint = SendEndpoint.make({
  path: "/sendmessage",
  form: directForm,
  success: directSuccess,
  handle: Effect.fnUntraced(function* (request, json) {
    const body = yield* decode(json)
    const content = contentOf(body)
    if (content === undefined) {
      const message = 'Informe exatamente um entre "message_content" e "media_url".'
      return yield* failure("one_of_required", { field: "message_content", message })
    }
    if (content._tag === "Text" && body.media_caption !== undefined) {
      return yield* failure("caption_not_allowed", { field: "media_caption" })
    }
    if (body.instance_id !== request.instance.id) {
      return yield* failure("instance_not_authorized", { field: "instance_id" })
    }
    return yield* sendDirect({ ...request, contactId: body.contact_id, body: content })
  })
})
