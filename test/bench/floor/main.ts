/**
 * The floor: the least code that does the same durable work by hand. One SQL statement before the Graph
 * call and one after it, each prepared and committed by itself. It validates nothing, explains nothing
 * and protects from nothing; it is what a hurried integrator would write well.
 */
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import { Pool as Database } from "pg"
import { Pool } from "undici"

const [databaseUrl = "", graphUrl = "", connections = "10"] = process.argv.slice(2)
const db = new Database({ connectionString: databaseUrl, max: Number(connections) })
const graph = new Pool(graphUrl, { connections: 512, pipelining: 1 })

const reserve = `
  with known as (
    select id from contact where instance_id = $1 and identity_key = $2
  ), made as (
    insert into contact (instance_id, number, identity_key, created_at)
    select $1, $2, $2, $9 where not exists (select from known)
    on conflict (instance_id, identity_key) do update set number = excluded.number
    returning id
  ), person as (
    select id from known union all select id from made
  ), open as (
    select id from conversation where contact_id = (select id from person) and closed_at is null
  ), opened as (
    insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
    select $1, (select id from person), $3, $4, $9 where not exists (select from open)
    on conflict (contact_id) where closed_at is null do update set queue_id = excluded.queue_id
    returning id
  ), written as (
    insert into message (id, instance_id, contact_id, conversation_id, kind, text, template_id, variables, created_at)
    select $5, $1, (select id from person), (select id from open union all select id from opened), 'template', $7, 15, $8, $9
  )
  insert into attempt (id, message_id, instance_id, reserved_at) values ($6, $5, $1, $9)`

const settle = `
  with gone as (
    delete from attempt where id = $1 returning message_id, instance_id
  )
  insert into outcome (attempt_id, message_id, instance_id, status, wamid, wa_id, calls, settled_at)
  select $1, message_id, instance_id, 'accepted', $2, $3, 1, $4 from gone`

const handle = async (text: string): Promise<string> => {
  const { number, queue_id, status_id, variables } = JSON.parse(text)
  const messageId = randomUUID()
  const attemptId = randomUUID()
  const rendered = `Olá ${variables.nome}, o código do seu pedido é ${variables.codigo}. Obrigado pela preferência!`
  await db.query({
    name: "reserve",
    text: reserve,
    values: [4, number, queue_id, status_id, messageId, attemptId, rendered, JSON.stringify(variables), new Date()]
  })
  const answer = await graph.request({
    method: "POST",
    path: "/v25.0/106540352242922/messages",
    headers: { "content-type": "application/json", authorization: "Bearer token" },
    body: JSON.stringify({
      messaging_product: "whatsapp",
      to: `+${number}`,
      type: "template",
      template: {
        name: "codigo_pedido",
        language: { code: "pt_BR" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: variables.nome },
              { type: "text", text: variables.codigo }
            ]
          }
        ]
      },
      biz_opaque_callback_data: attemptId
    })
  })
  const { contacts, messages } = JSON.parse(await answer.body.text())
  await db.query({ name: "settle", text: settle, values: [attemptId, messages[0].id, contacts[0].wa_id, new Date()] })
  return JSON.stringify({ success: true, message_id: messages[0].id })
}

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    handle(Buffer.concat(chunks).toString()).then(
      (body) =>
        response
          .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
          .end(body),
      (error: unknown) => response.writeHead(500).end(String(error))
    )
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`ready ${typeof address === "object" && address !== null ? address.port : ""}\n`)
})
