/** What becomes of messages that we sent, as it stands in `statuses`. */
import { customer } from "./envelope.ts"

export const attemptId = "0199c3a0-52f1-7c3e-9d7a-3f1b8a6d2c44"

const to = { recipient_id: customer.waId, recipient_user_id: customer.userId }

const utility = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" }

export const statuses = {
  sent: {
    ...to,
    id: "wamid.OUT_1",
    status: "sent",
    timestamp: "1790000001",
    biz_opaque_callback_data: attemptId,
    pricing: utility
  },
  delivered: { ...to, id: "wamid.OUT_1", status: "delivered", timestamp: "1790000003", pricing: utility },
  read: { ...to, id: "wamid.OUT_1", status: "read", timestamp: "1790000060" },
  played: { ...to, id: "wamid.OUT_4", status: "played", timestamp: "1790000090" },
  free: {
    ...to,
    id: "wamid.OUT_5",
    status: "sent",
    timestamp: "1790000010",
    conversation: { id: "f0a1", expiration_timestamp: "1790259200", origin: { type: "referral_conversion" } },
    pricing: { billable: false, pricing_model: "PMP", type: "free_entry_point", category: "referral_conversion" }
  },
  failed: {
    id: "wamid.OUT_6",
    status: "failed",
    timestamp: "1790000020",
    recipient_id: customer.waId,
    errors: [
      {
        code: 131026,
        title: "Message undeliverable",
        message: "Message undeliverable",
        error_data: { details: "Message Undeliverable." },
        href: "/documentation/error-codes"
      }
    ]
  },
  stopped: {
    id: "wamid.OUT_7",
    status: "failed",
    timestamp: "1790000021",
    recipient_id: customer.waId,
    errors: [{ code: 131050, title: "User has stopped receiving marketing messages" }]
  },
  withoutNumber: {
    id: "wamid.OUT_8",
    status: "delivered",
    timestamp: 1_790_000_030,
    recipient_user_id: "BR.9920001112223334",
    recipient_parent_user_id: "BR.ENT.5510009998887"
  }
} as const

export const throttled = {
  code: 130429,
  title: "Rate limit hit",
  message: "Rate limit hit",
  error_data: { details: "Too many messages sent from this phone number in a short period of time" }
}
