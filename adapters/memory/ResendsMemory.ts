import { Context, DateTime, Effect, Layer, Option, Order } from "effect"
import { shownAs } from "../../core/message/MessageDetail.ts"
import { statusOf } from "../../core/message/Sends.ts"
import { view } from "../../core/message/StatusHistory.ts"
import { type SendStatus, SentMessage } from "../../core/resend/Resend.ts"
import { Resends } from "../../core/resend/Resends.ts"
import { type ClaimedWish, Wishes } from "../../core/resend/Wishes.ts"
import { type StoredMessage, type StoredWish, World } from "./World.ts"

type Maps = World["Service"]

const standingOf = ({ heard }: Maps, { id, settled }: StoredMessage): SendStatus => {
  const told = heard.get(id) ?? []
  const own =
    settled === undefined ? [] : [{ _tag: "Outcome", status: statusOf(settled.outcome), at: settled.at } as const]
  return shownAs(view([...own, ...told]).status)
}

const survivorOf = ({ contacts }: Maps, { contactId }: StoredMessage) =>
  contacts.get(contactId)?.mergedInto ?? contactId

/** Of the contact's open conversation, else of that in which the message was sent. */
const placeOf = (world: Maps, message: StoredMessage) => {
  const open = world.openConversations.get(survivorOf(world, message))
  const places = [open, message.conversationId].flatMap((id) => {
    const place = id === undefined ? undefined : world.conversations.get(id)
    return place === undefined ? [] : [place]
  })
  return {
    queueId: places.find(({ queueId }) => queueId !== undefined)?.queueId,
    statusId: places.find(({ statusId }) => statusId !== undefined)?.statusId
  }
}

const resendOf = (world: Maps, { ask, askedAt, outcome }: StoredWish) => {
  const as = outcome?._tag === "Resent" ? world.messages.get(outcome.as) : undefined
  return {
    ask,
    askedAt,
    outcome: Option.fromUndefinedOr(outcome),
    standing: Option.fromUndefinedOr(as && standingOf(world, as))
  }
}

const sentMessageOf = (world: Maps, message: StoredMessage): SentMessage => {
  const { id, instanceId, record, reservedAt, settled } = message
  const { queueId, statusId } = placeOf(world, message)
  return new SentMessage({
    id,
    instanceId,
    contactId: survivorOf(world, message),
    kind: record.kind,
    status: standingOf(world, message),
    since: settled?.at ?? reservedAt,
    placed: queueId !== undefined && statusId !== undefined,
    resend: Option.map(Option.fromUndefinedOr(world.wishes.get(id)), (wish) => resendOf(world, wish))
  })
}

const newestFirst = Order.flip(Order.mapInput(Order.String, ({ id }: StoredMessage) => id))

const byWait = Order.mapInput(DateTime.Order, ({ nextAt }: StoredWish) => nextAt)

/** `Resends` and `Wishes`. */
export const layer = Layer.effectContext(
  Effect.map(World, (world) => {
    const isListed = (message: StoredMessage, all: boolean): boolean =>
      world.wishes.has(message.id) ||
      ((all || world.unresolved.has(message.id)) && standingOf(world, message) === "unknown")

    /** What the claimer of an earlier claim says no longer counts. */
    const change = ({ claim, messageId }: ClaimedWish, changes: Partial<StoredWish>) =>
      Effect.sync(() => {
        const wish = world.wishes.get(messageId)
        if (wish === undefined || wish.outcome !== undefined || wish.claims !== claim) return
        world.wishes.set(messageId, { ...wish, ...changes })
      })

    const resends = Resends.of({
      list: ({ all, instanceId }, { before, limit }) =>
        Effect.sync(() =>
          [...world.messages.values()]
            .filter((message) => instanceId === undefined || message.instanceId === instanceId)
            .filter(({ id }) => before === undefined || id < before)
            .filter((message) => isListed(message, all))
            .toSorted(newestFirst)
            .slice(0, limit)
            .map((message) => sentMessageOf(world, message))
        ),

      find: (id) =>
        Effect.sync(() =>
          Option.map(Option.fromUndefinedOr(world.messages.get(id)), (message) => sentMessageOf(world, message))
        ),

      enter: (wish) =>
        Effect.map(DateTime.now, (askedAt) => {
          const known = world.wishes.get(wish.messageId)
          if (!world.messages.has(wish.messageId) || (known?.ask ?? 0) !== wish.ask - 1) return false
          const claims = known?.claims ?? 0
          world.wishes.set(wish.messageId, { ...wish, askedAt, claims, nextAt: askedAt, outcome: undefined })
          return true
        })
    })
    const wishes = Wishes.of({
      claim: (now, lease, limit) =>
        Effect.sync(() =>
          [...world.wishes.values()]
            .filter(({ nextAt, outcome }) => outcome === undefined && DateTime.isLessThanOrEqualTo(nextAt, now))
            .toSorted(byWait)
            .slice(0, limit)
            .flatMap((wish): ReadonlyArray<ClaimedWish> => {
              const message = world.messages.get(wish.messageId)
              const instance = message && world.instances.get(message.instanceId)?.instance
              if (message === undefined || instance === undefined) return []
              const claim = wish.claims + 1
              world.wishes.set(message.id, { ...wish, claims: claim, nextAt: DateTime.addDuration(now, lease) })
              const contactId = survivorOf(world, message)
              const place = placeOf(world, message)
              return [
                {
                  messageId: message.id,
                  ask: wish.ask,
                  askedAt: wish.askedAt,
                  claim,
                  instance,
                  contactId,
                  number: Option.getOrUndefined(world.contacts.get(contactId)?.contact.number ?? Option.none()),
                  record: message.record,
                  status: standingOf(world, message),
                  queueId: wish.queueId ?? place.queueId,
                  statusId: wish.statusId ?? place.statusId
                }
              ]
            })
        ),

      end: (wish, outcome) => change(wish, { outcome }),
      postpone: (wish, nextAt) => change(wish, { nextAt })
    })
    return Context.make(Resends, resends).pipe(Context.add(Wishes, wishes))
  })
)
