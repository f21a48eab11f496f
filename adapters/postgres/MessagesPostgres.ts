import { type Array, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { statusOf } from "../../core/message/MessageDetail.ts"
import { pageOf } from "../../core/message/MessagePage.ts"
import { Messages } from "../../core/message/Messages.ts"
import { firstIdAt } from "../../core/message/MessageTime.ts"
import * as details from "./lookup/details.ts"
import * as family from "./lookup/family.ts"
import { incoming } from "./lookup/incoming.ts"
import { outgoing } from "./lookup/outgoing.ts"
import { firstId, lastId, scan } from "./lookup/scan.ts"
import * as wamid from "./lookup/wamid.ts"
import { orUnavailable } from "./unavailable.ts"

/** The first in the order of ids. */
const least = (...ids: Array.NonEmptyReadonlyArray<string>): string => ids.toSorted()[0] ?? firstId

export const layer = Layer.effect(
  Messages,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const load = details.load(sql)

    return Messages.of({
      find: Effect.fnUntraced(function* (instanceId, name) {
        const id = name._tag === "Id" ? Option.some(name.id) : yield* wamid.find(sql, instanceId, name.wamid)
        if (Option.isNone(id)) return Option.none()
        return Option.fromUndefinedOr((yield* load(instanceId, [id.value])).get(id.value))
      }, orUnavailable),

      list: Effect.fnUntraced(function* (instanceId, filter, { before, limit }) {
        const { campaignId, direction, since, status, until } = filter
        const range = {
          after: since === undefined ? firstId : firstIdAt(since),
          before: least(before ?? lastId, until === undefined ? lastId : firstIdAt(until))
        }
        const people = yield* family.find(sql, instanceId, filter)
        const sent = direction !== "inbound" && status !== "received"
        const received =
          direction !== "outbound" && campaignId === undefined && (status === undefined || status === "received")
        const stretches = yield* Effect.forEach(
          [
            ...(sent ? outgoing(sql, instanceId, filter, people, range) : []),
            ...(received ? [incoming(sql, instanceId, filter, people, range)] : [])
          ],
          scan(sql, limit),
          { concurrency: "unbounded" }
        )
        const { messages: ids, next } = pageOf(limit, stretches)
        const known = yield* load(instanceId, ids)
        const found = ids.flatMap((id) => known.get(id) ?? [])
        return {
          messages: status === undefined ? found : found.filter((message) => statusOf(message) === status),
          next
        }
      }, orUnavailable)
    })
  })
)
