/** What has to be looked up before updates can be applied. */
import { Predicate } from "effect"
import { stoppedMarketing } from "../../consent/Consent.ts"
import { lookUp, type PersonKeys } from "../../contact/PersonKeys.ts"
import type { ContactId } from "../../contact/Contact.ts"
import type { InstanceId } from "../../instance/Instance.ts"
import type { Person } from "../Person.ts"
import type { StatusUpdate } from "../StatusUpdate.ts"
import type { Update } from "../Update.ts"
import { type Arrival, type KnownMessage, type ParkedStatus, type Wanted, within } from "./Facts.ts"
import { finderOf, type Told, toldIn } from "./Told.ts"

/** The people an update is about, by the names that it gives them. */
const peopleIn = (update: Update): ReadonlyArray<PersonKeys> => {
  switch (update._tag) {
    case "Message":
      return [update.from]
    case "UserPreference":
      return [update.person]
    case "IdentityChange":
      return [update.before, update.after]
    default:
      return []
  }
}

const isTemplate = Predicate.some<Update>(
  ["TemplateStatus", "TemplateQuality", "TemplateCategory", "TemplateComponents"].map(
    (tag) => (update: Update) => update._tag === tag
  )
)

const healthTags = new Set<Update["_tag"]>([
  "NumberError",
  "NumberQuality",
  "NumberName",
  "BusinessUsername",
  "Account",
  "AccountAlert",
  "BusinessCapability"
])

/** What counts once by its key. Statuses and messages are known again by their rows. */
export const isKeyed = ({ _tag }: Update): boolean => _tag !== "Status" && _tag !== "Message" && _tag !== "Noted"

const unique = <A>(items: ReadonlyArray<A>, key: (item: A) => string): ReadonlyArray<A> => [
  ...new Map(items.map((item) => [key(item), item])).values()
]

const wantedPeople = (instanceId: InstanceId, shown: ReadonlyArray<PersonKeys>): Wanted["people"] =>
  shown.length === 0 ? [] : [{ instanceId, ...lookUp(...shown) }]

export const wantedOf = (arrivals: ReadonlyArray<Arrival>, parked: ReadonlyArray<ParkedStatus>): Wanted => {
  const told = toldIn(arrivals, parked)
  return {
    statuses: unique(
      told.map(({ instanceId, update }) => ({ instanceId, attemptId: update.attemptId, wamid: update.wamid })),
      ({ attemptId, instanceId, wamid }) => `${instanceId} ${attemptId ?? ""} ${wamid}`
    ),
    people: arrivals.flatMap(({ instance, update }) => wantedPeople(instance.id, peopleIn(update))),
    inbound: arrivals.flatMap(({ instance, update }) =>
      update._tag === "Message" ? [{ instanceId: instance.id, wamid: update.wamid }] : []
    ),
    seen: unique(
      arrivals.flatMap(({ instance, key, update }) => (isKeyed(update) ? [{ instanceId: instance.id, key }] : [])),
      ({ instanceId, key }) => within(instanceId, key)
    ),
    templates: arrivals.flatMap(({ instance, update }) =>
      isTemplate(update) && "language" in update
        ? [{ instanceId: instance.id, name: update.name, language: update.language }]
        : []
    ),
    health: [...new Set(arrivals.flatMap(({ instance, update }) => (healthTags.has(update._tag) ? [instance.id] : [])))]
  }
}

/** Of an update at most: a message, a merge, a change of name of three people, and one of consent. */
const idsPerUpdate = 6

const needsIds = (update: Update): boolean =>
  update._tag !== "Status" || update.recipient?.userId !== undefined || update.errors.length > 0

/** How many ids of messages and events the updates may take. */
export const idsFor = (arrivals: ReadonlyArray<Arrival>, parked: ReadonlyArray<ParkedStatus>): number =>
  idsPerUpdate * [...arrivals, ...parked].filter(({ update }) => needsIds(update)).length

/** The person whom the status gives a name that the contact of the message is not known by; mostly there is none. */
export const newcomerIn = ({ userIds }: KnownMessage, { recipient }: StatusUpdate): Person | undefined =>
  recipient?.userId === undefined || userIds.includes(recipient.userId) ? undefined : recipient

/** Of whom the statuses bring news, once the messages that they are about are known. */
export const recipientsOf = (
  told: ReadonlyArray<Told>,
  messages: ReadonlyArray<KnownMessage>
): { readonly contacts: ReadonlyArray<ContactId>; readonly people: Wanted["people"] } => {
  const find = finderOf(messages, told)
  const contacts = new Set<ContactId>()
  const people = told.flatMap((one) => {
    const message = find(one)
    if (message === undefined) return []
    const newcomer = newcomerIn(message, one.update)
    if (newcomer !== undefined || one.update.errors.some(({ code }) => code === stoppedMarketing)) {
      contacts.add(message.contactId)
    }
    return newcomer === undefined ? [] : wantedPeople(one.instanceId, [newcomer])
  })
  return { contacts: [...contacts], people }
}
