/** Statuses, and the outgoing messages that they are about. */
import type { InstanceId } from "../../instance/Instance.ts"
import type { AttemptId } from "../../message/Message.ts"
import type { StatusUpdate } from "../StatusUpdate.ts"
import { type Arrival, type KnownMessage, type ParkedStatus, within } from "./Facts.ts"

/** What Meta told of a message of an instance. */
export interface Told {
  readonly instanceId: InstanceId
  readonly update: StatusUpdate
}

export const toldIn = (arrivals: ReadonlyArray<Arrival>, parked: ReadonlyArray<ParkedStatus>): ReadonlyArray<Told> => [
  ...arrivals.flatMap(({ instance, update }) =>
    update._tag === "Status" ? [{ instanceId: instance.id, update }] : []
  ),
  ...parked
]

/** Finds the message that a status is about: by the attempt, else by Meta's id, which another status may have brought. */
export const finderOf = (
  messages: ReadonlyArray<KnownMessage>,
  told: ReadonlyArray<Told>
): ((told: Told) => KnownMessage | undefined) => {
  const byAttempt = new Map<AttemptId, KnownMessage>()
  const byWamid = new Map<string, KnownMessage>()
  for (const message of messages) {
    if (message.attemptId !== undefined) byAttempt.set(message.attemptId, message)
    if (message.wamid !== undefined) byWamid.set(within(message.instanceId, message.wamid), message)
  }
  const attempted = ({ instanceId, update: { attemptId } }: Told): KnownMessage | undefined => {
    const message = attemptId === undefined ? undefined : byAttempt.get(attemptId)
    return message?.instanceId === instanceId ? message : undefined
  }
  for (const one of told) {
    const message = attempted(one)
    if (message !== undefined) byWamid.set(within(one.instanceId, one.update.wamid), message)
  }
  return (one) => attempted(one) ?? byWamid.get(within(one.instanceId, one.update.wamid))
}
