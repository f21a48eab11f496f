/** One message of each kind that a customer can send, as it stands in `messages`. */
import { customer } from "./envelope.ts"

const from = { from: customer.waId, from_user_id: customer.userId, timestamp: "1790000100" }

const message = (name: string, type: string, content: unknown, more: object = {}) => ({
  ...from,
  id: `wamid.IN_${name}`,
  type,
  [type]: content,
  ...more
})

const file = { sha256: "q6mFMPoeAcrAUDBmBEHRNKpVMp6aHEcPAsAmUUfSRA8=", url: "https://lookaside.fbsbx.com/w/?mid=1" }

export const messages = {
  text: message("text", "text", { body: "Bom dia! O pedido 4417 já saiu?" }),
  forwarded: message("forwarded", "text", { body: "Olha isso" }, { context: { forwarded: true } }),
  reply: message("reply", "text", { body: "Esse mesmo" }, { context: { from: "5511976543210", id: "wamid.OUT_1" } }),
  product: message(
    "product",
    "text",
    { body: "Tem em azul?" },
    {
      context: {
        from: "5511976543210",
        id: "wamid.OUT_2",
        referred_product: { catalog_id: "998", product_retailer_id: "camiseta-p" }
      }
    }
  ),
  ad: message(
    "ad",
    "text",
    { body: "Vi o anúncio" },
    {
      referral: {
        source_url: "https://fb.me/abc",
        source_id: "120",
        source_type: "ad",
        headline: "Frete grátis",
        body: "Só hoje",
        media_type: "image",
        image_url: "https://scontent.example/1.jpg",
        ctwa_clid: "Aff-x",
        welcome_message: { text: "Oi! Como podemos ajudar?" }
      }
    }
  ),
  image: message("image", "image", { id: "7001", mime_type: "image/jpeg", caption: "Veio amassado", ...file }),
  video: message("video", "video", { id: "7002", mime_type: "video/mp4", ...file }),
  voice: message("voice", "audio", { id: "7003", mime_type: "audio/ogg; codecs=opus", voice: true, ...file }),
  audio: message("audio", "audio", { id: "7004", mime_type: "audio/mpeg", ...file }),
  document: message("document", "document", {
    id: "7005",
    mime_type: "application/pdf",
    filename: "nota-fiscal.pdf",
    caption: "Segue a nota",
    ...file
  }),
  sticker: message("sticker", "sticker", { id: "7006", mime_type: "image/webp", animated: true, ...file }),
  location: message("location", "location", {
    latitude: -23.56168,
    longitude: -46.65598,
    name: "MASP",
    address: "Av. Paulista, 1578"
  }),
  place: message("place", "location", { latitude: -15.79, longitude: -47.88 }),
  contacts: message("contacts", "contacts", [
    {
      name: { formatted_name: "Caio Lima", first_name: "Caio" },
      org: { company: "Oficina do Caio" },
      phones: [{ phone: "+55 61 98111-2222", wa_id: "556181112222", type: "CELL" }]
    }
  ]),
  button: message(
    "button",
    "button",
    { payload: "confirma-4417", text: "Confirmar" },
    { context: { from: "5511976543210", id: "wamid.OUT_3" } }
  ),
  buttonReply: message("buttonReply", "interactive", {
    type: "button_reply",
    button_reply: { id: "agendar", title: "Agendar" }
  }),
  listReply: message("listReply", "interactive", {
    type: "list_reply",
    list_reply: { id: "manha", title: "De manhã", description: "Das 8h às 12h" }
  }),
  flow: message("flow", "interactive", {
    type: "nfm_reply",
    nfm_reply: { name: "flow", body: "Sent", response_json: '{"cpf":"opcional","flow_token":"t-1"}' }
  }),
  reaction: message("reaction", "reaction", { message_id: "wamid.OUT_1", emoji: "❤️" }),
  reactionRemoved: message("reactionRemoved", "reaction", { message_id: "wamid.OUT_1" }),
  order: message("order", "order", {
    catalog_id: "998",
    text: "Entregar à tarde",
    product_items: [
      { product_retailer_id: "camiseta-p", quantity: 2, item_price: 49.9, currency: "BRL" },
      { product_retailer_id: "bone", quantity: "1", item_price: "30", currency: "BRL" }
    ]
  }),
  edit: message("edit", "edit", {
    original_message_id: "wamid.IN_text",
    message: { context: { id: "M0" }, type: "text", text: { body: "Bom dia! O pedido 4418 já saiu?" } }
  }),
  revoke: message("revoke", "revoke", { original_message_id: "wamid.IN_text" }),
  unsupported: {
    ...from,
    id: "wamid.IN_unsupported",
    type: "unsupported",
    unsupported: { type: "poll_creation" },
    errors: [
      {
        code: 131051,
        title: "Message type unknown",
        message: "Message type unknown",
        error_data: { details: "Message type is currently not supported." }
      }
    ]
  }
} as const

/** Of a customer who keeps the number to themselves. */
export const withoutNumber = {
  message: {
    from_user_id: "BR.9920001112223334",
    from_parent_user_id: "BR.ENT.5510009998887",
    id: "wamid.IN_withoutNumber",
    timestamp: "1790000200",
    type: "text",
    text: { body: "Prefiro não passar meu número" }
  },
  contact: {
    profile: { name: "Lia", username: "lia.souza" },
    user_id: "BR.9920001112223334",
    parent_user_id: "BR.ENT.5510009998887"
  }
}

/** The same customer, after we asked for the number and they gave it. */
export const ownCard = {
  from_user_id: "BR.9920001112223334",
  id: "wamid.IN_ownCard",
  timestamp: "1790000300",
  type: "contacts",
  contacts: [
    { origin: "contact_request", phones: [{ phone: "+55 61 98765-4321", wa_id: "556187654321", type: "CELL" }] }
  ]
}

export const numberChanged = {
  from: "556187654321",
  id: "wamid.SYS_number",
  timestamp: "1790000400",
  type: "system",
  system: {
    type: "user_changed_number",
    body: "User Joana Prado changed from 556187654321 to 5548999887766",
    wa_id: "5548999887766",
    user_id: "BR.4440002221117778",
    previous_user_id: "BR.7730219488123095"
  }
}

export const userIdChanged = {
  id: "wamid.SYS_user_id",
  timestamp: "1790000500",
  type: "system",
  system: {
    type: "user_changed_user_id",
    body: "User Joana Prado changed from BR.7730219488123095 to BR.4440002221117778",
    user_id: "BR.4440002221117778",
    previous_user_id: "BR.7730219488123095"
  }
}
