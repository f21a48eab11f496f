import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { InboundMediaKind } from "../../core/inbound/Content.ts"
import { InstanceId, Mode } from "../../core/instance/Instance.ts"
import { MediaFile, MediaKey, MediaState } from "../../core/media/MediaFile.ts"
import { MediaFiles } from "../../core/media/MediaFiles.ts"
import { MessageId } from "../../core/message/Message.ts"
import { orUnavailable } from "./unavailable.ts"

const maybeText = Schema.OptionFromNullOr(Schema.String)

const MediaRow = Schema.Struct({
  message_id: MessageId,
  instance_id: InstanceId,
  meta_id: Schema.String,
  kind: InboundMediaKind,
  mime_type: maybeText,
  sha256: maybeText,
  filename: maybeText,
  state: MediaState,
  attempts: Schema.Int,
  next_at: Schema.DateTimeUtcFromDate,
  store_key: Schema.OptionFromNullOr(MediaKey),
  size: Schema.OptionFromNullOr(Schema.BigInt),
  reason: maybeText,
  received_at: Schema.DateTimeUtcFromDate
})

const toFile = (row: typeof MediaRow.Type) =>
  new MediaFile({
    messageId: row.message_id,
    instanceId: row.instance_id,
    metaId: row.meta_id,
    kind: row.kind,
    mimeType: row.mime_type,
    sha256: row.sha256,
    filename: row.filename,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    receivedAt: row.received_at,
    stored: Option.zipWith(row.store_key, row.size, (key, size) => ({ key, size: Number(size) })),
    reason: row.reason
  })

const ClaimedRow = Schema.Struct({ ...MediaRow.fields, mode: Mode })

export const layer = Layer.effect(
  MediaFiles,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const columns = sql`
      f.message_id, f.instance_id, f.meta_id, f.kind, f.mime_type, f.sha256, f.filename, f.state, f.attempts,
      f.next_at, f.store_key, f.size, f.reason, f.received_at`

    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, messageId: Schema.String }),
      Result: MediaRow,
      execute: ({ instanceId, messageId }) => sql`
        select ${columns} from media_file f where f.message_id = ${messageId} and f.instance_id = ${instanceId}`
    })

    const claim = SqlSchema.findAll({
      Request: Schema.Struct({
        now: Schema.DateTimeUtcFromDate,
        leasedUntil: Schema.DateTimeUtcFromDate,
        limit: Schema.Int
      }),
      Result: ClaimedRow,
      // Chosen once and kept (`materialized`): a plan that chose again for each row would lock more than `limit`.
      execute: ({ leasedUntil, limit, now }) => sql`
        with due as materialized (
          select f.message_id, i.mode
          from media_file f
          join instance i on i.id = f.instance_id
          where f.state = 'pending' and f.next_at <= ${now} and (f.leased_until is null or f.leased_until <= ${now})
          order by f.next_at
          limit ${limit}
          for update of f skip locked
        )
        update media_file f set attempts = f.attempts + 1, leased_until = ${leasedUntil}
        from due where f.message_id = due.message_id
        returning ${columns}, due.mode`
    })

    return MediaFiles.of({
      find: (instanceId, messageId) => Effect.map(orUnavailable(find({ instanceId, messageId })), Option.map(toFile)),

      claim: Effect.fnUntraced(function* (now, lease, limit) {
        const leasedUntil = DateTime.addDuration(now, lease)
        const rows = yield* orUnavailable(claim({ now, leasedUntil, limit }))
        return rows.map(({ mode, ...row }) => ({ file: toFile(row), mode }))
      }),

      stored: ({ messageId }, { key, mimeType, size }) =>
        sql`
          update media_file set state = 'stored', store_key = ${key}, size = ${size},
            mime_type = coalesce(mime_type, ${mimeType ?? null}), reason = null, leased_until = null
          where message_id = ${messageId} and state <> 'stored'`.pipe(orUnavailable, Effect.asVoid),

      postpone: ({ attempts, messageId }, nextAt, reason) =>
        sql`
          update media_file set next_at = ${DateTime.toDate(nextAt)}, reason = ${reason}, leased_until = null
          where message_id = ${messageId} and state = 'pending' and attempts = ${attempts}`.pipe(
          orUnavailable,
          Effect.asVoid
        ),

      gaveUp: ({ attempts, messageId }, state, reason) =>
        sql`
          update media_file set state = ${state}, reason = ${reason}, leased_until = null
          where message_id = ${messageId} and state = 'pending' and attempts = ${attempts}`.pipe(
          orUnavailable,
          Effect.asVoid
        )
    })
  })
)
