/** The forms in which a text may stand in a log without being seen at a glance. */

/** What base64 makes of `bytes` wherever they stand in something longer: of each of the three alignments, the sure part. */
const base64Of = (bytes: Buffer): ReadonlyArray<string> =>
  [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  )

const disguisesOf = (text: string): ReadonlyArray<string> => {
  const bytes = Buffer.from(text)
  const base64 = base64Of(bytes)
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    ...base64,
    ...base64.map((encoded) => encoded.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase()
  ]
}

/** In which form `text` stands in `log`, if in any. */
export const found = (log: string, text: string): string | undefined =>
  disguisesOf(text).find((disguise) => log.includes(disguise))
