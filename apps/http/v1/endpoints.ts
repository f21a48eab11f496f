/** Every endpoint under `/v1`. */
import { HttpRouter } from "effect/http"
import type { ContactProfiles } from "../../../core/contact/ContactProfile.ts"
import type { Contacts } from "../../../core/contact/Contacts.ts"
import type { EventFeed } from "../../../core/event/EventFeed.ts"
import type { MediaFiles } from "../../../core/media/MediaFiles.ts"
import type { MediaStore } from "../../../core/media/MediaStore.ts"
import type { Messages } from "../../../core/message/Messages.ts"
import * as contacts from "./contacts.ts"
import { type Endpoint, routeOf } from "./Endpoint.ts"
import * as events from "./events.ts"
import * as media from "./media.ts"
import * as messages from "./messages.ts"
import * as webhooks from "./webhooks.ts"

/** What the endpoints need between them. */
type Needs = Contacts | ContactProfiles | EventFeed | Messages | MediaFiles | MediaStore | webhooks.Needs

const endpoints: ReadonlyArray<Endpoint<Needs>> = [
  messages.find,
  messages.list,
  contacts.find,
  contacts.findWindow,
  events.read,
  media.media(messages.idOf),
  ...webhooks.endpoints
]

export const layer = HttpRouter.addAll(endpoints.map(routeOf))

/** The methods of each route, by a pattern of its paths. */
const methods = Map.groupBy(endpoints, ({ route }) => route)

const patterns = [...methods].map(([route, of]) => ({
  pattern: new RegExp(`^${route.replaceAll(/:\w+/gu, "[^/]+")}$`, "u"),
  allow: of.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ")
}))

/** What `Allow` says of a path; nothing where no endpoint has it. */
export const allowedUnder = (path: string): string | undefined =>
  patterns.find(({ pattern }) => pattern.test(path))?.allow
