import { Context } from "effect"

/** Where callers reach this server, no slash at the end: links to the documentation begin with it. */
export const PublicUrl = Context.Reference<string>("aidesk/apps/http/PublicUrl", {
  defaultValue: () => "http://127.0.0.1:8080"
})

/** Addresses that mean "every interface" are none that anybody can open. */
const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"])

/** What is said where the operator has not said it: the address listened on. */
export const ofListener = (host: string, port: number): string =>
  `http://${everywhere.has(host) ? "localhost" : host}:${port}`
