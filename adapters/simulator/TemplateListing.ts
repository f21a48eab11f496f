import { Option, Record, Result, Schema } from "effect"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import type { Template } from "./Templates.ts"

/** Query parameters, one value each. */
export type Query = Record.ReadonlyRecord<string, string>

/** A template as Meta shows it: all of it, or the `fields` asked for (comma-separated) and always the id. */
export const shownTemplate = (
  template: Template,
  fields: string | undefined
): Record.ReadonlyRecord<string, unknown> => {
  const { components, definition, id, named, status } = template
  const all = {
    name: definition.name,
    parameter_format: named ? "NAMED" : "POSITIONAL",
    components,
    language: definition.language,
    status,
    category: definition.category
  }
  if (fields === undefined) return { ...all, id }
  const onRequest = {
    ...all,
    quality_score: { score: "UNKNOWN" },
    rejected_reason: "NONE",
    message_send_ttl_seconds: definition.message_send_ttl_seconds
  }
  const asked = new Set(fields.split(",").map((field) => field.trim()))
  return { ...Record.filter(onRequest, (_, field) => asked.has(field)), id }
}

const defaultLimit = 25
const Limit = Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 1000 }))
const decodeLimit = Schema.decodeUnknownResult(Limit)

const cursorOf = (template: Template): string => Buffer.from(template.id).toString("base64url")

/**
 * One page of `GET /{waba-id}/message_templates`: filters `name`, `language`, `status` and `category`, `limit` (default
 * 25) and the cursor `after`. `next` is absent on the last page. `address` is where the list is asked for, query excluded.
 */
export const templatePage = (
  templates: ReadonlyArray<Template>,
  query: Query,
  address: string
): Result.Result<Record.ReadonlyRecord<string, unknown>, GraphError> => {
  const limit = query["limit"] === undefined ? Result.succeed(defaultLimit) : decodeLimit(query["limit"])
  if (Result.isFailure(limit))
    return Result.fail(graphError(100, { details: "Param limit must be a number from 1 to 1000." }))
  const wanted = (filter: string, value: string) => query[filter] === undefined || query[filter] === value
  const matching = templates.filter(
    ({ definition, status }) =>
      wanted("name", definition.name) &&
      wanted("language", definition.language) &&
      wanted("status", status) &&
      wanted("category", definition.category)
  )
  const start = query["after"] === undefined ? 0 : matching.findIndex((known) => cursorOf(known) === query["after"]) + 1
  const page = matching.slice(start, start + limit.success)
  const data = page.map((template) => shownTemplate(template, query["fields"]))
  return Result.succeed(
    Option.match(Option.all([Option.fromNullishOr(page[0]), Option.fromNullishOr(page.at(-1))]), {
      onNone: () => ({ data }),
      onSome: ([first, last]) => {
        const cursors = { before: cursorOf(first), after: cursorOf(last) }
        const more = start + page.length < matching.length
        const next = `${address}?${new URLSearchParams({ ...query, after: cursors.after }).toString()}`
        return { data, paging: more ? { cursors, next } : { cursors } }
      }
    })
  )
}
