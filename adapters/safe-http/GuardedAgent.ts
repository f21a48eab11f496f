/**
 * An HTTP agent for places that users name. It connects to public addresses only, and looks at the addresses when it
 * connects: what a name resolved to at another time, or will next time, does not count.
 */
import { Duration, Effect, Schema } from "effect"
import { Resolver } from "node:dns/promises"
import type { LookupAddress } from "node:dns"
import { isIP } from "node:net"
import type { LookupFunction } from "node:net"
import { callbackify } from "node:util"
import { Agent, buildConnector } from "undici"
import { type Cidr, isPublic, isWithin } from "./PublicAddress.ts"

/** The host is, or resolves to, an address that is not public. No connection was made. */
export class Blocked extends Schema.TaggedError<Blocked>()("Blocked", {}) {}

export interface Rules {
  /** Further addresses that may be connected to. */
  readonly allow: ReadonlyArray<Cidr>
  /** All addresses of a host name. */
  readonly resolve: (hostname: string) => Promise<ReadonlyArray<string>>
  /** The most that connecting, and then waiting for an answer, may take each. */
  readonly timeout: Duration.Duration
  /** The largest body that is let through, in bytes; 16 KiB unless told. */
  readonly maxResponseBytes?: number
}

/**
 * Asks DNS alone: what `/etc/hosts` and search domains add is private. And unlike the system's own resolver this one
 * occupies no thread of the pool that all of Node's files and look-ups share: a slow name server, which a user may
 * name, would hold up everybody's.
 */
export const askDns: Rules["resolve"] = async (hostname) => {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return ["127.0.0.1", "::1"]
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
}

/** Larger headers fail the request, and unless told otherwise a larger body. */
const maxBytes = 16 * 1024

export const make = (rules: Rules) => {
  const mayConnect = (address: string): boolean => isPublic(address) || isWithin(address, rules.allow)

  /** All or nothing: a name that has a private address beside a public one is an attempt. */
  const checkedAddresses = callbackify(async (hostname: string): Promise<[LookupAddress, ...Array<LookupAddress>]> => {
    const [first, ...others] = (await rules.resolve(hostname)).map((address) => ({ address, family: isIP(address) }))
    if (first === undefined) throw new Error("the name has no address")
    if (![first, ...others].every(({ address }) => mayConnect(address))) throw new Blocked()
    return [first, ...others]
  })

  // The socket gets the addresses from here and has no other source of them.
  const lookup: LookupFunction = (hostname, { all }, callback) =>
    checkedAddresses(hostname, (error, addresses) => {
      if (error !== null) callback(error, [])
      else if (all === true) callback(null, addresses)
      else callback(null, addresses[0].address, addresses[0].family)
    })

  const timeout = Duration.toMillis(rules.timeout)
  const connector = buildConnector({ lookup, timeout, allowH2: false })

  const connect: buildConnector.connector = (options, callback) => {
    // Nothing is looked up for an address.
    if (isIP(options.hostname) !== 0 && !mayConnect(options.hostname)) return callback(new Blocked(), null)
    connector(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      if (socket.remoteAddress !== undefined && mayConnect(socket.remoteAddress)) return callback(null, socket)
      socket.destroy()
      callback(new Blocked(), null)
    })
  }

  return Effect.acquireRelease(
    Effect.sync(
      () =>
        new Agent({
          connect,
          allowH2: false,
          headersTimeout: timeout,
          bodyTimeout: timeout,
          maxHeaderSize: maxBytes,
          maxResponseSize: rules.maxResponseBytes ?? maxBytes
        })
    ),
    (agent) => Effect.promise(() => agent.destroy())
  )
}
