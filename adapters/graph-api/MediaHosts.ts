/**
 * Who may hold the files that Meta sends us to: an address comes out of an answer, and our token goes into the request
 * to it.
 */
import { Schema } from "effect"

/** `lookaside.fbsbx.com`, or every name below one: `*.fbsbx.com`. Another port than 443 is named: `files.example:8443`. */
export const MediaHost = Schema.String.check(
  Schema.isPattern(/^(?:\*\.)?[\da-z-]{1,63}(?:\.[\da-z-]{1,63}){0,9}(?::[1-9]\d{0,4})?$/u)
).pipe(Schema.brand("MediaHost"))
export type MediaHost = typeof MediaHost.Type

/** Where Meta keeps what is sent to businesses: `lookaside.fbsbx.com`, and the domains that it has used beside it. */
export const ofMeta: ReadonlyArray<MediaHost> = ["*.fbsbx.com", "*.fbcdn.net", "*.whatsapp.net"].map((host) =>
  MediaHost.make(host)
)

const matches = ({ host }: URL, allowed: MediaHost): boolean =>
  allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed

const parse = (address: string): URL | undefined => {
  const url = URL.parse(address) ?? undefined
  return url?.username === "" && url.password === "" ? url : undefined
}

/** `address` as a URL if it is one of `hosts`, over https. */
export const amongHosts = (address: string, hosts: ReadonlyArray<MediaHost>): URL | undefined => {
  const url = parse(address)
  return url?.protocol === "https:" && hosts.some((allowed) => matches(url, allowed)) ? url : undefined
}

/** `address` as a URL if it is one of the very server at `base`. */
export const atOriginOf = (address: string, base: string): URL | undefined => {
  const url = parse(address)
  return url !== undefined && url.origin === new URL(base).origin ? url : undefined
}
