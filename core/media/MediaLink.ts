/**
 * A link to a file, and which kind of message it makes. The extension of the path decides where it is
 * known, and then nobody is asked; else the server's own Content-Type does.
 */
import { Effect, Option } from "effect"
import { failure, type Failure } from "../failure/Failure.ts"
import { type MediaKind, ofExtension, ofMime, rules } from "./MediaKind.ts"
import { MediaProbe } from "./MediaProbe.ts"

export interface MediaLink {
  readonly kind: MediaKind
  /** As the caller wrote it: Meta fetches it, so it is passed on untouched. */
  readonly url: string
}

/** Meta's limit for a link is not published; this one is that of common servers. */
const maxLength = 2048

const extensionOf = (url: URL): string | undefined => /\.([a-z0-9]{1,5})$/iu.exec(url.pathname)?.[1]

const parse = (text: string): URL | undefined => {
  if (text.length > maxLength || !URL.canParse(text) || /\s/u.test(text)) return undefined
  const url = new URL(text)
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === ""
    ? url
    : undefined
}

const unsupported = (field: string, found: string): Failure =>
  failure("media_type_unsupported", { field, message: `O tipo da mídia não é aceito pelo WhatsApp: ${found}.` })

const tooLarge = (field: string, kind: MediaKind): Failure =>
  failure("media_too_large", {
    field,
    message: `O arquivo passa do limite do WhatsApp para ${kind}: ${rules[kind].maxBytes / 1024 / 1024} MB.`
  })

/** Judges `text`, the value of the request's `field`. Fails with what Meta would refuse, before Meta is asked. */
export const inspect = Effect.fnUntraced(function* (
  text: string,
  field: string
): Effect.fn.Return<MediaLink, Failure, MediaProbe> {
  const url = parse(text)
  if (url === undefined) return yield* failure("media_url_not_allowed", { field })
  const probe = yield* MediaProbe
  if (probe.isLiterallyPrivate(url)) return yield* failure("media_url_not_allowed", { field })
  const extension = extensionOf(url)
  const known = extension === undefined ? undefined : ofExtension(extension)
  if (known !== undefined) return { kind: known, url: text }
  const head = yield* probe.head(url).pipe(
    Effect.catchTag("MediaNotPublic", () => failure("media_url_not_allowed", { field })),
    Effect.catchTag("MediaUnreachable", () => failure("media_unreachable", { field }))
  )
  // A server's Content-Type is its own text: what is told back to the caller is only whether we know it.
  const kind = Option.match(head.contentType, { onNone: () => undefined, onSome: ofMime })
  if (kind === undefined) return yield* unsupported(field, "o servidor não informou um tipo aceito")
  if (Option.exists(head.contentLength, (bytes) => bytes > rules[kind].maxBytes)) return yield* tooLarge(field, kind)
  return { kind, url: text }
})
