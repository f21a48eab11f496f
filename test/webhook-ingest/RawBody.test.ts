import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Readable } from "node:stream"
import * as RawBody from "../../apps/http/webhooks/RawBody.ts"

/** A request whose body is pushed by hand. */
const incoming = () => new Readable({ read: () => {} })

const reading = (bodies: RawBody.Bodies, request: Readable) =>
  Effect.callback<RawBody.Reading>((resume) => bodies.read(request, (reading) => resume(Effect.succeed(reading))))

const whole = (size: number): Readable => {
  const request = incoming()
  request.push(Buffer.alloc(size, "x"))
  request.push(null)
  return request
}

describe("bodies of one process", () => {
  it.live("are held up to a bound, all together, until they are released", () =>
    Effect.gen(function* () {
      const bodies = RawBody.make(1000)
      const [first, second, third] = [whole(600), whole(600), whole(400)]
      assert.strictEqual((yield* reading(bodies, first))._tag, "Whole")
      assert.strictEqual((yield* reading(bodies, second))._tag, "TooMuch")
      bodies.release(second)
      assert.strictEqual((yield* reading(bodies, third))._tag, "Whole")
      bodies.release(first)
      bodies.release(first)
      bodies.release(third)
      assert.strictEqual((yield* reading(bodies, whole(1000)))._tag, "Whole")
    })
  )

  it.live("are read whole however they are cut", () =>
    Effect.gen(function* () {
      const request = incoming()
      for (const part of ["Ol", "á ", "👋"]) request.push(Buffer.from(part))
      request.push(null)
      assert.deepStrictEqual(yield* reading(RawBody.make(), request), {
        _tag: "Whole",
        bytes: Buffer.from("Olá 👋")
      })
    })
  )

  it.live("of a caller that is gone are broken off", () =>
    Effect.gen(function* () {
      const request = incoming()
      request.destroy()
      assert.strictEqual((yield* reading(RawBody.make(), request))._tag, "BrokenOff")
    })
  )
})
