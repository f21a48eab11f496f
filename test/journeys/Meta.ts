/** The simulator, which plays Meta: what it is told to do wrong, and what it has accepted. */
import { Effect, Schema } from "effect"
import type { Fault } from "../../adapters/simulator/Faults.ts"
import * as Http from "./Http.ts"
import { Product } from "./Product.ts"

const control = Effect.fnUntraced(function* (method: string, path: string, body?: unknown) {
  const { simulatorUrl } = yield* Product
  return yield* Effect.orDie(Http.send(simulatorUrl, { method, path: `/_simulator${path}`, body }))
})

interface BusinessNumber {
  readonly phoneNumberId: string
}

/** The next send of this business number meets `fault`; the next `times` do. */
export const script = ({ phoneNumberId }: BusinessNumber, fault: Fault, times = 1) =>
  control("POST", "/faults", { ...fault, times, match: { phone_number_id: phoneNumberId } })

/** The next send of anybody is reset before it is read. */
export const resetUnread = control("POST", "/faults", { kind: "reset", stage: "before_body" })

/** How many scripted faults have not been met yet. */
export const faultsLeft = Effect.map(
  control("GET", "/faults"),
  ({ json }) => Schema.decodeUnknownSync(Schema.Struct({ faults: Schema.Array(Schema.Unknown) }))(json).faults.length
)

/** Every answer of the simulator takes this long from now on. */
export const latency = (ms: number) => control("POST", "/latency", { ms })

const Ledger = Schema.Struct({
  count: Schema.Int,
  sends: Schema.Array(
    Schema.Struct({
      wamid: Schema.String,
      to: Schema.String,
      attempt_id: Schema.NullOr(Schema.String),
      phone_number_id: Schema.String,
      body: Schema.Record(Schema.String, Schema.Unknown)
    })
  )
})
const decodeLedger = Schema.decodeUnknownSync(Ledger)

const longestPage = 1000

/** Every message of this business number that Meta has, in order. */
export const sends = Effect.fnUntraced(function* ({ phoneNumberId }: BusinessNumber) {
  const { json } = yield* control("GET", `/ledger?limit=${longestPage}`)
  const { count, sends } = decodeLedger(json)
  if (count > longestPage) return yield* Effect.die("the ledger has more than one page")
  return sends.filter(({ phone_number_id }) => phone_number_id === phoneNumberId)
})

export const count = (number: BusinessNumber) => Effect.map(sends(number), ({ length }) => length)
