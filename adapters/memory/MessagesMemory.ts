import { Effect, Layer, Option } from "effect"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { type MessageDetail, statusOf } from "../../core/message/MessageDetail.ts"
import { pageOf } from "../../core/message/MessagePage.ts"
import { type MessageFilter, Messages } from "../../core/message/Messages.ts"
import { firstIdAt } from "../../core/message/MessageTime.ts"
import { allOf, detailOf, survivorOf } from "./messageDetails.ts"
import { World } from "./World.ts"

type Maps = World["Service"]

const isGiven = <A>(given: A | undefined, actual: A | undefined): boolean => given === undefined || given === actual

/** Whether a message is wanted. The instance's own messages name nothing of another's. */
const wanted = (world: Maps, filter: MessageFilter) => {
  const contactId = filter.contactId === undefined ? undefined : survivorOf(world, filter.contactId)
  const since = filter.since === undefined ? undefined : firstIdAt(filter.since)
  const until = filter.until === undefined ? undefined : firstIdAt(filter.until)

  return (message: MessageDetail): boolean =>
    isGiven(contactId, message.contactId) &&
    isGiven(filter.conversationId, message.conversation?.id) &&
    isGiven(filter.campaignId, message._tag === "Outgoing" ? message.campaignId : undefined) &&
    isGiven(filter.status, statusOf(message)) &&
    isGiven(filter.direction, message._tag === "Outgoing" ? "outbound" : "inbound") &&
    (since === undefined || message.id >= since) &&
    (until === undefined || message.id < until)
}

/** By the message's own account, or by that of our call. */
const isCalled = (world: Maps, message: MessageDetail, wamid: string): boolean =>
  message.wamid === wamid || (world.heard.get(message.id) ?? []).some((heard) => heard.wamid === wamid)

const find = (world: Maps, instanceId: InstanceId, wamid: string): MessageDetail | undefined =>
  allOf(world, instanceId).find((message) => isCalled(world, message, wamid))

export const layer = Layer.effect(
  Messages,
  Effect.map(World, (world) =>
    Messages.of({
      find: (instanceId, name) =>
        Effect.sync(() =>
          Option.fromUndefinedOr(
            name._tag === "Id" ? detailOf(world, instanceId, name.id) : find(world, instanceId, name.wamid)
          )
        ),

      list: (instanceId, filter, { before, limit }) =>
        Effect.sync(() => {
          const ids = allOf(world, instanceId)
            .filter(wanted(world, filter))
            .map(({ id }) => id)
            .filter((id) => before === undefined || id < before)
          const { messages, next } = pageOf(limit, [{ ids, through: undefined }])
          return { messages: messages.flatMap((id) => detailOf(world, instanceId, id) ?? []), next }
        })
    })
  )
)
