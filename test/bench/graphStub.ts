/** The least Graph API there can be: accepts every message after `delay` milliseconds. A process of its own. */
import { createServer } from "node:net"
import { messages } from "./http1.ts"

const delay = Number(process.argv[2] ?? 0)
let count = 0

const accepted = (): string => {
  count += 1
  const body = JSON.stringify({
    messaging_product: "whatsapp",
    contacts: [{ input: "+5511978049825", wa_id: "5511978049825" }],
    messages: [
      { id: `wamid.HBgNNTUxMTk3ODA0OTgyNRUCABEYEjAw${String(count).padStart(12, "0")}`, message_status: "accepted" }
    ]
  })
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on(
    "data",
    messages(() => {
      if (delay === 0) socket.write(accepted())
      else setTimeout(() => socket.write(accepted()), delay)
    })
  )
  socket.on("error", () => socket.destroy())
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`ready ${typeof address === "object" && address !== null ? address.port : ""}\n`)
})
