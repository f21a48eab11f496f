/** What the suite of the applier looks at: what updates left of themselves in people, messages and settings. */
import { Context, type DateTime, type Effect } from "effect"
import type { ConsentChange } from "../../core/consent/Consent.ts"
import type { HeldKey } from "../../core/contact/PersonKeys.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import type { InboundRecord } from "../../core/inbound/InboundRecord.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import type { CurrentStatus, StatusEvent } from "../../core/message/StatusHistory.ts"
import type { TemplateId } from "../../core/template/Template.ts"

export interface Heard {
  /** By Meta's time, then by name. */
  readonly statuses: ReadonlyArray<StatusEvent & { readonly wamid: string }>
  /** What they come to; nothing where Meta told of nothing. */
  readonly state: { readonly status: CurrentStatus; readonly wamid: string; readonly at: DateTime.Utc } | undefined
}

export interface StoredPerson {
  readonly id: number
  readonly number: string | undefined
  readonly name: string | undefined
  readonly username: string | undefined
  readonly userId: string | undefined
  readonly lastInboundAt: DateTime.Utc | undefined
  /** Whether marketing stops here, for this id. */
  readonly optedOut: boolean
  /** By kind, value and time. */
  readonly keys: ReadonlyArray<HeldKey>
  /** By time. */
  readonly consents: ReadonlyArray<ConsentChange>
  /** Set where the contact proved to be another. */
  readonly mergedInto: number | undefined
}

export interface StoredFile {
  readonly metaId: string
  readonly kind: string
  readonly mimeType: string | undefined
  readonly filename: string | undefined
}

export interface StoredHealth {
  readonly aspect: string
  /** Canonical JSON. */
  readonly value: string
  readonly at: DateTime.Utc
}

export class Traces extends Context.Service<
  Traces,
  {
    /** In the order in which they are told. */
    readonly events: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<StoredEvent>>
    readonly heard: (id: MessageId) => Effect.Effect<Heard>
    /** In the order of their ids. */
    readonly inbound: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<InboundRecord>>
    readonly file: (id: MessageId) => Effect.Effect<StoredFile | undefined>
    /** All contacts of an instance, aliases too, in the order of their ids. */
    readonly people: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<StoredPerson>>
    /** By aspect. */
    readonly health: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<StoredHealth>>
    readonly quality: (id: TemplateId) => Effect.Effect<string | undefined>
    /** Statuses that wait for their message. */
    readonly parked: (instanceId: InstanceId) => Effect.Effect<number>
    readonly displayNumber: (instanceId: InstanceId) => Effect.Effect<string | undefined>
    /** From now on the store refuses a message of this text, and a status of this `wamid`. A defect where it can refuse nothing. */
    readonly refuse: (text: string) => Effect.Effect<void>
  }
>()("test/contract/Traces") {}
