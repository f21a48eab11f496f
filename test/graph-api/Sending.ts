import { Duration, Effect, Layer, Option, Redacted } from "effect"
import * as GraphGateway from "../../adapters/graph-api/GraphGateway.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import { Instance, InstanceId } from "../../core/instance/Instance.ts"
import { AttemptId } from "../../core/message/Message.ts"
import { MessageGateway } from "../../core/message/MessageGateway.ts"
import type { OutgoingMessage } from "../../core/message/OutgoingMessage.ts"

export const token = "EAAJB-a-token-of-meta"

const sales = {
  id: InstanceId.make(4),
  name: "Vendas",
  mode: "live",
  phoneNumberId: "106540352242922",
  wabaId: "102290129340398"
} as const

export const instance = new Instance(sales)

/** The same number, rehearsed. */
export const rehearsal = new Instance({ ...sales, mode: "simulated" })

export const ofNumber = (phoneNumberId: string) => new Instance({ ...sales, phoneNumberId })

export const ofId = (id: number) => new Instance({ ...sales, id: InstanceId.make(id) })

export const attemptId = AttemptId.make("0192f0c1-2b3a-7c4d-8e5f-000000000001")

export const nthAttempt = (n: number) => AttemptId.make(`0192f0c1-2b3a-7c4d-8e5f-${n.toString(16).padStart(12, "0")}`)

export const hello: OutgoingMessage = {
  to: PhoneNumber.make("5511978049825"),
  content: { type: "text", body: "Olá, José" }
}

/** Every instance has the token. */
const tokens = Layer.succeed(
  AccessTokens,
  AccessTokens.of({ find: () => Effect.succeed(Option.some(Redacted.make(token))) })
)

/** A gateway whose Meta is at `url`. */
export const to = (url: string, options: Partial<GraphGateway.Options> = {}) =>
  GraphGateway.layer({ graphBaseUrl: url, simulatorUrl: undefined, ...options }).pipe(Layer.provide(tokens))

type Call = Parameters<MessageGateway["Service"]["send"]>[0]

/** As the core calls: uninterruptible. */
export const send = (call: Partial<Call> = {}) =>
  Effect.flatMap(MessageGateway, (gateway) =>
    gateway.send({ instance, attemptId, message: hello, timeout: Duration.seconds(5), ...call })
  ).pipe(Effect.uninterruptible)
