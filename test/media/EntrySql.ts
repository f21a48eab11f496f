import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { MediaEntry } from "../contract/mediaFiles.ts"

export const layer = Layer.effect(
  MediaEntry,
  Effect.map(SqlClient.SqlClient, (sql) =>
    MediaEntry.of({
      enter: (file) =>
        sql`
          insert into media_file (
            message_id, instance_id, meta_id, kind, mime_type, sha256, filename, state, attempts, next_at, received_at
          ) values (
            ${file.messageId}, ${file.instanceId}, ${file.metaId}, ${file.kind}, ${Option.getOrNull(file.mimeType)},
            ${Option.getOrNull(file.sha256)}, ${Option.getOrNull(file.filename)}, 'pending', 0,
            ${DateTime.toDate(file.nextAt)}, ${DateTime.toDate(file.receivedAt)}
          )`.pipe(Effect.orDie, Effect.asVoid)
    })
  )
)
