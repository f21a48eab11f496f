import type { CustomerMessage, File } from "./CustomerMessage.ts"
import type { MediaObject } from "./Media.ts"
import type { SampleKind } from "./SampleFiles.ts"
import { reportedError } from "./StatusUpdate.ts"
import type { Wire } from "./WebhookPayload.ts"

/** Keeps a file where Meta's API gives it out, and tells where that is. `now` in milliseconds since 1970. */
export type Keep = (
  kind: SampleKind,
  file: Exclude<File, true>,
  now: number
) => { readonly media: MediaObject; readonly url: string }

const optOutWord = "PARAR"

const kinds: ReadonlyArray<SampleKind> = ["image", "audio", "video", "document", "sticker"]

const mediaOf = (kind: SampleKind, given: File, now: number, keep: Keep): Wire => {
  const file = given === true ? {} : given
  const { media, url } = keep(kind, file, now)
  return {
    ...(file.caption === undefined ? {} : { caption: file.caption }),
    ...(kind === "document" ? { filename: file.filename ?? "documento.pdf" } : {}),
    mime_type: media.mimeType,
    sha256: Buffer.from(media.sha256, "hex").toString("base64"),
    id: media.id,
    url,
    ...(kind === "audio" ? { voice: file.voice ?? true } : {}),
    ...(kind === "sticker" ? { animated: false } : {})
  }
}

const cannotShow = {
  errors: [reportedError(131_051, { details: "Message type is currently not supported." })],
  type: "unsupported"
}

const adShown = {
  source_url: "https://fb.me/aidesk",
  source_id: "120226305854810726",
  source_type: "ad",
  body: "Fale com a gente!",
  headline: "Atendimento pelo WhatsApp",
  media_type: "image",
  image_url: "https://scontent.xx.fbcdn.net/v/anuncio.jpg",
  ctwa_clid: "Aff-aidesk"
}

/** The ad that the customer came by. */
export const referralOf = ({ referral }: CustomerMessage): Wire | undefined => (referral === true ? adShown : referral)

/** Type and content of what a customer says; undefined where nothing is said, as in a change of number. */
export const contentOf = (message: CustomerMessage, now: number, keep: Keep): Wire | undefined => {
  for (const kind of kinds) {
    const file = message[kind]
    if (file !== undefined) return { type: kind, [kind]: mediaOf(kind, file, now, keep) }
  }
  const { button, button_reply, contacts, list_reply, location, opt_out, raw, reaction, text, unsupported } = message
  if (text !== undefined) return { type: "text", text: { body: text } }
  if (opt_out !== undefined) return { type: "text", text: { body: optOutWord } }
  if (button !== undefined) {
    const { payload, text } = typeof button === "string" ? { text: button, payload: undefined } : button
    return { type: "button", button: { payload: payload ?? text, text } }
  }
  if (button_reply !== undefined) return { type: "interactive", interactive: { type: "button_reply", button_reply } }
  if (list_reply !== undefined) return { type: "interactive", interactive: { type: "list_reply", list_reply } }
  if (location !== undefined) return { type: "location", location }
  if (contacts !== undefined) return { type: "contacts", contacts }
  if (reaction !== undefined) return { type: "reaction", reaction }
  if (unsupported !== undefined) {
    return { ...cannotShow, ...(unsupported === true ? {} : { unsupported: { type: unsupported } }) }
  }
  return raw
}
