/** The outgoing messages of a batch of updates: what Meta tells of them is added to what is known. */
import type { DateTime } from "effect"
import { DateTime as Time } from "effect"
import { type StoredEvent, idOfMessageEvent } from "../../event/StoredEvent.ts"
import type { MessageId } from "../../message/Message.ts"
import { type HistoryEvent, type StatusEvent, view } from "../../message/StatusHistory.ts"
import type { StatusUpdate } from "../StatusUpdate.ts"
import type { MessageState, NewStatus } from "./Changes.ts"
import type { KnownMessage } from "./Facts.ts"

interface Story {
  readonly message: KnownMessage
  heard: ReadonlyArray<StatusEvent>
  wamid: string | undefined
}

export interface Histories {
  readonly add: (message: KnownMessage, update: StatusUpdate, receivedAt: DateTime.Utc) => void
  readonly statuses: ReadonlyArray<NewStatus>
  readonly states: () => ReadonlyArray<MessageState>
}

const isSame = (one: StatusEvent, { at, status }: StatusUpdate): boolean =>
  one.status === status && Time.Equivalence(one.at, at)

const eventOf = ({ at, errors, pricing, status }: StatusUpdate, receivedAt: DateTime.Utc): StatusEvent => ({
  _tag: "Status",
  status,
  at,
  receivedAt,
  errors,
  pricing
})

export const make = (known: ReadonlyArray<KnownMessage>, tell: (event: StoredEvent) => void): Histories => {
  const stories = new Map<MessageId, Story>()
  const changed = new Set<Story>()
  const statuses: Array<NewStatus> = []

  for (const message of known) {
    const story: Story = { message, heard: message.heard, wamid: message.wamid }
    stories.set(message.id, story)
  }

  return {
    add: (message, update, receivedAt) => {
      const story = stories.get(message.id)
      if (story === undefined || story.heard.some((event) => isSame(event, update))) return
      const isFirst =
        !story.heard.some(({ status }) => status === update.status) &&
        !(update.status === "failed" && message.outcome?.status === "failed")
      const event = eventOf(update, receivedAt)
      story.heard = [...story.heard, event]
      story.wamid ??= update.wamid
      changed.add(story)
      statuses.push({ ...event, messageId: message.id, wamid: update.wamid })
      if (!isFirst) return
      tell({
        id: idOfMessageEvent(message.id, update.status),
        instanceId: message.instanceId,
        type: `message.${update.status}`,
        at: update.at,
        messageId: message.id,
        contactId: undefined,
        data: undefined
      })
    },

    statuses,

    states: () =>
      [...changed].flatMap(({ heard, message, wamid }) => {
        const events: ReadonlyArray<HistoryEvent> = message.outcome === undefined ? heard : [message.outcome, ...heard]
        const { at, status } = view(events)
        return at === undefined || wamid === undefined
          ? []
          : [{ messageId: message.id, instanceId: message.instanceId, status, wamid, at }]
      })
  }
}
