/** `/v1/events`: everything that happened, in the order in which it was committed, each once. */
import { Effect, Schema } from "effect"
import { Event } from "../../../core/event/Event.ts"
import { EventFeed, FeedCursor } from "../../../core/event/EventFeed.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Page from "./Page.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"

const encode = Schema.encodeSync(Event)

export const read = Endpoint.make({
  method: "GET",
  route: "/v1/events",
  path: Path.none,
  query: Query.of(Schema.Struct({ after: Schema.optionalKey(Schema.String), limit: Page.limit }), {
    limit: Page.sentences.limit,
    after: "deve ser o `next_cursor` de uma resposta anterior"
  }),
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, query: { after, limit = Page.usual } }) {
    if (after === "") return yield* Page.invalidCursor("after")
    const feed = yield* EventFeed
    const page = yield* feed
      .read(instance.id, after === undefined ? undefined : FeedCursor.make(after), limit)
      .pipe(Effect.catchTag("InvalidCursor", () => Effect.fail(Page.invalidCursor("after"))))
    // There always is a place to come back to.
    return Page.answer(
      page.events.map((event) => encode(event)),
      page.next
    )
  })
})
