/**
 * Sets a memory installation up: what an operator would do on the command line, and what life brings (a contact who
 * writes, a template that Meta pauses).
 *
 * ```ts
 * const setup = yield* MemorySetup
 * const instance = yield* setup.addInstance({ id: 4 })
 * const queue = yield* setup.addQueue({ instanceId: instance.id, name: "Vendas" })
 * ```
 *
 * An id may be given; else the next one is taken. A mistake in the set-up (an instance that does not exist, an id that
 * is taken, a definition that is wrong) is the programmer's: a defect that says what is wrong.
 */
import { Context, DateTime, Effect, Layer, Option, Result, Struct } from "effect"
import { createHash } from "node:crypto"
import { Campaign, CampaignId, type CampaignState } from "../../core/campaign/Campaign.ts"
import * as CampaignDefinition from "../../core/campaign/CampaignDefinition.ts"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { identityKey, PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { Queue, QueueId, Status, StatusId } from "../../core/conversation/Conversation.ts"
import { ApiKey, ApiKeyId, KeyHash } from "../../core/instance/ApiKey.ts"
import { Instance, InstanceId, type Mode } from "../../core/instance/Instance.ts"
import { Template, TemplateId } from "../../core/template/Template.ts"
import * as TemplateDefinition from "../../core/template/TemplateDefinition.ts"
import { identityOf, type Owned, type StoredInstance, World } from "./World.ts"

/** The instance that something belongs to, and the id it gets where that matters. */
interface Of {
  readonly instanceId: number
  readonly id?: number
}

export class MemorySetup extends Context.Service<
  MemorySetup,
  {
    /** A simulated one with Meta's sample number, unless told otherwise. */
    readonly addInstance: (given?: {
      readonly id?: number
      readonly name?: string
      readonly mode?: Mode
      readonly phoneNumberId?: string
      readonly wabaId?: string
    }) => Effect.Effect<Instance>
    /** `key` is the key itself, as a caller would send it. */
    readonly addKey: (given: Of & { readonly key: string; readonly label?: string }) => Effect.Effect<ApiKey>
    readonly revokeKey: (id: number) => Effect.Effect<void>
    readonly addQueue: (given: Of & { readonly name: string }) => Effect.Effect<Queue>
    readonly addStatus: (given: Of & { readonly name: string }) => Effect.Effect<Status>
    /** `definition` as in `TemplateDefinition`: Meta's template object with our `variables` beside it. */
    readonly addTemplate: (given: Of & { readonly definition: unknown }) => Effect.Effect<Template>
    /** What Meta says of it from now on: `PAUSED`, `APPROVED`. */
    readonly setTemplateStatus: (id: number, status: string) => Effect.Effect<void>
    /** `definition` as in `CampaignDefinition`. */
    readonly addCampaign: (given: Of & { readonly definition: unknown }) => Effect.Effect<Campaign>
    readonly setCampaignState: (id: number, state: CampaignState) => Effect.Effect<void>
    /** `number`: digits with country code. `lastInboundAt` opens the 24-hour window; `Contacts.heard` does so later. */
    readonly addContact: (
      given: Of & { readonly number?: string; readonly name?: string; readonly lastInboundAt?: DateTime.Utc }
    ) => Effect.Effect<Contact>
    /** The next message to the contact opens a new conversation. */
    readonly closeConversation: (contactId: number) => Effect.Effect<void>
  }
>()("aidesk/adapters/memory/MemorySetup") {
  static readonly layer = Layer.effect(
    MemorySetup,
    Effect.map(World, (world) =>
      MemorySetup.of({
        addInstance: ({ id, mode = "simulated", name = "Memory", phoneNumberId, wabaId } = {}) =>
          Effect.sync(() => {
            const instance = new Instance({
              id: InstanceId.make(world.nextId.instance(free(world.instances, id))),
              name,
              mode,
              phoneNumberId: phoneNumberId ?? "106540352242922",
              wabaId: wabaId ?? "102290129340398"
            })
            world.instances.set(instance.id, { instance, revision: 1 })
            return instance
          }),

        addKey: ({ id, instanceId, key, label = "Memory" }) =>
          Effect.map(DateTime.now, (createdAt) => {
            const hash = KeyHash.make(createHash("sha256").update(key).digest("hex"))
            const apiKey = new ApiKey({
              id: ApiKeyId.make(world.nextId.apiKey(id)),
              instanceId: ownerOf(world, instanceId).instance.id,
              label,
              hint: `${key.slice(0, 8)}…`,
              createdAt,
              lastUsedAt: Option.none(),
              revokedAt: Option.none()
            })
            world.apiKeys.set(hash, apiKey)
            return apiKey
          }),

        revokeKey: (id) =>
          Effect.map(DateTime.now, (now) => {
            for (const [hash, key] of world.apiKeys) {
              if (key.id === id)
                world.apiKeys.set(hash, new ApiKey(Struct.assign(key, { revokedAt: Option.some(now) })))
            }
          }),

        addQueue: ({ id, instanceId, name }) =>
          Effect.sync(() => {
            const queue = new Queue({ id: QueueId.make(world.nextId.queue(free(world.queues, id))), name })
            return add(world, world.queues, instanceId, queue)
          }),

        addStatus: ({ id, instanceId, name }) =>
          Effect.sync(() => {
            const status = new Status({ id: StatusId.make(world.nextId.status(free(world.statuses, id))), name })
            return add(world, world.statuses, instanceId, status)
          }),

        addTemplate: ({ definition, id, instanceId }) =>
          Effect.sync(() => {
            const content = Result.getOrThrow(TemplateDefinition.decode(definition))
            const templateId = TemplateId.make(world.nextId.template(free(world.templates, id)))
            return add(world, world.templates, instanceId, new Template({ id: templateId, ...content }))
          }),

        setTemplateStatus: (id, status) =>
          Effect.sync(() => {
            const { instanceId, value } = existing(world.templates, id)
            add(world, world.templates, instanceId, new Template(Struct.assign(value, { status })))
          }),

        addCampaign: ({ definition, id, instanceId }) =>
          Effect.sync(() => {
            const read = Result.getOrThrow(CampaignDefinition.decode(definition))
            const template = existing(world.templates, read.template_id)
            if (template.instanceId !== instanceId) throw new Error(`Instance ${instanceId} has no such template.`)
            const content = Result.getOrThrow(CampaignDefinition.judge(read, template.value))
            const campaignId = CampaignId.make(world.nextId.campaign(free(world.campaigns, id)))
            return add(world, world.campaigns, instanceId, new Campaign({ id: campaignId, ...content }))
          }),

        setCampaignState: (id, state) =>
          Effect.sync(() => {
            const { instanceId, value } = existing(world.campaigns, id)
            add(world, world.campaigns, instanceId, new Campaign(Struct.assign(value, { state })))
          }),

        addContact: ({ id, instanceId, lastInboundAt, name, number: digits }) =>
          Effect.sync(() => {
            const owner = ownerOf(world, instanceId).instance.id
            const number = digits === undefined ? undefined : PhoneNumber.make(digits)
            const identity = number === undefined ? undefined : identityOf(owner, identityKey(number))
            if (identity !== undefined && world.contactIds.has(identity)) {
              throw new Error(`Instance ${owner} has a contact with the number ${digits} already.`)
            }
            const contact = new Contact({
              id: ContactId.make(world.nextId.contact(free(world.contacts, id))),
              instanceId: owner,
              number: Option.fromUndefinedOr(number),
              name: Option.fromUndefinedOr(name),
              lastInboundAt: Option.fromUndefinedOr(lastInboundAt)
            })
            world.contacts.set(contact.id, { contact, namedBy: undefined })
            if (identity !== undefined) world.contactIds.set(identity, contact.id)
            return contact
          }),

        closeConversation: (id) =>
          Effect.map(DateTime.now, (closedAt) => {
            const contactId = ContactId.make(id)
            const open = world.openConversations.get(contactId)
            const conversation = open === undefined ? undefined : world.conversations.get(open)
            if (conversation === undefined) return
            world.conversations.set(conversation.id, { ...conversation, closedAt })
            world.openConversations.delete(contactId)
          })
      })
    )
  )
}

/** `id`, which nothing has yet. */
const free = (taken: ReadonlyMap<number, unknown>, id: number | undefined): number | undefined => {
  if (id !== undefined && taken.has(id)) throw new Error(`The id ${id} is taken.`)
  return id
}

const existing = <A>(all: ReadonlyMap<number, A>, id: number): A => {
  const found = all.get(id)
  if (found === undefined) throw new Error(`Nothing has the id ${id}.`)
  return found
}

const ownerOf = (world: World["Service"], instanceId: number): StoredInstance => {
  const all: ReadonlyMap<number, StoredInstance> = world.instances
  const owner = all.get(instanceId)
  if (owner === undefined) throw new Error(`There is no instance ${instanceId}.`)
  return owner
}

/** Puts `value` in its place; what was decided before is decided anew. */
const add = <Id extends number, A extends { readonly id: Id }>(
  world: World["Service"],
  all: Map<Id, Owned<A>>,
  instanceId: number,
  value: A
): A => {
  const owner = ownerOf(world, instanceId)
  all.set(value.id, { instanceId: owner.instance.id, value })
  world.instances.set(owner.instance.id, { ...owner, revision: owner.revision + 1 })
  return value
}
