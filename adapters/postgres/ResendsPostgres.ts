import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { CampaignId } from "../../core/campaign/Campaign.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { Failure } from "../../core/failure/Failure.ts"
import { Instance, InstanceId } from "../../core/instance/Instance.ts"
import { MessageId } from "../../core/message/Message.ts"
import { type ResendOutcome, SendStatus, SentMessage } from "../../core/resend/Resend.ts"
import { Resends } from "../../core/resend/Resends.ts"
import { type ClaimedWish, Wishes } from "../../core/resend/Wishes.ts"
import { TemplateId } from "../../core/template/Template.ts"
import { orUnavailable } from "./unavailable.ts"

const maybe = Schema.OptionFromNullOr

const SentRow = Schema.Struct({
  id: MessageId,
  instance_id: InstanceId,
  contact_id: ContactId,
  kind: SentMessage.fields.kind,
  status: SendStatus,
  since: Schema.DateTimeUtcFromDate,
  placed: Schema.Boolean,
  /** Null where nobody wished the message to be sent again. */
  ask: Schema.NullOr(Schema.Int),
  asked_at: maybe(Schema.DateTimeUtcFromDate),
  outcome: Schema.NullOr(Schema.Literals(["resent", "not_sent", "settled", "expired"])),
  resent_as: maybe(MessageId),
  failure: maybe(Failure),
  standing: maybe(SendStatus)
})

type Sent = typeof SentRow.Type

const outcomeOf = ({ failure, outcome, resent_as }: Sent): Option.Option<ResendOutcome> => {
  switch (outcome) {
    case "resent":
      return Option.map(resent_as, (as): ResendOutcome => ({ _tag: "Resent", as }))
    case "not_sent":
      return Option.map(failure, (failure): ResendOutcome => ({ _tag: "NotSent", as: resent_as, failure }))
    case "settled":
      return Option.some({ _tag: "Settled" })
    case "expired":
      return Option.some({ _tag: "Expired" })
    case null:
      return Option.none()
  }
}

const resendOf = (row: Sent): SentMessage["resend"] => {
  const { ask, asked_at, standing } = row
  if (ask === null) return Option.none()
  return Option.map(asked_at, (askedAt) => ({ ask, askedAt, outcome: outcomeOf(row), standing }))
}

const toSentMessage = (row: Sent) =>
  new SentMessage({
    id: row.id,
    instanceId: row.instance_id,
    contactId: row.contact_id,
    kind: row.kind,
    status: row.status,
    since: row.since,
    placed: row.placed,
    resend: resendOf(row)
  })

const WishRow = Schema.Struct({
  message_id: MessageId,
  ask: Schema.Int,
  asked_at: Schema.DateTimeUtcFromDate,
  claims: Schema.Int,
  instance: Instance,
  contact_id: ContactId,
  number: Schema.NullOr(PhoneNumber),
  kind: SentMessage.fields.kind,
  text: Schema.String,
  media_url: Schema.NullOr(Schema.String),
  template_id: Schema.NullOr(TemplateId),
  campaign_id: Schema.NullOr(CampaignId),
  variables: Schema.NullOr(Schema.Record(Schema.String, Schema.String)),
  queue_id: Schema.NullOr(QueueId),
  status_id: Schema.NullOr(StatusId),
  status: SendStatus
})

const toWish = (row: typeof WishRow.Type): ClaimedWish => ({
  messageId: row.message_id,
  ask: row.ask,
  askedAt: row.asked_at,
  claim: row.claims,
  instance: row.instance,
  contactId: row.contact_id,
  number: row.number ?? undefined,
  record: {
    kind: row.kind,
    text: row.text,
    mediaUrl: row.media_url ?? undefined,
    templateId: row.template_id ?? undefined,
    campaignId: row.campaign_id ?? undefined,
    variables: row.variables ?? undefined
  },
  queueId: row.queue_id ?? undefined,
  statusId: row.status_id ?? undefined,
  status: row.status
})

const encodeFailure = Schema.encodeSync(Failure)

const endOf = (outcome: ResendOutcome) => {
  switch (outcome._tag) {
    case "Resent":
      return { outcome: "resent", as: outcome.as, failure: null }
    case "NotSent":
      return {
        outcome: "not_sent",
        as: Option.getOrNull(outcome.as),
        failure: JSON.stringify(encodeFailure(outcome.failure))
      }
    case "Settled":
      return { outcome: "settled", as: null, failure: null }
    case "Expired":
      return { outcome: "expired", as: null, failure: null }
  }
}

/** `Resends` and `Wishes`. */
export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    /** How a message stands: by what Meta told, else by how our own send ended. */
    const standingOf = (id: "m.id" | "r.resent_as") => sql`
      coalesce(
        (select s.status from message_state s where s.message_id = ${sql(id)}),
        (select heard_as(o.status) from outcome o where o.message_id = ${sql(id)}),
        'reserved'
      )`

    /** Beside a message `m`: the person it is to, and where their conversation is, or the one in which it was sent. */
    const surroundings = sql`
      join contact a on a.id = m.contact_id
      join contact c on c.id = coalesce(a.merged_into, a.id)
      left join conversation v on v.contact_id = c.id and v.closed_at is null
      left join conversation w on w.id = m.conversation_id`
    const queue = sql`coalesce(v.queue_id, w.queue_id)`
    const status = sql`coalesce(v.status_id, w.status_id)`

    const columns = sql`
      m.id, m.instance_id, c.id as contact_id, m.kind, ${standingOf("m.id")} as status,
      coalesce((select o.settled_at from outcome o where o.message_id = m.id), m.created_at) as since,
      ${queue} is not null and ${status} is not null as placed,
      r.ask, r.asked_at, r.outcome, r.resent_as, r.failure,
      case when r.outcome = 'resent' then ${standingOf("r.resent_as")} end as standing`

    const find = SqlSchema.findOneOption({
      Request: MessageId,
      Result: SentRow,
      execute: (id) => sql`
        select ${columns} from message m ${surroundings}
        left join resend r on r.message_id = m.id
        where m.id = ${id}`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Struct({
        instanceId: Schema.UndefinedOr(InstanceId),
        all: Schema.Boolean,
        before: Schema.UndefinedOr(MessageId),
        limit: Schema.Int
      }),
      Result: SentRow,
      execute: ({ all, before, instanceId, limit }) => {
        const wanted = sql.and([
          ...(instanceId === undefined ? [] : [sql`x.instance_id = ${instanceId}`]),
          ...(before === undefined ? [] : [sql`x.message_id < ${before}`]),
          sql`true`
        ])
        const newest = sql`order by x.message_id desc limit ${limit}`
        const open = all ? sql`(select message_id, instance_id from outcome where status = 'unknown')` : sql`unresolved`
        return sql`
          with named as (
            (select x.message_id from resend x where ${wanted} ${newest})
            union
            (
              select x.message_id from ${open} x
              where ${wanted} and not exists (select from message_state s where s.message_id = x.message_id) ${newest}
            )
          )
          select ${columns} from (select x.message_id from named x ${newest}) n
          join message m on m.id = n.message_id ${surroundings}
          left join resend r on r.message_id = m.id
          order by m.id desc`
      }
    })

    const claim = SqlSchema.findAll({
      Request: Schema.Struct({
        now: Schema.DateTimeUtcFromDate,
        leasedUntil: Schema.DateTimeUtcFromDate,
        limit: Schema.Int
      }),
      Result: WishRow,
      // Chosen once and kept (`materialized`): a plan that chose again for each row would lock more than `limit`.
      execute: ({ leasedUntil, limit, now }) => sql`
        with due as materialized (
          select message_id from resend where next_at <= ${now} order by next_at limit ${limit} for update skip locked
        ), taken as (
          update resend r set claims = r.claims + 1, next_at = ${leasedUntil}
          from due where r.message_id = due.message_id
          returning r.message_id, r.ask, r.asked_at, r.claims, r.queue_id, r.status_id
        )
        select r.message_id, r.ask, r.asked_at, r.claims, c.id as contact_id, c.number, m.kind, m.text, m.media_url,
          m.template_id, m.campaign_id, m.variables, coalesce(r.queue_id, ${queue}) as queue_id,
          coalesce(r.status_id, ${status}) as status_id, ${standingOf("m.id")} as status,
          json_build_object(
            'id', i.id, 'name', i.name, 'mode', i.mode, 'phoneNumberId', i.phone_number_id, 'wabaId', i.waba_id
          ) as instance
        from taken r
        join message m on m.id = r.message_id ${surroundings}
        join instance i on i.id = m.instance_id`
    })

    const resends = Resends.of({
      list: ({ all, instanceId }, { before, limit }) =>
        Effect.map(orUnavailable(list({ instanceId, all, before, limit })), (rows) => rows.map(toSentMessage)),

      find: (id) => Effect.map(orUnavailable(find(id)), Option.map(toSentMessage)),

      enter: Effect.fnUntraced(function* ({ ask, messageId, queueId, statusId }) {
        const at = yield* DateTime.nowAsDate
        const entered = yield* sql`
          insert into resend as r (message_id, instance_id, ask, queue_id, status_id, asked_at, next_at)
          select m.id, m.instance_id, ${ask}::int, ${queueId ?? null}::int, ${statusId ?? null}::int, ${at}, ${at}
          from message m
          where m.id = ${messageId}
            and coalesce((select o.ask from resend o where o.message_id = m.id), 0) = ${ask}::int - 1
          on conflict (message_id) do update set ask = excluded.ask, queue_id = excluded.queue_id,
            status_id = excluded.status_id, asked_at = excluded.asked_at, next_at = excluded.next_at, outcome = null,
            resent_as = null, failure = null
          where r.ask = excluded.ask - 1
          returning 1`.pipe(orUnavailable)
        return entered.length > 0
      })
    })
    const wishes = Wishes.of({
      claim: Effect.fnUntraced(function* (now, lease, limit) {
        const leasedUntil = DateTime.addDuration(now, lease)
        return (yield* orUnavailable(claim({ now, leasedUntil, limit }))).map(toWish)
      }),

      end: ({ claim, messageId }, ended) => {
        const { as, failure, outcome } = endOf(ended)
        return sql`
          update resend set outcome = ${outcome}, resent_as = ${as}::uuid, failure = ${failure}::jsonb, next_at = null
          where message_id = ${messageId} and claims = ${claim} and outcome is null`.pipe(orUnavailable, Effect.asVoid)
      },

      postpone: ({ claim, messageId }, nextAt) =>
        sql`
          update resend set next_at = ${DateTime.toDate(nextAt)}
          where message_id = ${messageId} and claims = ${claim} and outcome is null`.pipe(orUnavailable, Effect.asVoid)
    })
    return Context.make(Resends, resends).pipe(Context.add(Wishes, wishes))
  })
)
