/** What a list of messages shows of one: its words, or in Portuguese what it is. */
import type { Content, InboundMedia, InboundMediaKind } from "./Content.ts"

const kinds: { readonly [kind in InboundMediaKind]: string } = {
  image: "imagem",
  video: "vídeo",
  audio: "áudio",
  document: "documento",
  sticker: "figurinha"
}

/** `[documento] contrato.pdf: Segue o contrato` */
const titled = (title: string, ...words: ReadonlyArray<string | undefined>): string => {
  const rest = words.filter((word) => word !== undefined && word !== "").join(": ")
  return rest === "" ? `[${title}]` : `[${title}] ${rest}`
}

const ofMedia = (kind: InboundMediaKind, { caption, filename, voice }: InboundMedia): string =>
  titled(voice === true ? "mensagem de voz" : kinds[kind], kind === "document" ? filename : undefined, caption)

const ofContacts = ({ contacts }: Extract<Content, { type: "contacts" }>): string =>
  titled(
    contacts.length === 1 ? "contato" : "contatos",
    contacts
      .map(({ name, phones }) =>
        [name?.formattedName ?? name?.firstName, phones?.[0]?.phone ?? phones?.[0]?.waId]
          .filter((part) => part !== undefined)
          .join(" ")
      )
      .filter((card) => card !== "")
      .join(", ")
  )

const ofOrder = ({ order: { items, text } }: Extract<Content, { type: "order" }>): string =>
  titled("pedido", items.length === 1 ? "1 item" : `${items.length} itens`, text)

export const plainTextOf = (content: Content): string => {
  switch (content.type) {
    case "text":
      return content.text.body
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return ofMedia(content.type, content.media)
    case "location": {
      const { address, latitude, longitude, name } = content.location
      const place = [name, address].filter((part) => part !== undefined && part !== "").join(", ")
      return titled("localização", place === "" ? `${latitude}, ${longitude}` : place)
    }
    case "contacts":
      return ofContacts(content)
    case "button":
      return content.button.text
    case "interactive":
      return content.interactive.type === "nfm_reply"
        ? titled("formulário respondido")
        : content.interactive.reply.title
    case "reaction":
      return isRemoved(content) ? "[reação removida]" : titled("reação", content.reaction.emoji)
    case "order":
      return ofOrder(content)
    case "unsupported":
    case "unknown":
      return "[mensagem não suportada]"
    case "edit":
      return titled("mensagem editada", plainTextOf(content.edit.message))
    case "revoke":
      return "[mensagem apagada]"
  }
}

const isRemoved = ({ reaction: { emoji } }: Extract<Content, { type: "reaction" }>): boolean =>
  emoji === undefined || emoji === ""
