import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as MediaProbeMemory from "../../../adapters/memory/MediaProbeMemory.ts"
import { MemoryFiles } from "../../../adapters/memory/MediaProbeMemory.ts"
import { rules } from "../../../core/media/MediaKind.ts"
import { inspect } from "../../../core/media/MediaLink.ts"

const refused = (url: string) => Effect.flip(inspect(url, "media_url"))

const kinds = ["image", "video", "audio", "document"] as const
const extensions = kinds.flatMap((kind) =>
  Object.values(rules[kind].types).flatMap((all) => all.map((extension) => [extension, kind] as const))
)
const types = kinds.flatMap((kind) => Object.keys(rules[kind].types).map((type) => [type, kind] as const))

layer(MediaProbeMemory.layer)("a link to a file", (it) => {
  describe("with an extension", () => {
    it.effect.each(extensions)("is known by it, and nobody is asked: .%s is %s", ([extension, kind]) =>
      Effect.gen(function* () {
        const files = yield* MemoryFiles
        const before = yield* files.asked
        for (const url of [
          `https://exemplo.com.br/a.${extension}`,
          `http://exemplo.com.br:8080/b/c.d.${extension.toUpperCase()}?size=1.txt#.exe`
        ]) {
          assert.deepStrictEqual(yield* inspect(url, "media_url"), { kind, url })
        }
        assert.deepStrictEqual(yield* files.asked, before)
      })
    )

    it.effect("is passed on as it was written", () =>
      Effect.gen(function* () {
        const url = "HTTPS://Exemplo.com.br/fotos/%C3%A9%20ç.JPG?Sig=a+b%2F"
        assert.deepStrictEqual(yield* inspect(url, "media_url"), { kind: "image", url })
      })
    )

    it.effect("that says nothing to us is asked about: the query is no path", () =>
      Effect.gen(function* () {
        const files = yield* MemoryFiles
        yield* files.publish("https://exemplo.com.br/file.php?x=a.jpg", { contentType: "video/mp4" })
        const { kind } = yield* inspect("https://exemplo.com.br/file.php?x=a.jpg", "media_url")
        assert.strictEqual(kind, "video")
      })
    )
  })

  describe("without one", () => {
    it.effect.each(types)("is what its server says: %s is %s", ([contentType, kind]) =>
      Effect.gen(function* () {
        const url = `https://exemplo.com.br/${contentType}/without`
        yield* (yield* MemoryFiles).publish(url, { contentType })
        assert.deepStrictEqual(yield* inspect(url, "media_url"), { kind, url })
      })
    )

    it.effect.each([
      ["a type that WhatsApp does not take", { contentType: "image/svg+xml" }],
      ["a page", { contentType: "text/html" }],
      ["a type that a member of every object is named like", { contentType: "constructor" }],
      ["no type", { contentType: undefined }]
    ] as const)("is refused with %s, and nothing of the answer is told", ([, { contentType }]) =>
      Effect.gen(function* () {
        const url = "https://exemplo.com.br/strange"
        yield* (yield* MemoryFiles).publish(url, contentType === undefined ? {} : { contentType })
        const failure = yield* refused(url)
        assert.deepInclude(failure, { code: "media_type_unsupported", field: "media_url" })
        assert.notInclude(failure.message, contentType ?? "undefined")
      })
    )

    it.effect.each(kinds)("may be as large as WhatsApp takes, and not a byte larger: %s", (kind) =>
      Effect.gen(function* () {
        const files = yield* MemoryFiles
        const url = `https://exemplo.com.br/large/${kind}`
        const [contentType = ""] = Object.keys(rules[kind].types)
        yield* files.publish(url, { contentType, contentLength: rules[kind].maxBytes })
        assert.strictEqual((yield* inspect(url, "media_url")).kind, kind)
        yield* files.publish(url, { contentType, contentLength: rules[kind].maxBytes + 1 })
        const failure = yield* refused(url)
        assert.deepInclude(failure, { code: "media_too_large", field: "media_url" })
        assert.include(failure.message, { image: "5 MB", video: "16 MB", audio: "16 MB", document: "100 MB" }[kind])
      })
    )

    it.effect("is refused where nobody answers", () =>
      Effect.gen(function* () {
        const failure = yield* refused("https://exemplo.com.br/nobody")
        assert.deepInclude(failure, { code: "media_unreachable", field: "media_url" })
      })
    )

    it.effect("is refused where its name leads into somebody's network", () =>
      Effect.gen(function* () {
        const url = "https://intranet.exemplo.com.br/file"
        yield* (yield* MemoryFiles).hide(url)
        assert.deepInclude(yield* refused(url), { code: "media_url_not_allowed", field: "media_url" })
      })
    )
  })

  it.effect.each([
    ["another scheme", "ftp://exemplo.com.br/a.jpg"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:image/png;base64,AAAA"],
    ["a script", "javascript:alert(1)//a.jpg"],
    ["credentials", "https://ana:segredo@exemplo.com.br/a.jpg"],
    ["a name of a user", "https://ana@exemplo.com.br/a.jpg"],
    ["no scheme", "exemplo.com.br/a.jpg"],
    ["no host", "https:///"],
    ["a space", "https://exemplo.com.br/a b.jpg"],
    ["a line break", "https://exemplo.com.br/a.jpg\n"],
    ["a tab that parsers remove", "https://exemplo.com.br/\ta.jpg"],
    ["more than 2048 characters", `https://exemplo.com.br/${"a".repeat(2022)}.jpg`],
    ["nothing", ""],
    ["a private address, whatever its extension", "http://192.168.0.1/a.jpg"],
    ["this very machine", "http://localhost:8080/a.jpg"]
  ] as const)("is refused with %s, and nobody is asked", ([, url]) =>
    Effect.gen(function* () {
      const files = yield* MemoryFiles
      const before = yield* files.asked
      assert.deepInclude(yield* refused(url), { code: "media_url_not_allowed", field: "media_url" })
      assert.deepStrictEqual(yield* files.asked, before)
    })
  )

  it.effect("of 2048 characters is taken", () =>
    Effect.gen(function* () {
      const url = `https://exemplo.com.br/${"a".repeat(2021)}.jpg`
      assert.strictEqual(url.length, 2048)
      assert.strictEqual((yield* inspect(url, "media_url")).kind, "image")
    })
  )

  it.effect("is judged by the name of its field", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(inspect("ftp://x/a.jpg", "variables.foto"))
      assert.strictEqual(failure.field, "variables.foto")
    })
  )
})
