import { Effect, Layer, Option } from "effect"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import { statusOf } from "../../core/message/Sends.ts"
import { type Conversation, World } from "../../adapters/memory/World.ts"
import { ApiKey, ApiKeyId } from "../../core/instance/ApiKey.ts"
import { Fixture, type StoredConversation } from "../contract/Fixture.ts"

const viewOf = ({ closedAt, id, queueId, statusId }: Conversation): StoredConversation => ({
  id,
  queueId,
  statusId,
  open: closedAt === undefined
})

export const layer = Layer.effect(
  Fixture,
  Effect.gen(function* () {
    const setup = yield* MemorySetup
    const world = yield* World

    let count = 0
    const instanceAs: Fixture["Service"]["instanceAs"] = ({
      displayNumber,
      keywords,
      mode = "simulated",
      phoneNumberId = String(++count),
      wabaId = `account-${phoneNumberId}`
    }) =>
      Effect.map(setup.addInstance({ mode, phoneNumberId, wabaId }), (instance) => {
        world.instances.set(instance.id, { instance, revision: 1, displayNumber, keywords })
        return instance
      })

    return Fixture.of({
      instance: Effect.suspend(() => instanceAs({})),
      instanceAs,
      // Not by `addKey`: the suites know keys by their hash only.
      key: ({ createdAt, hash, instanceId, label, revokedAt }) =>
        Effect.sync(() => {
          const key = new ApiKey({
            id: ApiKeyId.make(world.nextId.apiKey()),
            instanceId,
            label,
            hint: "ad_test_0",
            createdAt,
            lastUsedAt: Option.none(),
            revokedAt: Option.fromUndefinedOr(revokedAt)
          })
          world.apiKeys.set(hash, key)
          return key
        }),
      queue: (instanceId) => setup.addQueue({ instanceId, name: "Vendas" }),
      status: (instanceId) => setup.addStatus({ instanceId, name: "Novo" }),
      template: (instanceId, definition) => setup.addTemplate({ instanceId, definition }),
      setTemplateStatus: setup.setTemplateStatus,
      campaign: (instanceId, _template, definition) => setup.addCampaign({ instanceId, definition }),
      contact: setup.addContact,
      closeConversation: setup.closeConversation,

      revision: (instanceId) => Effect.sync(() => world.instances.get(instanceId)?.revision ?? 0),
      message: (id) =>
        Effect.sync(() => {
          const message = world.messages.get(id)
          const conversation = message === undefined ? undefined : world.conversations.get(message.conversationId)
          if (message === undefined || conversation === undefined) return undefined
          const outcome = message.settled?.outcome
          const accepted = outcome?._tag === "Accepted" ? outcome : undefined
          return {
            contactId: message.contactId,
            conversation: viewOf(conversation),
            record: message.record,
            status: outcome === undefined ? "reserved" : statusOf(outcome),
            wamid: accepted?.wamid,
            waId: accepted?.waId,
            failure: outcome?._tag === "Failed" ? outcome.failure : undefined,
            reason: outcome?._tag === "Unknown" ? outcome.reason : undefined,
            calls: message.settled?.calls
          }
        }),
      messageCount: (instanceId) =>
        Effect.sync(() =>
          world.messages.values().reduce((n, message) => n + Number(message.instanceId === instanceId), 0)
        ),
      contacts: (instanceId) =>
        Effect.sync(() =>
          [...world.contacts.values()].flatMap(({ contact: { id, instanceId: owner, name, number } }) =>
            owner === instanceId
              ? [{ id, number: Option.getOrUndefined(number), name: Option.getOrUndefined(name) }]
              : []
          )
        ),
      conversations: (contactId) =>
        Effect.sync(() => [...world.conversations.values()].filter((one) => one.contactId === contactId).map(viewOf))
    })
  })
)
