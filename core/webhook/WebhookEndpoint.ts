/**
 * A place of an integrator's that is told of events: its URL, what it wants to hear of, and whether it still is spoken
 * to. Its secret is not part of it, so that nothing that shows an endpoint can show that.
 */
import { Option, Schema } from "effect"
import { type EventType, eventTypes } from "../event/Event.ts"
import { InstanceId } from "../instance/Instance.ts"
import { isPlain, PlainText } from "../message/PlainText.ts"

/** A UUID v7 behind a prefix, without its hyphens. */
export const WebhookEndpointId = Schema.String.check(Schema.isPattern(/^we_[\da-f]{32}$/u)).pipe(
  Schema.brand("WebhookEndpointId")
)
export type WebhookEndpointId = typeof WebhookEndpointId.Type

/** Of one instance. */
export const mostEndpoints = 20

const longestUrl = 2048

/** Credentials in it would stand in every log of the way. */
const isWebhookUrl = (text: string): boolean => {
  const url = text.length > longestUrl || /[\s\p{Cc}]/u.test(text) || !isPlain(text) ? null : URL.parse(text)
  return url !== null && ["https:", "http:"].includes(url.protocol) && url.username === "" && url.password === ""
}

/** As it was written. Where it leads is judged when it is connected to. */
export const WebhookUrl = Schema.String.check(Schema.makeFilter(isWebhookUrl)).pipe(Schema.brand("WebhookUrl"))
export type WebhookUrl = typeof WebhookUrl.Type

/** A test is nobody's to choose: it goes to the endpoint that is tested. */
export type ChosenType = Exclude<EventType, "webhook_endpoint.test">

const isChosen = (type: EventType): type is ChosenType => type !== "webhook_endpoint.test"
export const chosenTypes: ReadonlyArray<ChosenType> = eventTypes.filter(isChosen)

const isWithoutRepetition = (types: ReadonlyArray<string>): boolean => new Set(types).size === types.length

/** Some types, or all: those that do not exist yet, too. */
export const Subscription = Schema.Union([
  Schema.Tuple([Schema.Literal("*")]),
  Schema.NonEmptyArray(Schema.Literals(chosenTypes)).check(Schema.makeFilter(isWithoutRepetition))
])
export type Subscription = typeof Subscription.Type

export const Description = PlainText.check(Schema.isMaxLength(200))

/** `requested` by a person; `failing` for too long; `gone`, as the endpoint itself has said. */
export const DisabledReason = Schema.Literals(["requested", "failing", "gone"])
export type DisabledReason = typeof DisabledReason.Type

export class WebhookEndpoint extends Schema.Class<WebhookEndpoint>("WebhookEndpoint")({
  id: WebhookEndpointId,
  instanceId: InstanceId,
  url: WebhookUrl,
  eventTypes: Subscription,
  description: Schema.String,
  /** Nothing is sent meanwhile, and nothing is lost: what is to be sent waits for as long as the feed keeps it. */
  disabled: Schema.Option(Schema.Struct({ reason: DisabledReason, since: Schema.DateTimeUtc })),
  /** Since when nothing has succeeded. */
  failingSince: Schema.Option(Schema.DateTimeUtc),
  /** No request goes to it before. */
  heldUntil: Schema.Option(Schema.DateTimeUtc),
  /** How often in a row it was held without having said for how long. */
  holds: Schema.Int,
  /** Until when the secret before the current one signs too. */
  previousSecretUntil: Schema.Option(Schema.DateTimeUtc),
  createdAt: Schema.DateTimeUtc
}) {}

export const isEnabled = ({ disabled }: Pick<WebhookEndpoint, "disabled">): boolean => Option.isNone(disabled)

export const wants = ({ eventTypes: [first, ...others] }: Pick<WebhookEndpoint, "eventTypes">, type: EventType) =>
  first === "*" || first === type || others.some((other) => other === type)
