/** Small files that customers send: real ones of their type, each different. */
export type SampleKind = "image" | "audio" | "video" | "document" | "sticker"

export interface SampleFile {
  /** As a telephone writes it. */
  readonly mimeType: string
  readonly bytes: Uint8Array
}

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64"
)

const webp = Buffer.from("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", "base64")

/** Twenty milliseconds of silence: an Ogg stream of Opus. */
const ogg = Buffer.from(
  "T2dnUwACAAAAAAAAAABFRElBAAAAANnyGtQBE09wdXNIZWFkAQE4AYC7AAAAAABPZ2dTAAAAAAAAAAAAAEVESUEBAAAA1deytwEWT3B1c1RhZ3MGAAAAYWlkZXNrAAAAAE9nZ1MABMADAAAAAAAARURJQQIAAAB87SBNAQP4//4=",
  "base64"
)

const box = (type: string, content: string): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(8 + content.length)
  return Buffer.concat([head, Buffer.from(type + content, "latin1")])
}

/** A container with nothing to play in it. */
const mp4 = box("ftyp", "mp42\0\0\0\0mp42isom")

const pdf = (text: string): Buffer => {
  const drawn = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
  ]
  let body = "%PDF-1.4\n"
  const offsets = objects.map((object, position) => {
    const offset = body.length
    body += `${position + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, "0")} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`
  return Buffer.from(
    `${body}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    "latin1"
  )
}

/** What stands after the end of these files is passed over by whoever shows them. */
const signed = (file: Buffer, name: string): Uint8Array => new Uint8Array(Buffer.concat([file, Buffer.from(name)]))

/** A file of this kind, with `name` (ASCII) in it. */
export const sampleFile = (kind: SampleKind, name: string): SampleFile => {
  switch (kind) {
    case "image":
      return { mimeType: "image/png", bytes: signed(png, name) }
    case "sticker":
      return { mimeType: "image/webp", bytes: signed(webp, name) }
    case "audio":
      return { mimeType: "audio/ogg; codecs=opus", bytes: signed(ogg, name) }
    case "video":
      return { mimeType: "video/mp4", bytes: new Uint8Array(Buffer.concat([mp4, box("free", name)])) }
    case "document":
      return { mimeType: "application/pdf", bytes: new Uint8Array(pdf(name)) }
  }
}
