import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import * as Meta from "../Meta.ts"
import type * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

const sendMedia = (shop: Shop.Shop, media_url: string, media_caption?: string) =>
  Shop.sendDirect(shop, { message_content: undefined, media_url, media_caption })

export const media = (it: Product.It) =>
  describe("Media by link", () => {
    it.effect.each([
      ["https://meusite.com/arquivo.pdf", "document"],
      ["http://meusite.com/planilha.XLSX?versao=2#aba", "document"],
      ["https://meusite.com/foto.jpg", "image"],
      ["https://meusite.com/foto.jpeg", "image"],
      ["https://meusite.com/foto.png", "image"],
      ["https://meusite.com/filme.mp4", "video"],
      ["https://meusite.com/filme.3gp", "video"],
      ["https://meusite.com/audio.ogg", "audio"],
      ["https://meusite.com/audio.mp3", "audio"]
    ] as const)("%s goes out as %s, the link untouched", ([link, kind]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const answer = yield* sendMedia(shop, link)
        const wamid = Told.acceptedOn("/sendmessage", answer)
        assert.deepStrictEqual(answer.json, {
          status: "success",
          message: "Mensagem enviada com sucesso",
          whatsapp_message_id: wamid,
          media_type: kind,
          media_file_id: "",
          source: "api"
        })
        const [sent] = yield* Meta.sends(shop)
        assert.deepInclude(sent?.body, { type: kind })
        assert.include(JSON.stringify(sent?.body[kind]), JSON.stringify(link))
      })
    )

    it.effect("a document carries its file's name, decoded", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const link = "https://meusite.com/a/Or%C3%A7amento%20final.pdf?x=1"
        Told.acceptedOn("/sendmessage", yield* sendMedia(shop, link, "Segue o documento solicitado."))
        const [sent] = yield* Meta.sends(shop)
        assert.deepStrictEqual(sent?.body["document"], {
          link,
          caption: "Segue o documento solicitado.",
          filename: "Orçamento final.pdf"
        })
      })
    )

    it.effect.each([
      ["nothing", ""],
      ["no address", "arquivo.pdf"],
      ["a path", "//meusite.com/arquivo.pdf"],
      ["FTP", "ftp://meusite.com/arquivo.pdf"],
      ["a file", "file:///etc/passwd.pdf"],
      ["data", "data:application/pdf;base64,JVBERi0="],
      ["a script", "javascript:alert(1)//arquivo.pdf"],
      ["blanks", "https://meusite.com/meu arquivo.pdf"],
      ["a password", "https://eu:segredo@meusite.com/arquivo.pdf"],
      ["thousands of characters", `https://meusite.com/${"a".repeat(2048)}.pdf`],
      ["the local machine", "http://localhost/arquivo.pdf"],
      ["the local machine with a dot", "http://localhost./arquivo.pdf"],
      ["loopback", "http://127.0.0.1/arquivo.pdf"],
      ["loopback with a port", "http://127.0.0.1:8080/arquivo.pdf"],
      ["loopback, shortened", "http://127.1/arquivo.pdf"],
      ["loopback, as one number", "http://2130706433/arquivo.pdf"],
      ["loopback in hexadecimal", "http://0x7f.0.0.1/arquivo.pdf"],
      ["loopback in octal", "http://0177.0.0.1/arquivo.pdf"],
      ["loopback, percent-encoded", "http://%31%32%37.0.0.1/arquivo.pdf"],
      ["loopback in full width", "http://１２７.0.0.1/arquivo.pdf"],
      ["loopback of IPv6", "http://[::1]/arquivo.pdf"],
      ["IPv4 within IPv6", "http://[::ffff:127.0.0.1]/arquivo.pdf"],
      ["all interfaces", "http://0.0.0.0/arquivo.pdf"],
      ["a private network", "http://192.168.0.10/arquivo.pdf"],
      ["another private network", "https://10.1.2.3/arquivo.pdf"],
      ["a cloud's metadata", "http://169.254.169.254/latest/meta-data.pdf"],
      ["a unique local address", "http://[fd00::1]/arquivo.pdf"],
      ["a name without a dot", "http://intranet/arquivo.pdf"],
      ["an internal name", "http://arquivos.internal/arquivo.pdf"]
    ] as const)("media_url with %s is refused, and nothing is asked there", ([, url]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const told = Told.failureOn("/sendmessage", yield* sendMedia(shop, url))
        assert.deepInclude(told, { code: "media_url_not_allowed", field: "media_url" })
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect("media_url that is no text, or has what cannot be stored, is refused", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const media_url of [null, 5, ["https://meusite.com/a.pdf"], "https://meusite.com/\u0000.pdf", "\ud800"]) {
          const answer = yield* Shop.sendDirect(shop, { message_content: undefined, media_url })
          assert.deepInclude(Told.failureOn("/sendmessage", answer), { code: "invalid_field", field: "media_url" })
        }
      })
    )

    it.effect("a link without a known extension is asked for; a name that does not exist cannot be", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const link of ["https://arquivos.invalid/download", "https://arquivos.invalid/a.exe"]) {
          const told = Told.failureOn("/sendmessage", yield* sendMedia(shop, link))
          assert.deepInclude(told, { code: "media_unreachable", field: "media_url" })
        }
      })
    )

    it.effect("media_caption has 1 to 1024 characters, and not only blanks", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const caption of ["", "  ", "a".repeat(1025), "a\u0000"]) {
          const told = Told.failureOn("/sendmessage", yield* sendMedia(shop, "https://meusite.com/a.jpg", caption))
          assert.deepInclude(told, { code: "invalid_field", field: "media_caption" })
        }
        Told.acceptedOn("/sendmessage", yield* sendMedia(shop, "https://meusite.com/a.jpg", "ã".repeat(1024)))
      })
    )

    it.effect("media_caption is refused with a text, and with media that Meta lets carry none", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const answer of [
          yield* Shop.sendDirect(shop, { media_caption: "Segue." }),
          yield* sendMedia(shop, "https://meusite.com/a.mp3", "Segue.")
        ]) {
          assert.deepInclude(Told.failureOn("/sendmessage", answer), {
            code: "caption_not_allowed",
            field: "media_caption"
          })
        }
        for (const extension of ["jpg", "mp4", "pdf"]) {
          Told.acceptedOn("/sendmessage", yield* sendMedia(shop, `https://meusite.com/a.${extension}`, "Segue."))
        }
        assert.strictEqual(yield* Meta.count(shop), 3)
      })
    )
  })
