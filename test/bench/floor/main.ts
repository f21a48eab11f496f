/**
 * The floor: the least code that does the same work by hand. One SQL statement before the Graph call (who asks,
 * which template, queue and status, then contact, conversation, message and attempt) and one after it (the outcome, and
 * the event that tells of it), each prepared and committed by itself. It keeps nothing in memory, explains no failure
 * and protects from none; it is what a hurried integrator would write well.
 */
import { createHash, randomUUID } from "node:crypto"
import { createServer } from "node:http"
import { Pool as Database } from "pg"
import { Pool } from "undici"

const [databaseUrl = "", graphUrl = "", connections = "10"] = process.argv.slice(2)
const db = new Database({ connectionString: databaseUrl, max: Number(connections) })
const graph = new Pool(graphUrl, { connections: 512, pipelining: 1 })

const reserve = `
  with asked as (
    select k.instance_id, i.phone_number_id, t.name, t.language,
      replace(replace(t.components -> 0 ->> 'text', '{{nome}}', $7), '{{codigo}}', $8) as text
    from api_key k
    join instance i on i.id = k.instance_id
    join template t on t.instance_id = i.id and t.id = $11 and t.status = 'APPROVED'
    join queue q on q.instance_id = i.id and q.id = $3
    join conversation_status s on s.instance_id = i.id and s.id = $4
    where k.hash = $1 and k.revoked_at is null
  ), known as (
    select c.id from asked a join contact c on c.instance_id = a.instance_id and c.identity_key = $2
  ), made as (
    insert into contact (instance_id, number, identity_key, created_at)
    select instance_id, $2, $2, $10 from asked where not exists (select from known)
    on conflict (instance_id, identity_key) do update set number = excluded.number
    returning id
  ), person as (
    select id from known union all select id from made
  ), open as (
    select id from conversation where contact_id = (select id from person) and closed_at is null
  ), opened as (
    insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
    select instance_id, (select id from person), $3, $4, $10 from asked where not exists (select from open)
    on conflict (contact_id) where closed_at is null do update set queue_id = excluded.queue_id
    returning id
  ), written as (
    insert into message (id, instance_id, contact_id, conversation_id, kind, text, template_id, variables, created_at)
    select $5, instance_id, (select id from person), (select id from open union all select id from opened),
      'template', text, $11, $9, $10
    from asked
  ), attempted as (
    insert into attempt (id, message_id, instance_id, reserved_at) select $6, $5, instance_id, $10 from asked
  )
  select phone_number_id, name, language from asked`

const settle = `
  with gone as (
    delete from attempt where id = $1::uuid returning message_id, instance_id
  ), told as (
    insert into event (id, instance_id, type, at, message_id)
    select 'evt_' || $1::text, instance_id, 'message.accepted', $4, message_id from gone
  )
  insert into outcome (attempt_id, message_id, instance_id, status, wamid, wa_id, calls, settled_at)
  select $1::uuid, message_id, instance_id, 'accepted', $2, $3, 1, $4 from gone`

const handle = async (apiKey: string, text: string): Promise<string> => {
  const { number, queue_id, status_id, template_id, variables } = JSON.parse(text)
  const messageId = randomUUID()
  const attemptId = randomUUID()
  const { rows } = await db.query({
    name: "reserve",
    text: reserve,
    values: [
      createHash("sha256").update(apiKey).digest("hex"),
      number,
      queue_id,
      status_id,
      messageId,
      attemptId,
      variables.nome,
      variables.codigo,
      JSON.stringify(variables),
      new Date(),
      template_id
    ]
  })
  const { language, name, phone_number_id } = rows[0]
  const answer = await graph.request({
    method: "POST",
    path: `/v25.0/${phone_number_id}/messages`,
    headers: { "content-type": "application/json", authorization: "Bearer token" },
    body: JSON.stringify({
      messaging_product: "whatsapp",
      to: `+${number}`,
      type: "template",
      template: {
        name,
        language: { code: language },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", parameter_name: "nome", text: variables.nome },
              { type: "text", parameter_name: "codigo", text: variables.codigo }
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
    handle(String(request.headers.apikey), Buffer.concat(chunks).toString()).then(
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
