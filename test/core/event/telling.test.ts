import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import type { StoredEvent } from "../../../core/event/StoredEvent.ts"
import { told } from "../../../core/event/telling.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { outgoing, type Settled } from "../../../core/message/MessageDetail.ts"

const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
const messageId = MessageId.make("019f0c5e-7b1a-7cc3-9d5e-3f2a1b4c5d6e")
const instanceId = InstanceId.make(4)

const event = (given: Partial<StoredEvent>): StoredEvent => ({
  id: "evt_1",
  instanceId,
  type: "message.unresolved",
  at,
  messageId: undefined,
  contactId: undefined,
  data: undefined,
  ...given
})

const settledAs = (status: "held" | "unknown"): Settled => ({
  event: { _tag: "Outcome", status, at },
  wamid: status === "held" ? "wamid.X" : undefined,
  calls: 1,
  reason: undefined
})

const message = (settled: Settled) =>
  outgoing({
    id: messageId,
    instanceId,
    contactId: ContactId.make(53),
    conversation: undefined,
    kind: "text",
    text: "Olá",
    mediaUrl: undefined,
    templateId: undefined,
    campaignId: undefined,
    settled,
    heard: []
  })

describe("An event", () => {
  it("of a status that is no part of the history tells of the message and of when it was so", () => {
    const { data } = told(event({ messageId }), message(settledAs("unknown")))
    assert.deepInclude(data, {
      message_id: messageId,
      status: "unresolved",
      at: DateTime.formatIso(at),
      error: null,
      cost: null,
      wamid: null,
      conversation_id: null
    })
  })

  it("of a message that is held tells that it was accepted", () => {
    const { data } = told(event({ type: "message.accepted", messageId }), message(settledAs("held")))
    assert.deepInclude(data, { status: "accepted", wamid: "wamid.X" })
  })

  it("of a message that is kept no longer still names it", () => {
    assert.deepStrictEqual(told(event({ messageId }), undefined).data, { message_id: messageId })
  })

  it("of a contact names the one that it is now, whatever was written down", () => {
    const stored = event({
      type: "contact.merged",
      contactId: ContactId.make(53),
      data: { contact_id: 87, retired: [87] }
    })
    assert.deepStrictEqual(told(stored, undefined).data, { contact_id: 53, retired: [87] })
  })
})
