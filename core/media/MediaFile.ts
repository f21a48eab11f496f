/**
 * The file of an inbound message: what Meta told of it, and whether we have it yet. Meta gives it out for seven days;
 * a copy of ours stays.
 *
 * Everything that Meta tells of a file was first told to Meta by the sender's telephone: the type and the name are a
 * stranger's words.
 */
import { Option, Schema } from "effect"
import { InboundMediaKind } from "../inbound/Content.ts"
import { InstanceId } from "../instance/Instance.ts"
import { MessageId } from "../message/Message.ts"
import { rules } from "./MediaKind.ts"

/**
 * `pending`: to be fetched, now or again later. The others are final: `stored` here; `expired`, no longer at Meta's;
 * `refused`, nothing that we take; `failed`, only other bytes came than were told.
 */
export const MediaState = Schema.Literals(["pending", "stored", "expired", "refused", "failed"])
export type MediaState = typeof MediaState.Type

/** Where the bytes are in the store: `<instance>/<yyyy>/<mm>/<message id>`, in which nothing is anybody else's word. */
export const MediaKey = Schema.String.check(
  Schema.isPattern(/^\d{1,10}\/\d{4}\/\d{2}\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u)
).pipe(Schema.brand("MediaKey"))
export type MediaKey = typeof MediaKey.Type

export class MediaFile extends Schema.Class<MediaFile>("MediaFile")({
  messageId: MessageId,
  instanceId: InstanceId,
  /** Meta's id of it, under which Meta tells an address. */
  metaId: Schema.String,
  kind: InboundMediaKind,
  mimeType: Schema.Option(Schema.String),
  /** Of the bytes; in base64 as webhooks tell it, in hexadecimal as others do. */
  sha256: Schema.Option(Schema.String),
  filename: Schema.Option(Schema.String),
  state: MediaState,
  /** How often somebody has set about fetching it, the one under way included. */
  attempts: Schema.Int,
  /** Not to be fetched before. */
  nextAt: Schema.DateTimeUtc,
  /** When we heard of it. */
  receivedAt: Schema.DateTimeUtc,
  stored: Schema.Option(
    Schema.Struct({
      key: MediaKey,
      /** Bytes. */
      size: Schema.Int
    })
  ),
  /** Why it is not here: `Meta's error 131052`, `status 503`. */
  reason: Schema.Option(Schema.String)
}) {}

/** Of one message there is one file, so that fetching it twice writes the same place twice. */
export const keyOf = ({ instanceId, messageId, receivedAt }: MediaFile): MediaKey => {
  const { month, year } = partsOf(receivedAt)
  return MediaKey.make(`${instanceId}/${year}/${month}/${messageId.toLowerCase()}`)
}

const partsOf = (at: MediaFile["receivedAt"]) => {
  const [year = "", month = ""] = new Date(at.epochMilliseconds).toISOString().split("-")
  return { year, month }
}

const token = String.raw`[\w!#$&^.+-]{1,127}`
const parameter = String.raw`; ?${token}=(?:${token}|"[\w !#$&^.+/:,=-]{0,127}")`
const mime = new RegExp(`^${token}/${token}(?:${parameter}){0,4}$`, "u")

/** `text` where it is a MIME type that may stand in a header. */
export const asMimeType = (text: string): Option.Option<string> => (mime.test(text) ? Option.some(text) : Option.none())

/** What nobody has named, or named in words that are no type. */
export const anyType = "application/octet-stream"

/** What the file is, as far as that may be repeated. */
export const contentTypeOf = ({ mimeType }: MediaFile): string =>
  Option.getOrElse(Option.flatMap(mimeType, asMimeType), () => anyType)

const extensions = new Map(
  Object.values(rules).flatMap(({ types }) =>
    Object.entries(types).map(([type, [extension = ""]]) => [type, extension] as const)
  )
).set("image/webp", "webp")

const extensionOf = (contentType: string): string | undefined =>
  extensions.get(contentType.split(";", 1)[0]?.toLowerCase() ?? "")

// What a file's name may not have: control characters, the marks that turn text around, and what parts a path.
const unfit = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/gu

/** The name to keep it under: the sender's, made fit for a file, or one of ours. */
export const nameOf = (file: MediaFile): string => {
  const given = Option.getOrElse(file.filename, () => "")
    .toWellFormed()
    .replace(unfit, "_")
    .replace(/^[\s.]+|[\s.]+$/gu, "")
  if (given !== "") return Array.from(given).slice(-200).join("")
  const extension = extensionOf(contentTypeOf(file))
  return extension === undefined ? file.messageId : `${file.messageId}.${extension}`
}
