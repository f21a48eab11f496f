/** The least Graph API there can be: accepts every message after `delay` milliseconds. A process of its own. */
import { createServer } from "node:http"

const delay = Number(process.argv[2] ?? 0)
let count = 0

const server = createServer((request, response) => {
  request.resume()
  request.on("end", () => {
    count += 1
    const body = JSON.stringify({
      messaging_product: "whatsapp",
      contacts: [{ input: "+5511978049825", wa_id: "5511978049825" }],
      messages: [
        { id: `wamid.HBgNNTUxMTk3ODA0OTgyNRUCABEYEjAw${String(count).padStart(12, "0")}`, message_status: "accepted" }
      ]
    })
    const answer = () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
      response.end(body)
    }
    if (delay === 0) answer()
    else setTimeout(answer, delay)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`ready ${typeof address === "object" && address !== null ? address.port : ""}\n`)
})
