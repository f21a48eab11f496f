/** Ten thousand payloads that nobody foresaw: every one that is signed is kept as it came, and no other. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Buffer } from "node:buffer"
import { Agent, request as httpRequest } from "node:http"
import { World } from "../../adapters/memory/World.ts"
import { layer as live, path, Receiver, sign } from "./Receiver.ts"

const payload = {
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "551130000000", phone_number_id: "106540352242922" },
            contacts: [{ profile: { name: "João 👋" }, wa_id: "551178049825" }],
            messages: [
              { from: "551178049825", id: "wamid.A", timestamp: "1790000000", type: "text", text: { body: "Oi" } }
            ],
            statuses: [{ id: "wamid.B", status: "read", timestamp: "1790000000", recipient_id: "551178049825" }]
          }
        }
      ]
    }
  ]
}

/** Numbers below `bound`, the same in every run. */
const dice = () => {
  let state = 20_260_301
  return (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

const strange = [null, "", "\0", "\ud800", -1, 1e308, [], {}, [[[]]], true, "x".repeat(10_000)]

/** With one of its members, at any depth, replaced, removed or doubled. */
const bent = (value: unknown, roll: (bound: number) => number): unknown => {
  if (typeof value !== "object" || value === null || roll(6) === 0) return strange[roll(strange.length)]
  if (Array.isArray(value)) {
    const items: ReadonlyArray<unknown> = value
    return roll(4) === 0 ? [...items, ...items] : items.map((item) => bent(item, roll))
  }
  const members = Object.entries(value)
  const chosen = roll(members.length)
  return Object.fromEntries(
    members.flatMap(([name, member], index) => {
      if (index !== chosen) return [[name, member]]
      return roll(5) === 0 ? [] : [[roll(8) === 0 ? `${name}\u0000` : name, bent(member, roll)]]
    })
  )
}

const damaged = (bytes: Buffer, roll: (bound: number) => number): Buffer => {
  const copy = Buffer.from(bytes)
  for (let times = roll(4); times >= 0; times--) copy[roll(copy.length)] = roll(256)
  return roll(3) === 0 ? copy.subarray(0, roll(copy.length)) : copy
}

const mutations = (count: number): ReadonlyArray<Buffer> => {
  const roll = dice()
  return Array.from({ length: count }, (_, n) => {
    const text = Buffer.from(JSON.stringify(n % 2 === 0 ? payload : (bent(payload, roll) ?? null)))
    return n % 2 === 0 ? damaged(text, roll) : text
  })
}

const agent = Effect.acquireRelease(
  Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 16 })),
  (agent) => Effect.sync(() => agent.destroy())
)

const postBy = (agent: Agent, port: number) => (body: Buffer, signature: string) =>
  Effect.callback<number>((resume) => {
    httpRequest({ agent, port, path, method: "POST", headers: { "x-hub-signature-256": signature } }, (answer) => {
      answer.resume().on("end", () => resume(Effect.succeed(answer.statusCode ?? 0)))
    })
      .on("error", (error) => resume(Effect.die(error)))
      .end(body)
  })

layer(live, { excludeTestServices: true, timeout: "60 seconds" })("ten thousand mutated payloads", (it) => {
  it.effect("are kept as they came where they are signed so, and refused where they were changed since", () =>
    Effect.gen(function* () {
      const { port } = yield* Receiver
      const post = postBy(yield* agent, port)
      const { inbox } = yield* World
      const original = sign(JSON.stringify(payload))
      const bodies = mutations(10_000)
      const statuses = yield* Effect.forEach(bodies, (body) => post(body, sign(body)), { concurrency: 16 })
      assert.deepStrictEqual([...new Set(statuses)], [200])
      assert.deepStrictEqual(
        inbox.map(({ body }) => Buffer.from(body).toString("latin1")).toSorted(),
        bodies.map((body) => body.toString("latin1")).toSorted()
      )

      const changed = bodies.filter((body) => sign(body) !== original)
      const refusals = yield* Effect.forEach(changed.slice(0, 1000), (body) => post(body, original), {
        concurrency: 16
      })
      assert.deepStrictEqual([...new Set(refusals)], [401])
      assert.strictEqual(inbox.length, 10_000)
    })
  )
})
