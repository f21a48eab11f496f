import { Duration, Schema } from "effect"

/** How webhooks come. Durations in milliseconds of the simulator's clock. */
export interface WebhookBehaviour {
  /** How long after its acceptance a message is sent, delivered, read and (audio) played. */
  readonly delays: { readonly sent: number; readonly delivered: number; readonly read: number; readonly played: number }
  /** By which part of themselves delays differ from message to message, up or down: 0 to 1. */
  readonly jitter: number
  /**
   * Each update comes up to `delays.read`, at least up to a second, later than it would, and those of one POST in any
   * order.
   */
  readonly shuffle: boolean
  /** How often each update comes again: 2 is twice more, 0.3 is once more for three in ten. */
  readonly duplicate: number
  /** Updates wait for others until there are `size` in a POST (1 to 1,000; at most 3 MB), or for `wait_ms`. */
  readonly batch: { readonly size: number; readonly wait_ms: number }
  /** Nothing is posted until it is released. */
  readonly hold: boolean
  /** A message's first status is posted, and that POST answered or given up, before the send is answered. */
  readonly before_answer: boolean
  /**
   * A POST not answered by 200 is repeated: so many times at once, then after gaps that double from the first to the
   * largest, until it is given up.
   */
  readonly retries: {
    readonly immediate: number
    readonly first_gap_ms: number
    readonly largest_gap_ms: number
    readonly give_up_ms: number
  }
  /** A try that takes longer has failed. */
  readonly timeout_ms: number
  /** How many POSTs at most wait for an answer at the same time. */
  readonly in_flight: number
}

export const usual: WebhookBehaviour = {
  delays: { sent: 300, delivered: 1000, read: 3000, played: 5000 },
  jitter: 0.2,
  shuffle: false,
  duplicate: 0,
  batch: { size: 1, wait_ms: 100 },
  hold: false,
  before_answer: false,
  retries: {
    immediate: 2,
    first_gap_ms: 1000,
    largest_gap_ms: Duration.toMillis("1 hour"),
    give_up_ms: Duration.toMillis("7 days")
  },
  timeout_ms: 10_000,
  in_flight: 16
}

const optional = Schema.optionalKey
const between = (minimum: number, maximum: number) => Schema.isBetween({ minimum, maximum })
const Count = (minimum: number, maximum: number) => optional(Schema.Int.check(between(minimum, maximum)))
const Millis = Count(0, Duration.toMillis("30 days"))

/** What of it is to be otherwise. */
export const BehaviourChange = Schema.Struct({
  delays: optional(Schema.Struct({ sent: Millis, delivered: Millis, read: Millis, played: Millis })),
  jitter: optional(Schema.Finite.check(between(0, 1))),
  shuffle: optional(Schema.Boolean),
  duplicate: optional(Schema.Finite.check(between(0, 20))),
  batch: optional(Schema.Struct({ size: Count(1, 1000), wait_ms: Millis })),
  hold: optional(Schema.Boolean),
  before_answer: optional(Schema.Boolean),
  retries: optional(
    Schema.Struct({ immediate: Count(0, 20), first_gap_ms: Millis, largest_gap_ms: Millis, give_up_ms: Millis })
  ),
  timeout_ms: Count(1, 600_000),
  in_flight: Count(1, 1000)
})
export type BehaviourChange = typeof BehaviourChange.Type

export const changed = (behaviour: WebhookBehaviour, change: BehaviourChange): WebhookBehaviour => ({
  ...behaviour,
  ...change,
  delays: { ...behaviour.delays, ...change.delays },
  batch: { ...behaviour.batch, ...change.batch },
  retries: { ...behaviour.retries, ...change.retries }
})
