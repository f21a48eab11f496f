import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { Content, mediaIn } from "../../../core/inbound/Content.ts"
import { plainTextOf } from "../../../core/inbound/ContentText.ts"
import { opensWindow } from "../../../core/inbound/InboundMessage.ts"
import { onlyOf, onlyUpdate } from "./Reading.ts"
import {
  contact,
  customer,
  metadata,
  newsOf,
  payloadOf,
  displayNumber,
  phoneNumberId,
  wabaId
} from "./samples/envelope.ts"
import { messages, numberChanged, ownCard, userIdChanged, withoutNumber } from "./samples/messages.ts"

const readMessage = (message: unknown, contacts: ReadonlyArray<unknown> = [contact]) =>
  onlyOf("Message", payloadOf(newsOf({ contacts, messages: [message] })))

const readChange = (message: unknown) =>
  onlyOf("IdentityChange", payloadOf({ field: "messages", value: { metadata, messages: [message] } }))

describe("a message from a customer", () => {
  it("belongs to the business number of its metadata and counts once per wamid, at Meta's time", () => {
    const { at, key, route } = onlyUpdate(payloadOf(newsOf({ messages: [messages.text] })))
    assert.deepStrictEqual(route, { _tag: "Number", phoneNumberId, wabaId, displayNumber })
    assert.strictEqual(key, "message:wamid.IN_text")
    assert.deepStrictEqual(at, DateTime.makeUnsafe("2026-09-21T14:15:00Z"))
  })

  it("comes from a person with all the names that Meta shows", () => {
    assert.deepStrictEqual(
      { ...readMessage(messages.text).from },
      {
        phone: customer.waId,
        waId: customer.waId,
        userId: customer.userId,
        parentUserId: undefined,
        profileName: "Joana Prado",
        username: undefined
      }
    )
  })

  it("loses the plus sign of its number", () => {
    assert.strictEqual(readMessage({ ...messages.text, from: `+${customer.waId}` }).from.phone, customer.waId)
  })

  it("takes its time as text and as a number", () => {
    const { at } = readMessage({ ...messages.text, timestamp: 1_790_000_100 })
    assert.deepStrictEqual(at, readMessage(messages.text).at)
  })

  it("may come from somebody without a number", () => {
    const { from } = readMessage(withoutNumber.message, [withoutNumber.contact])
    assert.deepStrictEqual(
      { ...from },
      {
        phone: undefined,
        waId: undefined,
        userId: "BR.9920001112223334",
        parentUserId: "BR.ENT.5510009998887",
        profileName: "Lia",
        username: "lia.souza"
      }
    )
  })

  it("that is the card we asked for tells the sender's own number", () => {
    const { from } = readMessage(ownCard, [withoutNumber.contact])
    assert.deepStrictEqual([from.phone, from.waId], [customer.number, customer.waId])
    assert.strictEqual(from.userId, "BR.9920001112223334")
  })

  it("that is another's card tells nothing of the sender", () => {
    assert.strictEqual(readMessage(messages.contacts).from.waId, customer.waId)
  })

  it("finds its sender among several people, by number in either spelling or by user id", () => {
    const others = [{ profile: { name: "Outra" }, wa_id: "5511912345678" }, contact]
    const { from, from_user_id, ...anonymous } = messages.text
    for (const sender of [{ from }, { from: customer.number }, { from_user_id }]) {
      assert.strictEqual(readMessage({ ...anonymous, ...sender }, others).from.profileName, "Joana Prado")
    }
  })

  it("is nobody else's because only one person stands beside it", () => {
    const { from } = readMessage({ ...messages.text, from_user_id: "BR.1" }, [contact])
    assert.deepStrictEqual([from.userId, from.profileName], ["BR.1", undefined])
  })

  it("without any contact beside it still has a sender", () => {
    assert.strictEqual(readMessage(messages.text, []).from.phone, customer.waId)
    assert.strictEqual(readMessage(messages.text, [{ profile: 7, wa_id: customer.waId }]).from.phone, customer.waId)
  })

  it("keeps what it answers, that it was passed on, the product and the ad it began from", () => {
    assert.deepStrictEqual(readMessage(messages.reply).context, { repliedTo: "wamid.OUT_1" })
    assert.deepStrictEqual(readMessage(messages.forwarded).context, { forwarded: true })
    assert.deepStrictEqual(readMessage(messages.product).context, {
      repliedTo: "wamid.OUT_2",
      referredProduct: { catalogId: "998", productId: "camiseta-p" }
    })
    const { referral } = readMessage(messages.ad)
    assert.deepStrictEqual(
      [referral?.sourceType, referral?.clickId, referral?.welcomeMessage?.text],
      ["ad", "Aff-x", "Oi! Como podemos ajudar?"]
    )
  })

  it("that is a file tells what it takes to fetch it", () => {
    assert.deepStrictEqual(mediaIn(readMessage(messages.document).content), {
      kind: "document",
      media: {
        id: "7005",
        mimeType: "application/pdf",
        sha256: "q6mFMPoeAcrAUDBmBEHRNKpVMp6aHEcPAsAmUUfSRA8=",
        url: "https://lookaside.fbsbx.com/w/?mid=1",
        caption: "Segue a nota",
        filename: "nota-fiscal.pdf"
      }
    })
    assert.isUndefined(mediaIn(readMessage(messages.text).content))
  })

  it("that Meta cannot hand on is kept as unsupported, with Meta's reason", () => {
    const { content, errors } = readMessage(messages.unsupported)
    assert.deepStrictEqual(content, { type: "unsupported", unsupported: { type: "poll_creation" } })
    assert.deepStrictEqual(
      errors.map(({ code, details }) => [code, details]),
      [[131051, "Message type is currently not supported."]]
    )
  })

  it("whose file was too large is kept as unsupported too", () => {
    const { content, errors } = readMessage({
      ...messages.video,
      video: null,
      errors: [{ code: 131052, title: "Media file size too big" }]
    })
    assert.deepStrictEqual(content, { type: "unsupported", unsupported: { type: "video" } })
    assert.deepStrictEqual(errors[0]?.code, 131052)
  })

  it("has its characters put right where storage refuses them", () => {
    const { content } = readMessage({ ...messages.text, text: { body: "meio\u0000emoji \ud83d!" } })
    assert.strictEqual(plainTextOf(content), "meio\ufffdemoji \ufffd!")
  })

  it("may say null for what it leaves out", () => {
    const { context, referral } = readMessage({ ...messages.text, context: null, referral: null, errors: null })
    assert.deepStrictEqual([context, referral], [undefined, undefined])
  })

  it.each(Object.entries(messages))(
    "of the kind %s is encoded as Meta wrote it, and read again as it was",
    (_, message) => {
      const { content } = readMessage(message)
      const encoded = Schema.encodeSync(Content)(content)
      assert.deepStrictEqual(Schema.decodeUnknownSync(Content)(JSON.parse(JSON.stringify(encoded))), content)
      assert.property(message, content.type)
    }
  )

  it("opens the window, unless it only changes an earlier one", () => {
    const opening = Object.entries(messages).filter(([, message]) => opensWindow(readMessage(message)))
    const others = Object.keys(messages).filter((name) => !opening.some(([opener]) => opener === name))
    assert.deepStrictEqual(others, ["edit", "revoke"])
  })
})

describe("what a person reads of a message", () => {
  const texts: { readonly [name in keyof typeof messages]: string } = {
    text: "Bom dia! O pedido 4417 já saiu?",
    forwarded: "Olha isso",
    reply: "Esse mesmo",
    product: "Tem em azul?",
    ad: "Vi o anúncio",
    image: "[imagem] Veio amassado",
    video: "[vídeo]",
    voice: "[mensagem de voz]",
    audio: "[áudio]",
    document: "[documento] nota-fiscal.pdf: Segue a nota",
    sticker: "[figurinha]",
    location: "[localização] MASP, Av. Paulista, 1578",
    place: "[localização] -15.79, -47.88",
    contacts: "[contato] Caio Lima +55 61 98111-2222",
    button: "Confirmar",
    buttonReply: "Agendar",
    listReply: "De manhã",
    flow: "[formulário respondido]",
    reaction: "[reação] ❤️",
    reactionRemoved: "[reação removida]",
    order: "[pedido] 2 itens: Entregar à tarde",
    edit: "[mensagem editada] Bom dia! O pedido 4418 já saiu?",
    revoke: "[mensagem apagada]",
    unsupported: "[mensagem não suportada]"
  }

  it.each(Object.entries(messages))("of the kind %s is its words, or in Portuguese what it is", (name, message) => {
    assert.strictEqual(plainTextOf(readMessage(message).content), new Map(Object.entries(texts)).get(name))
  })
})

describe("a system message", () => {
  it("tells of a new number, with the old one", () => {
    const { after, before, kind } = readChange(numberChanged)
    assert.strictEqual(kind, "number")
    assert.deepStrictEqual(before, { phone: PhoneNumber.make("556187654321"), userId: "BR.7730219488123095" })
    assert.deepStrictEqual([after.waId, after.userId], [PhoneNumber.make("5548999887766"), "BR.4440002221117778"])
  })

  it("tells of a new user id, with the old one", () => {
    const { after, before, kind } = readChange(userIdChanged)
    assert.strictEqual(kind, "user_id")
    assert.deepStrictEqual(
      [before.userId, after.userId, after.waId],
      ["BR.7730219488123095", "BR.4440002221117778", undefined]
    )
  })

  it("counts once per wamid, as every message", () => {
    const value = { metadata, messages: [numberChanged] }
    assert.strictEqual(onlyUpdate(payloadOf({ field: "messages", value })).key, "message:wamid.SYS_number")
  })
})
