import { Effect, Layer, Option } from "effect"
import { consentOf } from "../../core/consent/Consent.ts"
import { ContactProfiles } from "../../core/contact/ContactProfile.ts"
import { survivorOf } from "./messageDetails.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  ContactProfiles,
  Effect.map(World, (world) =>
    ContactProfiles.of({
      find: (instanceId, id) =>
        Effect.sync(() => {
          const stored = world.contacts.get(survivorOf(world, id))
          if (stored?.contact.instanceId !== instanceId) return Option.none()
          const { consents = [], contact, username } = stored
          return Option.some({ contact, username, consent: consentOf(consents) })
        })
    })
  )
)
