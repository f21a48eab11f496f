import { layer } from "@effect/vitest"
import type { Layer } from "effect"
import type { Contacts } from "../../core/contact/Contacts.ts"
import type { Inbox } from "../../core/inbound/Inbox.ts"
import type { Quarantine } from "../../core/inbound/Quarantine.ts"
import type { Updates } from "../../core/inbound/Updates.ts"
import type { Directory } from "../../core/instance/Directory.ts"
import type { MessageIds } from "../../core/message/MessageIds.ts"
import type { Sends } from "../../core/message/Sends.ts"
import type { Traces } from "./Traces.ts"
import type { Fixture, Peer } from "./Fixture.ts"
import { anyOrder } from "./updates/anyOrder.ts"
import { consent } from "./updates/consent.ts"
import type { PeerUpdates } from "./updates/Desk.ts"
import { faults } from "./updates/faults.ts"
import { inbound } from "./updates/inbound.ts"
import { keeping } from "./updates/keeping.ts"
import { people } from "./updates/people.ts"
import { racing } from "./updates/racing.ts"
import { settings } from "./updates/settings.ts"
import { statuses } from "./updates/statuses.ts"

type Ports =
  | Updates
  | PeerUpdates
  | Inbox
  | Quarantine
  | Sends
  | Peer
  | Contacts
  | Directory
  | MessageIds
  | Fixture
  | Traces

/**
 * The laws of the `Updates` port, and of what it shares with the ports beside it. Every adapter runs them. `refuses`:
 * whether the store can be made to refuse something, as `Traces.refuse` does.
 */
export const updatesContract = <E>(
  adapter: string,
  live: Layer.Layer<Ports, E>,
  abilities: { readonly refuses: boolean }
) =>
  layer(live, { timeout: "60 seconds" })(`Updates on ${adapter}`, (it) => {
    statuses(it)
    inbound(it)
    people(it)
    consent(it)
    settings(it)
    faults(it, abilities)
    keeping(it)
    racing(it)
    anyOrder(it, 15)
  })
