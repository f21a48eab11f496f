/**
 * Which addresses a request to a place that a user names may go to: public unicast ones.
 *
 * Sources: IANA's "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry" (every block that
 * is not globally reachable, and those deprecated or made for tunnels), RFC 6761, 6762 and 9476 for names.
 */
import { Schema } from "effect"
import ipaddr from "ipaddr.js"

/** A block of addresses such as `10.0.0.0/8` or `fd00::/8`. */
export const Cidr = Schema.String.check(
  Schema.makeFilter((text: string) => ipaddr.isValidCIDR(text) || "expected a block of addresses, as in 10.0.0.0/8")
).pipe(Schema.brand("Cidr"))
export type Cidr = typeof Cidr.Type

const blocks = (...cidrs: ReadonlyArray<string>) => cidrs.map((cidr) => ipaddr.parseCIDR(cidr))

const special4 = blocks(
  "0.0.0.0/8", // "this network"; Linux takes 0.0.0.0 for itself
  "10.0.0.0/8", // private
  "100.64.0.0/10", // shared by a provider's customers; holds a cloud's metadata service too
  "127.0.0.0/8", // loopback
  "168.63.129.16/32", // public by number, but on a machine at Azure its host's control channel
  "169.254.0.0/16", // link-local, metadata services
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays, deprecated
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4" // reserved, broadcast
)

/** All there is of public unicast. What lies outside of it (loopback, `fc00::/7`, `fe80::/10`, …) needs no list. */
const global6 = ipaddr.parseCIDR("2000::/3")

const special6 = blocks(
  "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4: leads to an IPv4 address that is not the one seen here
  "3fff::/20" // documentation
)

/** A NAT64 gateway of a network without IPv4 sends these to the IPv4 address in the last 32 bits (RFC 6052). */
const nat64 = ipaddr.parseCIDR("64:ff9b::/96")

type Address = ipaddr.IPv4 | ipaddr.IPv6

const within = (address: Address, [network, bits]: [Address, number]): boolean =>
  address.kind() === network.kind() && address.match(network, bits)

/** As dotted decimals or as IPv6. An IPv4 address in IPv6 clothes (`::ffff:127.0.0.1`) is that IPv4 address. */
const parse = (address: string): Address | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address)
  if (!/^[\da-f:.]+$/iu.test(address) || !URL.canParse(`http://[${address}]/`)) return undefined
  // Through the URL parser, which writes it in hexadecimal: ipaddr.js takes `::8.8.8.8`, as inet_ntop writes ::808:808,
  // for an IPv4 address.
  return ipaddr.process(new URL(`http://[${address}]/`).hostname.slice(1, -1))
}

const isPublicUnicast = (address: Address): boolean => {
  if (address instanceof ipaddr.IPv4) return !special4.some((block) => within(address, block))
  if (within(address, nat64)) return isPublicUnicast(new ipaddr.IPv4(address.toByteArray().slice(12)))
  return within(address, global6) && !special6.some((block) => within(address, block))
}

/** `address` as a resolver or a socket writes it; anything else is not public. */
export const isPublic = (address: string): boolean => {
  const parsed = parse(address)
  return parsed !== undefined && isPublicUnicast(parsed)
}

export const isWithin = (address: string, cidrs: ReadonlyArray<Cidr>): boolean => {
  const parsed = parse(address)
  return parsed !== undefined && cidrs.some((cidr) => within(parsed, ipaddr.parseCIDR(cidr)))
}

/** What every reader of a host name would come to in the end; `undefined` when it is none. */
const canonicalHost = (hostname: string): string | undefined => {
  const bare = hostname.replace(/^\[|\]$/gu, "").replace(/[.。．｡]+$/u, "")
  const host = bare.includes(":") ? `[${bare.replace(/%.*$/u, "")}]` : bare
  // The URL standard's parser knows the decimal, hexadecimal, octal, shortened, percent-encoded and full-width
  // spellings. These characters would make it look for the host elsewhere.
  if (host === "" || /[\s/\\?#@]/u.test(host) || !URL.canParse(`http://${host}/`)) return undefined
  return new URL(`http://${host}/`).hostname.replace(/^\[|\]$/gu, "")
}

/**
 * The address that `hostname`, of a URL or as somebody typed it, is a spelling of, as dotted decimals or as IPv6;
 * `undefined` for a name, which only a resolver can tell the address of.
 */
export const literalAddress = (hostname: string): string | undefined => {
  const host = canonicalHost(hostname)
  return host === undefined ? undefined : parse(host)?.toString()
}

/** Top-level names that public DNS never answers for (RFC 6761, 6762 appendix G; ICANN for `internal`). */
const privateSuffixes = new Set([
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan"
])

/**
 * Whether `hostname` leads to no public address, as far as that can be told without asking anybody: a non-public
 * address in any spelling, or a name of a private network, which one without a dot is too.
 */
export const isLiterallyPrivate = (hostname: string): boolean => {
  const host = canonicalHost(hostname)
  if (host === undefined) return true
  const address = parse(host)
  if (address !== undefined) return !isPublicUnicast(address)
  const labels = host.split(".")
  return labels.length === 1 || privateSuffixes.has(labels.at(-1) ?? "") || host.endsWith(".home.arpa")
}
