import { Duration } from "effect"

/** In which everything is free: from the answer to a customer who came by an ad on. */
export interface EntryPoint {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

/**
 * Free entry points (*Pricing*): a customer who comes by an ad and is answered within 24 hours opens 72 hours in which
 * all messages are free. Of all conversations the latest ten thousand.
 */
export interface EntryPoints {
  readonly cameByAd: (phoneNumberId: string, userId: string, at: number) => void
  /** The one that a message of this moment is sent in. */
  readonly during: (phoneNumberId: string, userId: string, at: number) => EntryPoint | undefined
}

const answerWithin = Duration.toMillis("24 hours")
const lasts = Duration.toMillis("72 hours")
const remembered = 10_000

const keyOf = (phoneNumberId: string, userId: string) => `${phoneNumberId}/${userId}`

export const make = (idOf: (key: string) => string): EntryPoints => {
  const arrivals = new Map<string, { readonly at: number; readonly answeredAt: number | undefined }>()

  return {
    cameByAd: (phoneNumberId, userId, at) => {
      const key = keyOf(phoneNumberId, userId)
      arrivals.delete(key)
      arrivals.set(key, { at, answeredAt: undefined })
      for (const oldest of arrivals.keys()) {
        if (arrivals.size <= remembered) break
        arrivals.delete(oldest)
      }
    },
    during: (phoneNumberId, userId, at) => {
      const key = keyOf(phoneNumberId, userId)
      const arrival = arrivals.get(key)
      if (arrival === undefined) return undefined
      const answeredAt = arrival.answeredAt ?? (at - arrival.at <= answerWithin ? at : undefined)
      if (answeredAt === undefined || at > answeredAt + lasts) {
        arrivals.delete(key)
        return undefined
      }
      arrivals.set(key, { ...arrival, answeredAt })
      return { id: idOf(`${key}/${arrival.at}`), endsAt: answeredAt + lasts }
    }
  }
}
