import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Buffer } from "node:buffer"
import { FrontendMessages } from "../../adapters/embedded/FrontendMessages.ts"

const untyped = (code: number, body = ""): Buffer => {
  const message = Buffer.alloc(8 + body.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(code, 4)
  message.write(body, 8)
  return message
}

const typed = (type: string, body: Uint8Array): Buffer => {
  const header = Buffer.alloc(5)
  header.write(type, 0)
  header.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([header, body])
}

const startUp = untyped(196_608, "user\0postgres\0\0")
const query = typed("Q", Buffer.from("select 1\0"))

const read = (chunks: ReadonlyArray<Buffer>): ReadonlyArray<string> => {
  const messages = new FrontendMessages()
  const seen: Array<string> = []
  let executed = ""
  for (const chunk of chunks) {
    messages.push(chunk)
    for (let request = messages.next(); request !== undefined; request = messages.next()) {
      // However the messages were cut into calls, it is the same work.
      if (request.kind === "Execute") executed += request.messages.toString("latin1")
      else seen.push(executed, request.kind)
      if (request.kind !== "Execute") executed = ""
    }
  }
  return [...seen, executed].filter((part) => part !== "")
}

describe("a client's messages to the embedded database", () => {
  it("are handed over in one piece where they come in one piece", () => {
    const messages = new FrontendMessages()
    messages.push(Buffer.concat([startUp, query, query, query.subarray(0, 7)]))
    assert.deepStrictEqual(messages.next(), { kind: "Start", message: startUp })
    assert.deepStrictEqual(messages.next(), { kind: "Execute", messages: Buffer.concat([query, query]) })
    assert.isUndefined(messages.next())
    messages.push(query.subarray(7))
    assert.deepStrictEqual(messages.next(), { kind: "Execute", messages: query })
  })

  it.prop(
    "arrive whole, in order and once, wherever the chunks are cut",
    [
      Schema.Array(Schema.Uint8Array.check(Schema.isMaxLength(40))).check(Schema.isMaxLength(8)),
      Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30 })))
    ],
    ([bodies, cuts]) => {
      const sent = bodies.map((body) => typed("B", body))
      const bytes = Buffer.concat([untyped(80_877_103), startUp, ...sent, typed("X", Buffer.alloc(0))])
      const chunks: Array<Buffer> = []
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = cuts[turn % cuts.length] ?? 1
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      assert.deepStrictEqual(
        read(chunks),
        ["Encrypt", "Start", Buffer.concat(sent).toString("latin1"), "Terminate"].filter((part) => part !== "")
      )
    }
  )

  it("are a cancellation when that is the first one", () => {
    assert.deepStrictEqual(read([untyped(80_877_102, "pid+key!")]), ["Cancel"])
  })

  it("are not believed when they claim an impossible length", () => {
    const messages = new FrontendMessages()
    messages.push(Buffer.concat([startUp, Buffer.from([0x51, 0, 0, 0, 3])]))
    messages.next()
    assert.throws(() => messages.next(), "a message of 4 bytes")
  })

  it("of many chunks cost no more than their bytes", () => {
    const body = Buffer.alloc(32 * 1024 * 1024)
    const message = typed("B", body)
    const messages = new FrontendMessages()
    messages.push(startUp)
    messages.next()
    const cutAt = 4096
    // Copying all that has come at each of the 8,192 chunks would be 128 GiB.
    for (let at = 0; at < message.length; at += cutAt) {
      assert.isUndefined(messages.next())
      messages.push(message.subarray(at, at + cutAt))
    }
    assert.strictEqual(messages.next()?.kind, "Execute")
  })
})
