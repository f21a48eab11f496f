/** Meta's webhooks as it posts them: signed, and repeated until they are answered by 200. */
import { Effect, Schedule, Schema } from "effect"
import { createHmac } from "node:crypto"
import * as Http from "./Http.ts"

export const secret = "segredo-do-app"

const signed = (body: string) => ({
  "content-type": "application/json",
  "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`
})

const post = (url: string, payload: unknown) => {
  const body = JSON.stringify(payload)
  return Http.send(url, { path: "/webhooks/whatsapp", headers: signed(body), body })
}

class NotTaken extends Schema.TaggedError<NotTaken>()("NotTaken", { status: Schema.Int }) {}

/** As Meta does it: what is not answered by 200 comes again. `url` is asked anew each time. */
export const deliver = (url: () => string, payload: unknown) =>
  Effect.suspend(() => post(url(), payload)).pipe(
    Effect.flatMap(({ status }) => (status === 200 ? Effect.void : Effect.fail(new NotTaken({ status })))),
    Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: "30 seconds" }))),
    Effect.orDie
  )

interface BusinessNumber {
  readonly phoneNumberId: string
}

/** Of one business number, whatever account it is of. */
const payload = ({ phoneNumberId }: BusinessNumber, lists: object) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "1",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "551132100000", phone_number_id: phoneNumberId },
            ...lists
          }
        }
      ]
    }
  ]
})

interface Told {
  readonly wamid: string
  readonly status: string
  /** Seconds since 1970. */
  readonly at?: number
  readonly attemptId?: string
}

const seconds = () => Math.floor(Date.now() / 1000)

export const statuses = (number: BusinessNumber, ...told: ReadonlyArray<Told>) =>
  payload(number, {
    statuses: told.map(({ at = seconds(), attemptId, status, wamid }) => ({
      id: wamid,
      status,
      timestamp: String(at),
      ...(attemptId === undefined ? {} : { biz_opaque_callback_data: attemptId })
    }))
  })

export const text = (number: BusinessNumber, from: string, body: string, wamid: string) =>
  payload(number, {
    contacts: [{ profile: { name: "Joana" }, wa_id: from }],
    messages: [{ id: wamid, from, timestamp: String(seconds()), type: "text", text: { body } }]
  })
