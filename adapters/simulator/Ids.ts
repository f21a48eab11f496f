import { hash } from "node:crypto"

/**
 * The ids that a simulator hands out.
 *
 * Each is the hash of a seed, the kind and a count, so that two simulators with the same seed that are asked the same
 * things in the same order answer the same, and asking for one kind never shifts another.
 */
export interface Ids {
  /** 18 upper-case hexadecimal digits, as Meta's wamids carry them. */
  readonly message: () => string
  /** 20 of them, as in the wamids of what customers write. `count` is how many there were before. */
  readonly inbound: (count: number) => string
  /** `fbtrace_id` of an error: `A` and 22 characters. */
  readonly trace: () => string
  /** Id of a media object or a template: 16 digits, and a number that JSON carries exactly, as webhooks write it. */
  readonly object: () => string
}

/** `messagesSoFar` continues the message ids of an earlier run with the same seed, so that none comes twice. */
export const make = (seed: string, messagesSoFar: number): Ids => {
  const counts = { message: messagesSoFar, trace: 0, object: 0 }
  const digest = (kind: keyof typeof counts) => {
    counts[kind] += 1
    return hash("sha256", `${seed}/${kind}/${counts[kind]}`, "buffer")
  }
  return {
    inbound: (count) => `3A${hash("sha256", `${seed}/inbound/${count}`, "hex").slice(0, 18).toUpperCase()}`,
    message: () => digest("message").toString("hex", 0, 9).toUpperCase(),
    trace: () => `A${digest("trace").toString("base64url").slice(0, 22)}`,
    object: () => String(1_000_000_000_000_000n + (digest("object").readBigUInt64BE(0) % 8_000_000_000_000_000n))
  }
}
