/** `/v1/messages`: what became of messages, and what contacts wrote. */
import { Effect, Option, Schema } from "effect"
import { CampaignId } from "../../../core/campaign/Campaign.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { ConversationId } from "../../../core/conversation/Conversation.ts"
import { failure } from "../../../core/failure/Failure.ts"
import type { Instance } from "../../../core/instance/Instance.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { ShownStatus } from "../../../core/message/MessageDetail.ts"
import { Direction, Messages, nameIn } from "../../../core/message/Messages.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as MessageAnswer from "./MessageAnswer.ts"
import * as Page from "./Page.ts"
import * as Parameter from "./Parameter.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"

const named = Effect.fnUntraced(function* (instance: Instance, text: string) {
  const name = nameIn(text)
  return name === undefined ? Option.none() : yield* (yield* Messages).find(instance.id, name)
})

/** Our id of the message that is called so, by us or by Meta. */
export const idOf = (instance: Instance, text: string) =>
  Effect.map(
    named(instance, text),
    Option.map(({ id }) => id)
  )

export const find = Endpoint.make({
  method: "GET",
  route: "/v1/messages/:id",
  path: Path.of(Schema.Struct({ id: Schema.String }), "message_not_found"),
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
    const found = yield* named(instance, id)
    return Option.isSome(found)
      ? Endpoint.json(200, MessageAnswer.encode(found.value))
      : yield* failure("message_not_found")
  })
})

const Filter = Schema.Struct({
  contact_id: Schema.optionalKey(Parameter.id.pipe(Schema.decodeTo(ContactId))),
  conversation_id: Schema.optionalKey(Parameter.id.pipe(Schema.decodeTo(ConversationId))),
  campaign_id: Schema.optionalKey(Parameter.id.pipe(Schema.decodeTo(CampaignId))),
  status: Schema.optionalKey(ShownStatus),
  direction: Schema.optionalKey(Direction),
  since: Schema.optionalKey(Parameter.time),
  until: Schema.optionalKey(Parameter.time),
  limit: Page.limit,
  cursor: Page.cursor
})

const places = Page.cursorOf(MessageId)

export const list = Endpoint.make({
  method: "GET",
  route: "/v1/messages",
  path: Path.none,
  query: Query.of(Filter, {
    ...Page.sentences,
    contact_id: Parameter.idSentence,
    conversation_id: Parameter.idSentence,
    campaign_id: Parameter.idSentence,
    status: `deve ser um destes: ${ShownStatus.literals.join(", ")}`,
    direction: `deve ser um destes: ${Direction.literals.join(", ")}`,
    since: Parameter.timeSentence,
    until: Parameter.timeSentence
  }),
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, query: { cursor, limit = Page.usual, ...query } }) {
    const before = yield* places.read(cursor)
    const messages = yield* Messages
    const page = yield* messages.list(
      instance.id,
      {
        contactId: query.contact_id,
        conversationId: query.conversation_id,
        campaignId: query.campaign_id,
        status: query.status,
        direction: query.direction,
        since: query.since,
        until: query.until
      },
      { before, limit }
    )
    return Page.answer(
      page.messages.map(MessageAnswer.encode),
      page.next === undefined ? undefined : places.write(page.next)
    )
  })
})
