import type { Keep } from "./CustomerContent.ts"
import type { Media } from "./Media.ts"
import { mediaAddress } from "./MediaRoutes.ts"
import { sampleFile } from "./SampleFiles.ts"

/** Keeps what customers send with all other files. `base`: where the simulator listens, once it does. */
export const keeper = (media: Media, base: () => string): Keep => {
  let sent = 0
  return (kind, { data, mime_type }, now) => {
    sent += 1
    const sample = sampleFile(kind, `arquivo ${sent}`)
    const bytes = data === undefined ? sample.bytes : new Uint8Array(Buffer.from(data, "base64"))
    const kept = media.receive(mime_type ?? sample.mimeType, bytes, now)
    return { media: kept, url: mediaAddress(kept, base(), now) }
  }
}
