import { Effect, Layer, Option } from "effect"
import { Directory, type Listing } from "../../core/instance/Directory.ts"
import * as DirectoryCache from "../../core/instance/DirectoryCache.ts"
import { type Owned, World } from "./World.ts"

/** Cached, although there is nothing to spare: so that it answers as the directory of a database does. */
export const layer = Layer.effect(
  Directory,
  Effect.flatMap(World, (world) =>
    DirectoryCache.make((instanceId, wanted) =>
      Effect.sync((): Listing => {
        const own = <A>(found: Owned<A> | undefined): Option.Option<A> =>
          found?.instanceId === instanceId ? Option.some(found.value) : Option.none()
        const { campaignId, queueId, statusId, templateId } = wanted
        const campaign = campaignId === undefined ? Option.none() : own(world.campaigns.get(campaignId))
        const sent = Option.match(campaign, { onNone: () => templateId, onSome: (found) => found.templateId })
        return {
          revision: world.instances.get(instanceId)?.revision ?? 0,
          campaign,
          template: sent === undefined ? Option.none() : own(world.templates.get(sent)),
          queue: own(world.queues.get(queueId)),
          status: own(world.statuses.get(statusId))
        }
      })
    )
  )
)
