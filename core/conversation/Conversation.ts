import { Schema } from "effect"

/** What one contact and one instance say to each other until somebody closes it; a contact has one open at a time. */
export const ConversationId = Schema.Int.pipe(Schema.brand("ConversationId"))
export type ConversationId = typeof ConversationId.Type

/** Where conversations wait for a team: "Vendas", "Cobrança". */
export const QueueId = Schema.Int.pipe(Schema.brand("QueueId"))
export type QueueId = typeof QueueId.Type

export class Queue extends Schema.Class<Queue>("Queue")({ id: QueueId, name: Schema.String }) {}

/** How far a conversation has come, in the business's own words: "Novo", "Em atendimento". */
export const StatusId = Schema.Int.pipe(Schema.brand("StatusId"))
export type StatusId = typeof StatusId.Type

export class Status extends Schema.Class<Status>("Status")({ id: StatusId, name: Schema.String }) {}
