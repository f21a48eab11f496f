import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Redacted, Schema } from "effect"
import { openApi } from "../../apps/http/docs/OpenApi.ts"
import * as HookEvents from "../../apps/http/docs/HookEvents.ts"
import { referencePage } from "../../apps/http/docs/ReferencePage.ts"
import { allowedUnder } from "../../apps/http/v1/endpoints.ts"
import * as WebhookAnswer from "../../apps/http/v1/WebhookAnswer.ts"
import { Event, eventTypes } from "../../core/event/Event.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { Delivery, DeliveryId } from "../../core/webhook/Delivery.ts"
import { WebhookEndpoint, WebhookEndpointId, WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import { validator } from "./JsonSchema.ts"
import { textOf } from "./WellFormed.ts"

const document = openApi("https://api.example.com")
const reference = textOf(referencePage(document))

const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
const hex = "019f0c5e7b1a7cc39d5e3f2a1b4c5d6e"
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`

const endpoint = new WebhookEndpoint({
  id: WebhookEndpointId.make(`we_${hex}`),
  instanceId: InstanceId.make(4),
  url: WebhookUrl.make("https://loja.example.com/"),
  eventTypes: ["message.read"],
  description: "",
  disabled: Option.some({ reason: "gone", since: at }),
  failingSince: Option.some(at),
  heldUntil: Option.none(),
  holds: 0,
  previousSecretUntil: Option.some(at),
  createdAt: at
})

const delivery = new Delivery({
  id: DeliveryId.make(`dlv_${hex}`),
  instanceId: InstanceId.make(4),
  endpointId: endpoint.id,
  eventId: `evt_${hex}`,
  eventType: "message.read",
  state: "exhausted",
  attempts: 2,
  nextAt: Option.none(),
  createdAt: at,
  settledAt: Option.some(at),
  log: [
    { at, status: null, latencyMillis: 15_000, error: "timeout", answer: null },
    { at, status: 500, latencyMillis: 12, error: "refused", answer: "não" }
  ]
})

const decodeEvent = Schema.decodeUnknownSync(Event)

describe("What the documentation says of webhooks", () => {
  it.each(eventTypes)("shows a %s as it is sent", (type) => {
    const media = document.webhooks?.[type]?.post?.requestBody?.content["application/json"] ?? assert.fail("none")
    const [example] = Object.values(media.examples ?? {})
    assert.isDefined(example)
    assert.strictEqual(validator(document, media.schema).faultsOf(example.value), "")
    assert.strictEqual(decodeEvent(example.value).type, type)
  })

  it("has every type of event, and no other", () => {
    assert.sameMembers(Object.keys(document.webhooks ?? {}), [...eventTypes])
    for (const type of eventTypes) assert.include(reference, type)
  })

  it("names the three headers that carry the signature", () => {
    for (const { post } of Object.values(document.webhooks ?? {})) {
      const names = (post?.parameters ?? []).flatMap((parameter) => ("name" in parameter ? [parameter.name] : []))
      assert.deepStrictEqual(names, ["webhook-id", "webhook-timestamp", "webhook-signature"])
      for (const name of names) assert.include(reference, name)
    }
  })

  it("tells of a message's event under an id that the event of no other status has", () => {
    const ids = eventTypes.filter((type) => type.startsWith("message.")).map((type) => HookEvents.exampleOf(type).id)
    assert.strictEqual(new Set(ids).size, ids.length)
  })

  it("describes every member of what is answered", () => {
    for (const [name, value] of [
      ["WebhookEndpoint", WebhookAnswer.ofEndpoint(endpoint)],
      ["WebhookEndpointWithSecret", WebhookAnswer.withSecret({ endpoint, secret: Redacted.make(secret) })],
      ["Delivery", WebhookAnswer.ofDelivery(delivery)],
      ["ListedDelivery", WebhookAnswer.inList(delivery)]
    ] as const) {
      assert.strictEqual(validator(document, { $ref: `#/components/schemas/${name}` }).faultsOf(value), "", name)
    }
  })

  it("tells of the methods that each address really takes", () => {
    const own = Object.entries(document.paths).filter(([path]) => /^\/v1\/(?:webhook-endpoints|deliveries)/u.test(path))
    assert.isAbove(own.length, 6)
    for (const [path, item] of own) {
      const methods = Object.keys(item).map((method) => method.toUpperCase())
      const allowed = allowedUnder(path.replaceAll(/\{\w+\}/gu, "x"))?.split(", ") ?? []
      assert.sameMembers(
        methods,
        allowed.filter((method) => method !== "HEAD"),
        path
      )
    }
  })
})
