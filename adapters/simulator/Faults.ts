import { Effect, Schema, Tuple } from "effect"

/**
 * What may go wrong with a send that Meta would otherwise have accepted. Durations in milliseconds.
 *
 * "Recorded" means accepted: the message went out as far as Meta is concerned, and stands in the ledger.
 */
export const Fault = Schema.Union([
  /** Meta's envelope with any code, known or not. Not recorded. */
  Schema.Struct({
    kind: Schema.Literal("graph_error"),
    code: Schema.Int,
    subcode: Schema.optionalKey(Schema.Int),
    details: Schema.optionalKey(Schema.String),
    status: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })))
  }),
  /** The connection is reset, before or after the body is read. Not recorded. */
  Schema.Struct({
    kind: Schema.Literal("reset"),
    stage: Schema.Literals(["before_body", "after_body"]).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("after_body" as const))
    )
  }),
  /** Recorded; the connection is closed without an answer. */
  Schema.Struct({ kind: Schema.Literal("lost_response") }),
  /** Recorded; the connection is closed after half of the answer's body. */
  Schema.Struct({ kind: Schema.Literal("truncated") }),
  /** Recorded at once; answered after the delay. */
  Schema.Struct({
    kind: Schema.Literal("late"),
    delay_ms: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 600_000 })).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(30_000))
    )
  }),
  /** Recorded and answered after the delay; recorded even if the caller has hung up by then. */
  Schema.Struct({
    kind: Schema.Literal("slow"),
    delay_ms: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 600_000 })).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(2000))
    )
  }),
  /** A proxy's HTML page instead of an envelope. Recorded only if `accepted`. */
  Schema.Struct({
    kind: Schema.Literal("http_error"),
    status: Schema.Int.check(Schema.isBetween({ minimum: 400, maximum: 599 })).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(502))
    ),
    accepted: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false)))
  }),
  /** Recorded; 200 without `messages`. */
  Schema.Struct({ kind: Schema.Literal("no_wamid") }),
  /** Recorded; 200 with a body that is no JSON. */
  Schema.Struct({ kind: Schema.Literal("garbage") }),
  /** Recorded; `message_status` is `held_for_quality_assessment`. Templates only. */
  Schema.Struct({ kind: Schema.Literal("held") }),
  /** Recorded; `message_status` is `paused`. Templates only. */
  Schema.Struct({ kind: Schema.Literal("paused") })
])
export type Fault = typeof Fault.Type

/** Which sends a scripted fault waits for; each field that is given must fit. `to` is digits, with or without `+`. */
const Match = Schema.Struct({
  to: Schema.optionalKey(Schema.String),
  phone_number_id: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
})

/**
 * A fault as `POST /_simulator/faults` takes it: its own fields beside `times`, how many sends meet it (default 1), and
 * `match`.
 */
export const ScriptedFault = Fault.mapMembers(
  Tuple.map(
    Schema.fieldsAssign({
      times: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000_000 })).pipe(
        Schema.withDecodingDefaultKey(Effect.succeed(1))
      ),
      match: Schema.optionalKey(Match)
    })
  )
)
export type ScriptedFault = typeof ScriptedFault.Type

/** What a scripted fault is matched against. */
interface FaultTarget {
  readonly to: string
  readonly phone_number_id: string
  readonly type: string
}

/** The scripted faults that are still to come. Each send meets the first that fits it. */
export interface Faults {
  readonly add: (faults: ReadonlyArray<ScriptedFault>) => void
  /** `times` is how many sends each still waits for. */
  readonly list: () => ReadonlyArray<ScriptedFault>
  readonly clear: () => void
  /** Uses up the first fault if it is a reset that strikes any send before its body is read. */
  readonly takeBeforeBody: () => boolean
  /** Uses up the first fault that fits. */
  readonly take: (target: FaultTarget) => Fault | undefined
}

const forTemplates = new Set<Fault["kind"]>(["held", "paused"])

export const appliesTo = (fault: Fault, messageType: string): boolean =>
  messageType === "template" || !forTemplates.has(fault.kind)

const fits = (scripted: ScriptedFault, target: FaultTarget): boolean => {
  const { match } = scripted
  return (
    appliesTo(scripted, target.type) &&
    (match?.to === undefined || match.to.replace(/^\+/u, "") === target.to) &&
    (match?.phone_number_id === undefined || match.phone_number_id === target.phone_number_id) &&
    (match?.type === undefined || match.type === target.type)
  )
}

export const make = (): Faults => {
  let queue: ReadonlyArray<ScriptedFault> = []

  const use = (position: number): Fault | undefined => {
    const scripted = queue[position]
    if (scripted === undefined) return undefined
    const left = scripted.times - 1
    queue = left === 0 ? queue.toSpliced(position, 1) : queue.with(position, { ...scripted, times: left })
    return scripted
  }

  return {
    add: (faults) => {
      queue = [...queue, ...faults]
    },
    list: () => queue,
    clear: () => {
      queue = []
    },
    takeBeforeBody: () => {
      const [next] = queue
      const strikes = next?.kind === "reset" && next.stage === "before_body" && next.match === undefined
      if (strikes) use(0)
      return strikes
    },
    take: (target) => use(queue.findIndex((scripted) => fits(scripted, target)))
  }
}
