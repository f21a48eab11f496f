/**
 * Applies updates to what is known: pure, one update after the other, each whatever the others are. What comes out is the
 * same for any division of the same updates into payloads.
 *
 * Guarantees: an update that was applied before changes nothing; a status whose message is not known is parked, not lost.
 */
import type { DateTime } from "effect"
import { changeIn } from "../../consent/Consent.ts"
import { type Keywords, keywordsOf } from "../../consent/Keywords.ts"
import type { ContactId } from "../../contact/Contact.ts"
import { idOfMessageEvent, type StoredEvent } from "../../event/StoredEvent.ts"
import type { InstanceId } from "../../instance/Instance.ts"
import type { MessageId } from "../../message/Message.ts"
import { mediaIn } from "../Content.ts"
import { plainTextOf } from "../ContentText.ts"
import { type InboundMessage, opensWindow } from "../InboundMessage.ts"
import type { InboundRecord } from "../InboundRecord.ts"
import type { StatusUpdate } from "../StatusUpdate.ts"
import { type Changes, isNew, type NewMedia } from "./Changes.ts"
import { type Arrival, type Facts, type KnownInstance, type ParkedStatus, within } from "./Facts.ts"
import * as Histories from "./Histories.ts"
import * as People from "./People.ts"
import * as Settings from "./Settings.ts"
import { finderOf, toldIn } from "./Told.ts"
import { isKeyed, newcomerIn } from "./wanted.ts"

/** Ids as they are needed: of messages (UUID v7), and of events that no message names. */
export interface Ids {
  readonly message: () => MessageId
  readonly event: () => string
}

interface Input {
  readonly arrivals: ReadonlyArray<Arrival>
  readonly parked: ReadonlyArray<ParkedStatus>
  readonly facts: Facts
  readonly ids: Ids
  readonly now: DateTime.Utc
}

/** A status says what it says by its error, and not by words. */
const noKeywords = keywordsOf({ opt_out: [], opt_in: [] })

export const apply = ({ arrivals, facts, ids, now, parked }: Input): Changes => {
  const events: Array<StoredEvent> = []
  const inbound: Array<InboundRecord> = []
  const media: Array<NewMedia> = []
  const parkedAgain: Array<ParkedStatus> = []
  const known = new Set(facts.inbound)
  const seen = new Set(facts.seen)
  const newlySeen: Array<Changes["seen"][number]> = []

  const tell = (event: Omit<StoredEvent, "id" | "messageId" | "contactId">, contactId?: ContactId): void => {
    events.push({ id: ids.event(), messageId: undefined, contactId, ...event })
  }
  const people = People.make(facts.contacts, now, {
    merged: ({ id, instanceId }, retired, at) => {
      // Of one that these very updates made nobody has heard.
      const known = retired.filter((one) => !isNew(one))
      if (known.length > 0) tell({ instanceId, type: "contact.merged", at, data: { retired_contact_ids: known } }, id)
    },
    renamed: ({ id, instanceId, number = null, userId = null }, at) =>
      tell({ instanceId, type: "contact.updated", at, data: { number, user_id: userId } }, id),
    consented: ({ id, instanceId }, { at, intent, source }) =>
      tell(
        { instanceId, type: intent === "opt_out" ? "contact.opted_out" : "contact.opted_in", at, data: { source } },
        id
      )
  })
  const keywords = new Map<InstanceId, Keywords>()
  const keywordsFor = (instance: KnownInstance): Keywords => {
    const ready = keywords.get(instance.id) ?? keywordsOf(instance.keywords)
    keywords.set(instance.id, ready)
    return ready
  }
  const find = finderOf(facts.messages, toldIn(arrivals, parked))
  const histories = Histories.make(facts.messages, (event) => events.push(event))
  const settings = Settings.make(facts.templates, facts.health, tell)

  const status = (instanceId: InstanceId, update: StatusUpdate, receivedAt: DateTime.Utc, tries: number): void => {
    const message = find({ instanceId, update })
    if (message === undefined) {
      parkedAgain.push({ instanceId, update, receivedAt, tries: tries + 1 })
      return
    }
    histories.add(message, update, receivedAt)
    const newcomer = newcomerIn(message, update)
    if (newcomer !== undefined) people.recognise(message.contactId, newcomer, update.at)
    const change = changeIn(update, noKeywords)
    if (change !== undefined) people.consent(message.contactId, change, now)
  }

  const message = (instance: KnownInstance, update: InboundMessage, receivedAt: DateTime.Utc): void => {
    const name = within(instance.id, update.wamid)
    if (known.has(name)) return
    known.add(name)
    const contactId = people.meet(instance.id, update.from, update.at)
    if (opensWindow(update)) people.heard(contactId, update.at)
    const id = ids.message()
    const { at, content, context, errors, referral, wamid } = update
    inbound.push({
      id,
      instanceId: instance.id,
      contactId,
      conversationId: people.conversation(contactId, at),
      wamid,
      text: plainTextOf(content),
      content,
      context,
      referral,
      errors,
      at,
      receivedAt
    })
    const file = mediaIn(content)
    if (file !== undefined) media.push({ messageId: id, instanceId: instance.id, receivedAt, ...file })
    events.push({
      id: idOfMessageEvent(id, "received"),
      instanceId: instance.id,
      type: "message.received",
      at,
      messageId: id,
      contactId,
      data: undefined
    })
    const change = changeIn(update, keywordsFor(instance))
    if (change !== undefined) people.consent(contactId, change, now)
  }

  const other = ({ at = now, instance, update }: Arrival): void => {
    switch (update._tag) {
      case "Message":
      case "Status":
      case "Noted":
        return
      case "IdentityChange":
        return people.follow(instance.id, update, at)
      case "UserPreference": {
        const change = changeIn(update, keywordsFor(instance))
        if (change !== undefined) people.consent(people.meet(instance.id, update.person, at), change, now)
        return
      }
      case "TemplateStatus":
      case "TemplateQuality":
      case "TemplateCategory":
      case "TemplateComponents":
        return settings.template(instance.id, update, at)
      default:
        return settings.health(instance.id, update, at)
    }
  }

  for (const arrival of arrivals) {
    const { instance, key, receivedAt, update } = arrival
    if (update._tag === "Status") {
      status(instance.id, update, receivedAt, 0)
    } else if (update._tag === "Message") {
      message(instance, update, receivedAt)
    } else if (isKeyed(update)) {
      const name = within(instance.id, key)
      if (seen.has(name)) continue
      seen.add(name)
      newlySeen.push({ instanceId: instance.id, key, at: now })
      other(arrival)
    }
  }
  for (const { instanceId, receivedAt, tries, update } of parked) status(instanceId, update, receivedAt, tries)

  return {
    statuses: histories.statuses,
    states: histories.states(),
    parked: parkedAgain,
    ...people.changes(),
    inbound,
    media,
    ...settings.changes(),
    seen: newlySeen,
    events
  }
}
