import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { openApi } from "../../apps/http/docs/OpenApi.ts"
import { allowedUnder } from "../../apps/http/v1/endpoints.ts"
import * as MessageAnswer from "../../apps/http/v1/MessageAnswer.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { ConversationId, QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { failure } from "../../core/failure/Failure.ts"
import { MetaError } from "../../core/failure/MetaError.ts"
import { Content } from "../../core/inbound/Content.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { MessageId } from "../../core/message/Message.ts"
import { type IncomingDetail, type MessageDetail, outgoing, type Settled } from "../../core/message/MessageDetail.ts"
import type { StatusEvent } from "../../core/message/StatusHistory.ts"
import { validator } from "./JsonSchema.ts"

const document = openApi("https://api.example.com")
const faultsOf = (name: string, value: unknown) =>
  validator(document, { $ref: `#/components/schemas/${name}` }).faultsOf(value)

const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
const known = {
  id: MessageId.make("019f0c5e-7b1a-7cc3-9d5e-3f2a1b4c5d6e"),
  instanceId: InstanceId.make(4),
  contactId: ContactId.make(53),
  conversation: { id: ConversationId.make(7), queueId: QueueId.make(5), statusId: StatusId.make(1), open: true }
}

const settledAs = (status: Settled["event"]["status"]): Settled => ({
  event: {
    _tag: "Outcome",
    status,
    at,
    failure: status === "failed" ? failure("meta_throttled", { retryAfter: 4, field: "number" }) : undefined
  },
  wamid: status === "accepted" ? "wamid.X" : undefined,
  calls: 1,
  reason: status === "unknown" ? "socket hang up" : undefined
})

const told = (status: StatusEvent["status"]): StatusEvent & { readonly wamid: string } => ({
  _tag: "Status",
  status,
  at,
  receivedAt: at,
  errors: status === "failed" ? [new MetaError({ code: 131026, title: "Message undeliverable" })] : [],
  pricing: status === "delivered" ? { category: "utility", type: "regular", billable: true } : {},
  wamid: "wamid.X"
})

const sent = (settled: Settled | undefined, ...heard: ReadonlyArray<ReturnType<typeof told>>): MessageDetail =>
  outgoing({
    ...known,
    kind: "text",
    text: "Olá",
    mediaUrl: undefined,
    templateId: undefined,
    campaignId: undefined,
    settled,
    heard
  })

const received = (content: object, given: Partial<IncomingDetail> = {}): IncomingDetail => ({
  ...known,
  _tag: "Incoming",
  wamid: "wamid.Y",
  text: "Oi",
  content: Schema.decodeUnknownSync(Content)(content),
  context: undefined,
  referral: undefined,
  errors: [],
  at,
  receivedAt: at,
  from: { name: undefined, number: undefined, userId: undefined, username: undefined },
  media: undefined,
  ...given
})

const text = { type: "text", text: { body: "Oi" } }

const messages: ReadonlyArray<readonly [string, MessageDetail]> = [
  ["whose call is under way", sent(undefined)],
  ["that was accepted", sent(settledAs("accepted"))],
  ["that is held", sent(settledAs("held"))],
  ["of which nobody knows", sent(settledAs("unknown"))],
  ["that failed at once", sent(settledAs("failed"))],
  ["that failed beside a delivery", sent(settledAs("accepted"), told("delivered"), told("failed"))],
  ["without a conversation", { ...sent(undefined), conversation: undefined }],
  ["that a contact wrote", received(text)],
  [
    "that a contact sent, with a file, an answer and an ad",
    received(
      { type: "image", image: { id: "1" } },
      {
        media: { state: "pending", mimeType: "image/jpeg", filename: undefined, size: undefined },
        context: { repliedTo: "wamid.X" },
        referral: { sourceType: "ad" },
        errors: [new MetaError({ code: 131052 })]
      }
    )
  ]
]

describe("What the documentation says of look-ups", () => {
  it.each(messages)("describes every member of a message %s", (_, message) => {
    assert.strictEqual(faultsOf("Message", JSON.parse(JSON.stringify(MessageAnswer.encode(message)))), "")
  })

  it("tells of every address of messages, contacts and events, and of no method that they do not have", () => {
    const own = Object.entries(document.paths).filter(([path]) => /^\/v1\/(?:messages|contacts|events)/u.test(path))
    assert.isAtLeast(own.length, 6)
    for (const [path, item] of own) {
      assert.deepStrictEqual(Object.keys(item), ["get"], path)
      assert.strictEqual(allowedUnder(path.replaceAll(/\{\w+\}/gu, "x")), "GET, HEAD", path)
    }
  })
})
