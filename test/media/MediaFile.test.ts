import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Schema } from "effect"
import { InstanceId } from "../../core/instance/Instance.ts"
import { asMimeType, contentTypeOf, keyOf, MediaKey, nameOf } from "../../core/media/MediaFile.ts"
import { pendingFile } from "../contract/mediaFiles.ts"

const file = (given: { readonly mimeType?: string; readonly filename?: string }) =>
  pendingFile(InstanceId.make(4), {
    mimeType: Option.fromUndefinedOr(given.mimeType),
    filename: Option.fromUndefinedOr(given.filename)
  })

describe("the place of a file in the store", () => {
  it("is made of instance, month and message, and of nothing that anybody sent", () => {
    const receivedAt = DateTime.makeUnsafe("2026-12-31T23:59:59.999Z")
    const here = pendingFile(InstanceId.make(4), { receivedAt, metaId: "../x", filename: Option.some("../../y") })
    assert.strictEqual(keyOf(here), `4/2026/12/${here.messageId}`)
  })

  it.each(["../4/2026/12", "4/2026/12/x", "4/2026/12/019c0000-0000-7000-8000-000000000001/", "-1/2026/12/019c0000"])(
    "is never %j",
    (text) => assert.isFalse(Schema.is(MediaKey)(text))
  )
})

describe("the type of a file", () => {
  it.each([
    "image/jpeg",
    "audio/ogg; codecs=opus",
    'video/mp4;codecs="avc1.42E01E, mp4a.40.2"',
    "application/vnd.x+json"
  ])("is repeated where it is one: %s", (type) => assert.strictEqual(contentTypeOf(file({ mimeType: type })), type))

  it.each([
    "",
    "jpeg",
    "image/",
    "image/jpeg\r\nset-cookie: a=b",
    "text/html; charset=é",
    `a/${"b".repeat(200)}`,
    undefined
  ])("is a stream of bytes where it is none: %j", (type) =>
    assert.strictEqual(contentTypeOf(file(type === undefined ? {} : { mimeType: type })), "application/octet-stream")
  )

  it.prop("fits a header, whatever was told", [Schema.String], ([type]) => {
    const read = asMimeType(type)
    if (Option.isSome(read)) assert.match(read.value, /^[ -~]+\/[ -~]+$/u)
  })
})

describe("the name of a file", () => {
  it.each([
    ["orçamento 👋.pdf", "orçamento 👋.pdf"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["a\r\nb\0c.pdf", "a__b_c.pdf"],
    ["nota\u202Efdp.exe", "nota_fdp.exe"],
    ["C:\\nota.pdf", "C:_nota.pdf"]
  ])("is the sender's, made fit: %j becomes %j", (given, name) =>
    assert.strictEqual(nameOf(file({ filename: given })), name)
  )

  it.each([
    ["image/jpeg", ".jpg"],
    ["audio/ogg; codecs=opus", ".ogg"],
    ["image/webp", ".webp"],
    ["application/x-unheard-of", ""]
  ])("is the message's where there is none, as %s with the extension %j", (mimeType, extension) => {
    const nameless = file({ mimeType })
    assert.strictEqual(nameOf(nameless), `${nameless.messageId}${extension}`)
    const dots = file({ mimeType, filename: " ... " })
    assert.strictEqual(nameOf(dots), `${dots.messageId}${extension}`)
  })

  it("keeps its end, which says what it is, when it is too long", () => {
    const name = nameOf(file({ filename: `${"é".repeat(5000)}.pdf` }))
    assert.isTrue(name.endsWith(".pdf") && Array.from(name).length === 200)
  })

  it.prop("is a name that any system can keep, whatever was told", [Schema.String], ([filename]) => {
    const name = nameOf(file({ filename }))
    assert.notMatch(name, /[\p{Cc}/\\]|^\.|^$/u)
    assert.strictEqual(name, name.toWellFormed())
    encodeURIComponent(name)
  })
})
