/**
 * A directory that remembers what it has read. Safe because nothing is sent on a copy that has become
 * stale (see `Listing`), and because whoever is about to refuse a request asks for the current state first.
 */
import { Cache, type Effect, Effect as E, Exit } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import { Directory, type Listing, type Wanted } from "./Directory.ts"
import type { InstanceId } from "./Instance.ts"

type Read = (instanceId: InstanceId, wanted: Wanted) => Effect.Effect<Listing, Unavailable>

/** The cache's own key, read back. */
const wantedByKey = (key: string): readonly [InstanceId, Wanted] => JSON.parse(key)

/** Distinct combinations kept; one is a few kilobytes, most of it the template. */
const capacity = 4096

export const make = (read: Read): Effect.Effect<Directory["Service"]> =>
  E.gen(function* () {
    const cache = yield* Cache.makeWith((key: string) => read(...wantedByKey(key)), {
      capacity,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? "1 minute" : "0 seconds")
    })
    return Directory.of({
      find: (instanceId, wanted, freshness) => {
        const key = JSON.stringify([instanceId, wanted])
        return freshness === "cached" ? Cache.get(cache, key) : Cache.refresh(cache, key)
      }
    })
  })
