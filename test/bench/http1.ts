/**
 * The least of HTTP/1.1 that a measurement needs, on plain sockets, so that what is measured is the server
 * and not its client: messages with a Content-Length, one at a time per connection.
 */

const separator = Buffer.from("\r\n\r\n")

const lengthOf = (head: string): number => {
  const found = /\r\ncontent-length: *(\d+)/iu.exec(head)
  if (found === null) throw new Error(`a message without Content-Length: ${head}`)
  return Number(found[1])
}

/** Cuts a stream of bytes into messages and hands on each one's head and body. */
export const messages = (onMessage: (head: string, body: Buffer) => void) => {
  let pending: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): void => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (true) {
      const end = pending.indexOf(separator)
      if (end === -1) return
      const head = pending.toString("latin1", 0, end)
      const total = end + separator.length + lengthOf(head)
      if (pending.length < total) return
      const body = pending.subarray(end + separator.length, total)
      pending = pending.subarray(total)
      onMessage(head, body)
    }
  }
}
