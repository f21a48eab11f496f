import { Context } from "effect"

/** Where callers reach this server, no slash at the end: links to the documentation begin with it. */
export const PublicUrl = Context.Reference<string>("aidesk/apps/http/PublicUrl", {
  defaultValue: () => "http://127.0.0.1:8080"
})
