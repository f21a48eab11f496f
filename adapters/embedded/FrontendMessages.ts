import { Buffer } from "node:buffer"

/** The first four bytes after the length of an untyped message: what the client wants before anything else. */
const requests = { cancel: 80_877_102, ssl: 80_877_103, gssenc: 80_877_104 }
const terminate = 0x58

/** What the client of a session wants next, see PostgreSQL's "Message Flow". */
export type Request =
  | { readonly kind: "Start"; readonly message: Buffer }
  | { readonly kind: "Encrypt" }
  | { readonly kind: "Cancel" }
  | { readonly kind: "Execute"; readonly messages: Buffer }
  | { readonly kind: "Terminate" }

/**
 * Cuts what a client of the PostgreSQL protocol writes, in chunks of any size, into requests. All whole messages that
 * have arrived make one `Execute`, without a copy where they came in one chunk; a long message that arrives in many
 * chunks is put together once.
 */
export class FrontendMessages {
  private chunks: Array<Buffer> = []
  private size = 0
  /** Bytes without which looking again is in vain. */
  private needed = 8
  private started = false

  push(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.size += chunk.length
  }

  /** `undefined`: more has to arrive first. Throws on a length that no message can have. */
  next(): Request | undefined {
    if (this.size < this.needed) return undefined
    const [first] = this.chunks
    const bytes = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks, this.size)
    return this.started ? this.typed(bytes) : this.untyped(bytes)
  }

  private keep(rest: Buffer, needed: number): void {
    this.chunks = rest.length === 0 ? [] : [rest]
    this.size = rest.length
    this.needed = needed
  }

  private untyped(bytes: Buffer): Request | undefined {
    const length = bytes.readInt32BE(0)
    if (length < 8) throw new Error(`a start-up message of ${length} bytes`)
    if (bytes.length < length) {
      this.keep(bytes, length)
      return undefined
    }
    const code = bytes.readInt32BE(4)
    const encrypt = code === requests.ssl || code === requests.gssenc
    this.started = !encrypt
    this.keep(bytes.subarray(length), encrypt ? 8 : 5)
    if (encrypt) return { kind: "Encrypt" }
    if (code === requests.cancel) return { kind: "Cancel" }
    return { kind: "Start", message: bytes.subarray(0, length) }
  }

  private typed(bytes: Buffer): Request | undefined {
    let end = 0
    let needed = 5
    while (end + 5 <= bytes.length) {
      if (bytes[end] === terminate) {
        // Not a message that may share a call: the database would leave in the middle of it.
        if (end === 0) {
          this.keep(bytes.subarray(5), 5)
          return { kind: "Terminate" }
        }
        break
      }
      const length = 1 + bytes.readInt32BE(end + 1)
      if (length < 5) throw new Error(`a message of ${length} bytes`)
      if (end + length > bytes.length) {
        needed = length
        break
      }
      end += length
    }
    this.keep(bytes.subarray(end), needed)
    return end === 0 ? undefined : { kind: "Execute", messages: bytes.subarray(0, end) }
  }
}
