import { DateTime, Effect, Layer, Option, Struct } from "effect"
import { Contact } from "../../core/contact/Contact.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  Contacts,
  Effect.map(World, ({ contacts }) => {
    const stored = (instanceId: InstanceId, id: Contact["id"]) => {
      const asked = contacts.get(id)
      const found = asked?.mergedInto === undefined ? asked : contacts.get(asked.mergedInto)
      return found?.contact.instanceId === instanceId ? found : undefined
    }

    return Contacts.of({
      find: (instanceId, id) => Effect.sync(() => Option.fromUndefinedOr(stored(instanceId, id)?.contact)),

      heard: (instanceId, id, at) =>
        Effect.sync(() => {
          const found = stored(instanceId, id)
          if (found === undefined || Option.exists(found.contact.lastInboundAt, DateTime.isGreaterThan(at))) return
          const contact = new Contact(Struct.assign(found.contact, { lastInboundAt: Option.some(at) }))
          contacts.set(found.contact.id, { ...found, contact })
        })
    })
  })
)
