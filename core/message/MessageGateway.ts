import type { Duration, Effect } from "effect"
import { Context } from "effect"
import type { Instance } from "../instance/Instance.ts"
import type { GatewayAnswer } from "./GatewayAnswer.ts"
import type { AttemptId } from "./Message.ts"
import type { OutgoingMessage } from "./OutgoingMessage.ts"

/**
 * Port: hands one message to Meta, or to the simulator where the instance is simulated.
 *
 * One call is one request: the adapter repeats nothing and follows nothing. It does not fail; what it
 * cannot know it answers as `Lost`. It ends within `timeout`.
 */
export class MessageGateway extends Context.Service<
  MessageGateway,
  {
    readonly send: (call: {
      readonly instance: Instance
      readonly attemptId: AttemptId
      readonly message: OutgoingMessage
      readonly timeout: Duration.Duration
    }) => Effect.Effect<GatewayAnswer>
  }
>()("aidesk/core/message/MessageGateway") {}
