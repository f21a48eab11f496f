/** What is rare among very many messages: no page looks at all of them, and all pages together find it. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { ConversationId } from "../../core/conversation/Conversation.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import { type MessageFilter, Messages } from "../../core/message/Messages.ts"
import { Fixture } from "../contract/Fixture.ts"
import * as FreshDatabase from "./FreshDatabase.ts"
import { stores } from "./stores.ts"

const live = stores.pipe(Layer.provideMerge(FreshDatabase.layer))

/** More than two pages look at. */
const many = 4500

/** Of one contact in one conversation, all accepted; the oldest was read, in another conversation. */
const begin = Effect.gen(function* () {
  const fixture = yield* Fixture
  const sql = yield* SqlClient.SqlClient
  const { id: instanceId } = yield* fixture.instance
  const { id: contactId } = yield* fixture.contact({ instanceId })
  yield* sql`
    insert into conversation (instance_id, contact_id, opened_at, closed_at)
    values (${instanceId}, ${contactId}, now(), now()), (${instanceId}, ${contactId}, now(), null)`
  yield* sql`
    insert into message (id, instance_id, contact_id, conversation_id, kind, text, created_at)
    select (lpad(to_hex(${instanceId}::int), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      ${instanceId}, ${contactId}, v.id, 'text', 'Olá', now()
    from generate_series(1, ${many}::int) n
    join conversation v on v.contact_id = ${contactId} and (v.closed_at is not null) = (n = 1)`
  yield* sql`
    insert into outcome (attempt_id, message_id, instance_id, status, wamid, calls, settled_at)
    select id, id, instance_id, 'accepted', 'wamid.' || id, 1, created_at from message where instance_id = ${instanceId}`
  yield* sql`
    insert into message_status (message_id, status, at, received_at, wamid, errors)
    select message_id, 'read', settled_at, settled_at, wamid, '[]' from outcome
    where instance_id = ${instanceId} order by message_id limit 1`
  yield* sql`
    insert into message_state (message_id, instance_id, status, wamid, at)
    select message_id, instance_id, 'read', wamid, settled_at from outcome
    where instance_id = ${instanceId} order by message_id limit 1`
  return { instanceId, contactId }
})

const pages = Effect.fnUntraced(function* (instanceId: InstanceId, filter: MessageFilter) {
  const messages = yield* Messages
  const sizes: Array<number> = []
  const ids: Array<MessageId> = []
  let before: MessageId | undefined
  do {
    const page = yield* messages.list(instanceId, filter, { before, limit: 50 })
    sizes.push(page.messages.length)
    ids.push(...page.messages.map(({ id }) => id))
    before = page.next
  } while (before !== undefined)
  return { sizes, ids }
})

layer(live, { timeout: "60 seconds" })("A rare message among many", (it) => {
  it.effect("is found over short pages, whichever way the list is followed", () =>
    Effect.gen(function* () {
      const { contactId, instanceId } = yield* begin
      const ids = [`${instanceId.toString(16).padStart(8, "0")}-0000-7000-8000-000000000001`]
      const expected = { sizes: [0, 0, 1], ids }
      assert.deepStrictEqual(yield* pages(instanceId, { status: "read" }), expected)
      assert.deepStrictEqual(yield* pages(instanceId, { status: "read", contactId }), expected)
      const sql = yield* SqlClient.SqlClient
      const [closed] = yield* sql<{ readonly id: number }>`
        select id from conversation where contact_id = ${contactId} and closed_at is not null`
      const conversationId = ConversationId.make(closed?.id ?? 0)
      assert.deepStrictEqual(yield* pages(instanceId, { conversationId }), expected)
      assert.deepStrictEqual(yield* pages(instanceId, { status: "played" }), { sizes: [0, 0, 0], ids: [] })
    })
  )

  it.effect("is asked for in no time where there is no message at all", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { contactId, instanceId } = yield* begin
      yield* sql`truncate message, inbound_message`
      assert.deepStrictEqual(yield* pages(instanceId, { contactId }), { sizes: [0], ids: [] })
    })
  )
})
