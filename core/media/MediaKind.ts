/**
 * The kinds of media WhatsApp delivers, what each may be and how large.
 *
 * Source: Meta, "Media" (supported types and size limits); captions: "Image/Video/Document messages".
 */
import { Schema } from "effect"

export const MediaKind = Schema.Literals(["image", "video", "audio", "document"])
export type MediaKind = typeof MediaKind.Type

const megabyte = 1024 * 1024

interface Rule {
  readonly maxBytes: number
  readonly captioned: boolean
  /** MIME type → the file extensions that mean it. */
  readonly types: { readonly [mime: string]: ReadonlyArray<string> }
}

export const rules: { readonly [kind in MediaKind]: Rule } = {
  image: {
    maxBytes: 5 * megabyte,
    captioned: true,
    types: { "image/jpeg": ["jpg", "jpeg"], "image/png": ["png"] }
  },
  video: {
    maxBytes: 16 * megabyte,
    captioned: true,
    types: { "video/mp4": ["mp4"], "video/3gpp": ["3gp", "3gpp"] }
  },
  audio: {
    maxBytes: 16 * megabyte,
    captioned: false,
    types: {
      "audio/aac": ["aac"],
      "audio/amr": ["amr"],
      "audio/mpeg": ["mp3"],
      "audio/mp4": ["m4a"],
      "audio/ogg": ["ogg", "opus"]
    }
  },
  document: {
    maxBytes: 100 * megabyte,
    captioned: true,
    types: {
      "application/pdf": ["pdf"],
      "text/plain": ["txt"],
      "application/msword": ["doc"],
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
      "application/vnd.ms-excel": ["xls"],
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
      "application/vnd.ms-powerpoint": ["ppt"],
      "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"]
    }
  }
}

const kinds = MediaKind.literals

const byExtension = new Map<string, MediaKind>(
  kinds.flatMap((kind) =>
    Object.values(rules[kind].types)
      .flat()
      .map((extension) => [extension, kind] as const)
  )
)

const byMime = new Map<string, MediaKind>(
  kinds.flatMap((kind) => Object.keys(rules[kind].types).map((mime) => [mime, kind] as const))
)

export const ofExtension = (extension: string): MediaKind | undefined => byExtension.get(extension.toLowerCase())

export const ofMime = (mime: string): MediaKind | undefined => byMime.get(mime.toLowerCase())

/** The greatest caption Meta accepts, in characters. */
export const captionLimit = 1024
