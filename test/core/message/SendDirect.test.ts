import { assert, describe } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryFiles } from "../../../adapters/memory/MediaProbeMemory.ts"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { Contacts } from "../../../core/contact/Contacts.ts"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { type DirectRequest, sendDirect } from "../../../core/message/SendDirect.ts"
import { furnished, stored, test, told } from "./Desk.ts"

const text = (text: string): DirectRequest["body"] => ({ _tag: "Text", text })
const media = (url: string, caption?: string): DirectRequest["body"] => ({ _tag: "Media", url, caption })

/** To Ana, who wrote an hour ago. */
const requestFor = (body: DirectRequest["body"]) =>
  Effect.map(furnished, ({ contact, instance, setup }) => {
    const request: DirectRequest = {
      instance,
      requestId: "request",
      idempotency: undefined,
      contactId: contact.id,
      body
    }
    return { request, setup, contact, instance }
  })

/** Refused with nothing kept and nobody asked. */
const refused = Effect.fnUntraced(function* (request: DirectRequest) {
  const { contactId, messageId, result } = yield* sendDirect(request)
  assert.deepStrictEqual([messageId, contactId], [undefined, undefined])
  assert.strictEqual((yield* World).messages.size, 0)
  assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
  if (result._tag === "Sent") return yield* Effect.die("was sent")
  return result.failure
})

const handedOver = Effect.gen(function* () {
  const [call] = yield* (yield* MemoryGateway).calls
  return call?.message
})

describe("a text", () => {
  test("goes to the contact's number, and is kept with the message", () =>
    Effect.gen(function* () {
      const { contact, request } = yield* requestFor(text("Olá! 👋"))
      const report = yield* sendDirect(request)
      assert.deepStrictEqual(report.result, { _tag: "Sent", wamid: "wamid.MEMORY1", kind: "text" })
      assert.strictEqual(report.contactId, contact.id)
      assert.deepStrictEqual(yield* handedOver, {
        to: PhoneNumber.make("5511978049825"),
        content: { type: "text", body: "Olá! 👋" }
      })
      assert.deepInclude((yield* stored(report.messageId))?.record, { kind: "text", text: "Olá! 👋" })
    }))

  test("joins the open conversation, and leaves contact and conversation as they are", () =>
    Effect.gen(function* () {
      const { contact, request } = yield* requestFor(text("Olá!"))
      yield* sendDirect(request)
      yield* sendDirect(request)
      const world = yield* World
      assert.strictEqual(world.conversations.size, 1)
      assert.deepStrictEqual(world.contacts.get(contact.id)?.contact, contact)
    }))

  test("under a key is sent once", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(text("Olá!"))
      const keyed = { ...request, idempotency: { path: "/sendmessage", key: "k", bodyHash: "b0d1" } }
      const first = yield* sendDirect(keyed)
      assert.deepStrictEqual(yield* sendDirect(keyed), { ...first, replayed: true })
      assert.strictEqual((yield* (yield* MemoryGateway).calls).length, 1)
    }))
})

describe("the 24-hour window", () => {
  test("lets a message through until its last millisecond", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(text("Olá!"))
      yield* TestClock.adjust("82799999 millis")
      assert.strictEqual(told(yield* sendDirect(request)), "sent")
    }))

  test("refuses one at its closing, and says when it closed and what to do instead", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(text("Olá!"))
      yield* TestClock.adjust("23 hours")
      const failure = yield* refused(request)
      assert.deepInclude(failure, { code: "window_closed", field: "contact_id", retryable: false })
      assert.strictEqual(failure.message, "A janela de 24 horas deste contato fechou em 2026-03-02T11:00:00.000Z.")
    }))

  test("is opened anew by the contact's next message", () =>
    Effect.gen(function* () {
      const { contact, instance, request } = yield* requestFor(text("Olá!"))
      yield* TestClock.adjust("2 days")
      assert.strictEqual((yield* refused(request)).code, "window_closed")
      yield* (yield* Contacts).heard(instance.id, contact.id, yield* DateTime.now)
      assert.strictEqual(told(yield* sendDirect(request)), "sent")
    }))

  test("never opened for who never wrote, and the refusal says so", () =>
    Effect.gen(function* () {
      const { instance, request, setup } = yield* requestFor(text("Olá!"))
      const { id } = yield* setup.addContact({ instanceId: instance.id, number: "5521987654321" })
      const failure = yield* refused({ ...request, contactId: id })
      assert.strictEqual(failure.code, "window_closed")
      assert.include(failure.message, "nunca abriu")
    }))

  test("is judged before a link is looked at", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(media("https://exemplo.com.br/arquivo"))
      yield* TestClock.adjust("23 hours")
      assert.strictEqual((yield* refused(request)).code, "window_closed")
      assert.deepStrictEqual(yield* (yield* MemoryFiles).asked, [])
    }))
})

describe("the contact", () => {
  test("of another instance does not exist in one's own", () =>
    Effect.gen(function* () {
      const { request, setup } = yield* requestFor(text("Olá!"))
      const instance = yield* setup.addInstance()
      const foreign = yield* refused({ ...request, instance })
      assert.deepInclude(foreign, { code: "contact_not_found", field: "contact_id" })
      const never = yield* refused({ ...request, contactId: ContactId.make(99) })
      assert.deepStrictEqual([never.code, never.message], [foreign.code, foreign.message])
    }))

  test("whose number nobody knows cannot be written to", () =>
    Effect.gen(function* () {
      const { instance, request, setup } = yield* requestFor(text("Olá!"))
      const { id } = yield* setup.addContact({ instanceId: instance.id, lastInboundAt: yield* DateTime.now })
      const failure = yield* refused({ ...request, contactId: id })
      assert.deepInclude(failure, { code: "contact_without_number", field: "contact_id" })
    }))
})

describe("a file", () => {
  test("goes out as a link of its kind, with its caption", () =>
    Effect.gen(function* () {
      const url = "https://exemplo.com.br/foto.JPG?v=1"
      const { request } = yield* requestFor(media(url, "Veja!"))
      const report = yield* sendDirect(request)
      assert.deepStrictEqual((yield* handedOver)?.content, {
        type: "media",
        kind: "image",
        link: url,
        caption: "Veja!"
      })
      assert.deepInclude((yield* stored(report.messageId))?.record, { kind: "image", text: "Veja!", mediaUrl: url })
      assert.deepStrictEqual(report.result, { _tag: "Sent", wamid: "wamid.MEMORY1", kind: "image" })
    }))

  test("without a caption carries none", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(media("https://exemplo.com.br/voz.ogg"))
      const report = yield* sendDirect(request)
      assert.deepStrictEqual((yield* handedOver)?.content, {
        type: "media",
        kind: "audio",
        link: "https://exemplo.com.br/voz.ogg"
      })
      assert.deepInclude((yield* stored(report.messageId))?.record, { kind: "audio", text: "" })
    }))

  test("that is heard carries no caption: the request is refused", () =>
    Effect.gen(function* () {
      const { request } = yield* requestFor(media("https://exemplo.com.br/voz.ogg", "Ouça!"))
      assert.deepInclude(yield* refused(request), { code: "caption_not_allowed", field: "media_caption" })
    }))

  const names: ReadonlyArray<readonly [what: string, url: string, filename: string]> = [
    ["as it is", "https://exemplo.com.br/a/boleto.pdf", "boleto.pdf"],
    ["with accents and spaces", "https://exemplo.com.br/2%C2%AA%20via.pdf?x=y.doc", "2ª via.pdf"],
    ["with a stray percent sign", "https://exemplo.com.br/100%.pdf", "100%.pdf"]
  ]
  for (const [what, url, filename] of names) {
    test(`to read keeps its name: ${what}`, () =>
      Effect.gen(function* () {
        const { request } = yield* requestFor(media(url))
        assert.strictEqual(told(yield* sendDirect(request)), "sent")
        assert.deepInclude((yield* handedOver)?.content, { kind: "document", link: url, filename })
      }))
  }

  test("whose link says nothing is what its server says", () =>
    Effect.gen(function* () {
      const url = "https://exemplo.com.br/arquivo"
      const { request } = yield* requestFor(media(url, "Assista!"))
      yield* (yield* MemoryFiles).publish(url, { contentType: "video/mp4" })
      const report = yield* sendDirect(request)
      assert.deepStrictEqual(report.result, { _tag: "Sent", wamid: "wamid.MEMORY1", kind: "video" })
      assert.deepStrictEqual(yield* (yield* MemoryFiles).asked, [url])
    }))

  const refusals: ReadonlyArray<readonly [what: string, url: string, code: ErrorCode]> = [
    ["at a private address", "http://127.0.0.1/foto.jpg", "media_url_not_allowed"],
    ["where nobody answers", "https://exemplo.com.br/ninguem", "media_unreachable"],
    ["of a type WhatsApp does not take", "https://exemplo.com.br/pagina", "media_type_unsupported"],
    ["that is too large", "https://exemplo.com.br/enorme", "media_too_large"],
    ["whose name leads inside", "https://exemplo.com.br/dentro", "media_url_not_allowed"]
  ]
  for (const [what, url, code] of refusals) {
    test(`is refused ${what}`, () =>
      Effect.gen(function* () {
        const files = yield* MemoryFiles
        yield* files.publish("https://exemplo.com.br/pagina", { contentType: "text/html" })
        yield* files.publish("https://exemplo.com.br/enorme", { contentType: "image/png", contentLength: 6_000_000 })
        yield* files.hide("https://exemplo.com.br/dentro")
        const { request } = yield* requestFor(media(url))
        assert.deepInclude(yield* refused(request), { code, field: "media_url" })
      }))
  }
})
