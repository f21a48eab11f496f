import { Option } from "effect"

/**
 * `wamid.` and the base64 of a small binary frame (Thrift's compact protocol) that holds whom the message goes to and
 * an id. Anybody can read a recipient's number out of a `wamid`, which is why it belongs in no log. The frame is the one
 * that Meta's published `wamid`s decode to: `wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA` is
 * `16467043595` and `5F425A74F13033492A`.
 *
 * At most 128 characters, as Meta promises.
 */
const prefix = "wamid."
const openContact = Buffer.from([0x1c, 0x18])
const closeContact = Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18])
const end = Buffer.from([0x00])

/** Longest recipient that still leaves the whole within Meta's 128 characters. */
const longestRecipient = 40

const sized = (text: string): Buffer => {
  const bytes = Buffer.from(text, "latin1")
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

/** A `wamid` for `recipient` (digits of a phone number; of a business-scoped id the first characters) and `id`. */
export const encode = (recipient: string, id: string): string =>
  prefix +
  Buffer.concat([openContact, sized(recipient.slice(0, longestRecipient)), closeContact, sized(id), end]).toString(
    "base64"
  )

/** What a `wamid` carries, or none if it is no `wamid` of this form. */
export const decode = (wamid: string): Option.Option<{ readonly recipient: string; readonly id: string }> => {
  if (!wamid.startsWith(prefix)) return Option.none()
  const frame = Buffer.from(wamid.slice(prefix.length), "base64")
  const recipientEnd = 3 + (frame[2] ?? 0)
  const idStart = recipientEnd + closeContact.length + 1
  const idEnd = idStart + (frame[idStart - 1] ?? 0)
  const wellFormed =
    frame.subarray(0, 2).equals(openContact) &&
    frame.subarray(recipientEnd, idStart - 1).equals(closeContact) &&
    frame.length === idEnd + 1
  return wellFormed
    ? Option.some({
        recipient: frame.toString("latin1", 3, recipientEnd),
        id: frame.toString("latin1", idStart, idEnd)
      })
    : Option.none()
}
