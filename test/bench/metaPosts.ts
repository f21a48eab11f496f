/** What Meta posts, as bytes that are ready to be written to a socket: whole requests, signed. */
import { createHmac } from "node:crypto"
import * as demo from "../../apps/standalone/demoData.ts"

/** Of the simulator, for the instance is a simulated one. */
export const secret = "bench-app-secret"

/** A message that was sent. */
export interface Sent {
  readonly wamid: string
  readonly attemptId: string
  readonly number: string
}

export type Status = "sent" | "delivered" | "read"
export const statuses: ReadonlyArray<Status> = ["sent", "delivered", "read"]

const seconds = (): string => String(Math.floor(Date.now() / 1000))

const statusOf = ({ attemptId, number, wamid }: Sent, status: Status) => ({
  id: wamid,
  status,
  timestamp: seconds(),
  recipient_id: number,
  biz_opaque_callback_data: attemptId,
  pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" }
})

const payload = (contents: object) =>
  JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: demo.instance.wabaId,
        changes: [
          {
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "551130000000", phone_number_id: demo.instance.phoneNumberId },
              ...contents
            },
            field: "messages"
          }
        ]
      }
    ]
  })

const request = (body: string): Buffer => {
  const signature = createHmac("sha256", secret).update(body).digest("hex")
  return Buffer.from(
    "POST /webhooks/whatsapp HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: facebookexternalua\r\n" +
      `content-type: application/json\r\nx-hub-signature-256: sha256=${signature}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/** One request that tells of each of these. */
export const statusPost = (told: ReadonlyArray<readonly [sent: Sent, status: Status]>): Buffer =>
  request(payload({ statuses: told.map(([sent, status]) => statusOf(sent, status)) }))

let written = 0

/** One customer writes. */
export const textPost = (number: string): Buffer => {
  written += 1
  return request(
    payload({
      contacts: [{ profile: { name: "Maria Souza" }, wa_id: number }],
      messages: [
        {
          from: number,
          id: `wamid.HBgNbenchInbound${process.pid}${String(written).padStart(10, "0")}`,
          timestamp: seconds(),
          text: { body: "Oi, quero saber do meu pedido." },
          type: "text"
        }
      ]
    })
  )
}
