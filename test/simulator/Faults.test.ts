import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Fiber, PubSub } from "effect"
import { TestClock } from "effect/testing"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import {
  acceptedAs,
  ledger,
  mobile,
  phoneNumberId,
  refusalOf,
  request,
  running,
  script,
  send
} from "./RunningSimulator.ts"

const clean = Effect.andThen(request("DELETE", "/_simulator/faults"), request("DELETE", "/_simulator/ledger"))

const recorded = Effect.map(ledger(), ({ count }) => count)
const template = { type: "template", template: { name: "pedido", language: { code: "pt_BR" } } }

/** As many seconds as it takes for the answer to come. */
const untilAnswered = <A, E>(answer: Fiber.Fiber<A, E>) =>
  TestClock.adjust("1 second").pipe(
    Effect.andThen(Effect.yieldNow),
    Effect.repeat({ until: () => answer.pollUnsafe() !== undefined }),
    Effect.andThen(Fiber.join(answer))
  )

layer(running({ unknownTemplates: "accept" }))("A scripted fault", (it) => {
  it.effect("graph_error answers Meta's envelope with the code and records nothing", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "graph_error", code: 131026 })
      const answer = yield* send()
      assert.deepInclude(refusalOf(answer), { status: 400, code: 131026, message: "(#131026) Message undeliverable" })
      assert.strictEqual(yield* recorded, 0)
      assert.strictEqual((yield* send()).status, 200)
    })
  )

  it.effect.each([
    [130429, 429],
    [4, 429],
    [80007, 429],
    [131056, 400],
    [131000, 500],
    [131016, 500],
    [133004, 503],
    [2, 503],
    [190, 401],
    [368, 403],
    [132001, 404]
  ] as const)("graph_error with code %d answers with Meta's status %d", ([code, status]) =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "graph_error", code })
      assert.deepInclude(refusalOf(yield* send()), { status, code })
    })
  )

  it.effect("graph_error takes a code nobody knows, and a status, subcode and details of its own", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "graph_error", code: 777_777, status: 418, subcode: 2_494_055, details: "Algo novo" })
      const expected = { status: 418, code: 777_777, subcode: 2_494_055, details: "Algo novo" }
      assert.deepInclude(refusalOf(yield* send()), expected)
    })
  )

  it.effect.each(["before_body", "after_body"])("reset %s ends the connection and records nothing", (stage) =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "reset", stage })
      assert.include(["ECONNRESET", "UND_ERR_SOCKET"], (yield* Effect.flip(send())).code)
      assert.strictEqual(yield* recorded, 0)
      assert.strictEqual((yield* send()).status, 200)
    })
  )

  it.effect("reset before_body strikes even a send that would be refused", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "reset", stage: "before_body" })
      assert.include(["ECONNRESET", "UND_ERR_SOCKET"], (yield* Effect.flip(send({ to: undefined }))).code)
    })
  )

  it.effect("lost_response records the send and ends the connection without an answer", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "lost_response" })
      assert.include(["ECONNRESET", "UND_ERR_SOCKET"], (yield* Effect.flip(send())).code)
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect("truncated records the send and ends the connection in the middle of a 200", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "truncated" })
      const { url } = yield* Simulator
      const body = JSON.stringify({ messaging_product: "whatsapp", to: mobile, text: { body: "x" } })
      const answer = yield* Effect.promise(() =>
        fetch(`${url}/v25.0/${phoneNumberId}/messages`, {
          method: "POST",
          headers: { authorization: "Bearer x" },
          body
        })
      )
      assert.strictEqual(answer.status, 200)
      assert.isAbove(Number(answer.headers.get("content-length")), 0)
      yield* Effect.flip(Effect.tryPromise(() => answer.text()))
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect("late records the send at once and answers after its delay", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "late", delay_ms: 20_000 })
      const accepted = yield* (yield* Simulator).accepted
      const answer = yield* Effect.forkChild(send())
      const sent = yield* PubSub.take(accepted)
      assert.strictEqual(yield* recorded, 1)
      assert.strictEqual(answer.pollUnsafe(), undefined)
      assert.strictEqual(acceptedAs((yield* untilAnswered(answer)).json).messages[0]?.id, sent.wamid)
      assert.isAtLeast(DateTime.toEpochMillis(yield* DateTime.now) - Date.parse(sent.at), 20_000)
    })
  )

  it.effect("slow records and answers the send after its delay", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "slow", delay_ms: 3000 })
      const started = DateTime.toEpochMillis(yield* DateTime.now)
      assert.strictEqual((yield* untilAnswered(yield* Effect.forkChild(send()))).status, 200)
      const { sends } = yield* ledger()
      assert.isAtLeast(sends.map(({ at }) => DateTime.toEpochMillis(at) - started)[0] ?? 0, 3000)
    })
  )

  it.effect("slow records the send even if the caller hangs up meanwhile", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "slow", delay_ms: 60_000 })
      const accepted = yield* (yield* Simulator).accepted
      const answer = yield* Effect.forkChild(send())
      // The fault is used up once the body has been read.
      yield* Effect.repeat(request("GET", "/_simulator/faults"), { until: ({ text }) => text === '{"faults":[]}' })
      yield* Fiber.interrupt(answer)
      yield* PubSub.take(accepted)
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect("http_error answers a page of HTML and records nothing", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "http_error", status: 500 })
      const answer = yield* send()
      assert.strictEqual(answer.status, 500)
      assert.include(answer.contentType, "text/html")
      assert.strictEqual(answer.json, undefined)
      assert.strictEqual(yield* recorded, 0)
    })
  )

  it.effect("http_error records the send where it says accepted", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "http_error", status: 503, accepted: true })
      assert.strictEqual((yield* send()).status, 503)
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect("no_wamid records the send and answers 200 without messages", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "no_wamid" })
      const answer = yield* send()
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(answer.json, {
        messaging_product: "whatsapp",
        contacts: [{ input: `+${mobile}`, wa_id: mobile }]
      })
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect("garbage records the send and answers 200 with what is no JSON", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "garbage" })
      const answer = yield* send()
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.json, undefined)
      assert.strictEqual(yield* recorded, 1)
    })
  )

  it.effect.each([
    ["held", "held_for_quality_assessment"],
    ["paused", "paused"]
  ] as const)("%s records a template and answers it with message_status %s", ([kind, status]) =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind })
      const text = acceptedAs((yield* send()).json)
      assert.strictEqual(text.messages[0]?.message_status, undefined)
      const held = acceptedAs((yield* send(template)).json)
      assert.strictEqual(held.messages[0]?.message_status, status)
      const next = acceptedAs((yield* send(template)).json)
      assert.strictEqual(next.messages[0]?.message_status, "accepted")
      assert.strictEqual(yield* recorded, 3)
    })
  )

  it.effect("meets as many sends as it says, then the next one's turn comes", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script([
        { kind: "graph_error", code: 130429, times: 2 },
        { kind: "graph_error", code: 131016 }
      ])
      const codes = yield* Effect.forEach([1, 2, 3], () => Effect.map(send(), (answer) => refusalOf(answer).code))
      assert.deepStrictEqual(codes, [130429, 130429, 131016])
      assert.strictEqual((yield* send()).status, 200)
    })
  )

  it.effect("waits for the sends it matches and lets the others pass", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script([
        { kind: "graph_error", code: 131026, match: { to: "+5521987654321" } },
        { kind: "graph_error", code: 131053, match: { type: "image" } },
        { kind: "graph_error", code: 133010, match: { phone_number_id: "2" } }
      ])
      assert.strictEqual((yield* send()).status, 200)
      assert.strictEqual(refusalOf(yield* send({ to: "5521987654321" })).code, 131026)
      assert.strictEqual((yield* send({ to: "5521987654321" })).status, 200)
      assert.strictEqual(refusalOf(yield* send({ type: "image", image: { id: "1" } })).code, 131053)
      const remaining = yield* request("GET", "/_simulator/faults")
      assert.deepStrictEqual(remaining.json, {
        faults: [{ kind: "graph_error", code: 133010, times: 1, match: { phone_number_id: "2" } }]
      })
    })
  )

  it.effect("is not used up by a send that is refused anyway", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "graph_error", code: 131026 })
      assert.strictEqual(refusalOf(yield* send({ to: undefined })).code, 131008)
      assert.strictEqual(refusalOf(yield* send()).code, 131026)
    })
  )

  it.effect("is met by one of many sends at the same time", () =>
    Effect.gen(function* () {
      yield* clean
      yield* script({ kind: "graph_error", code: 131026, times: 3 })
      const answers = yield* Effect.all(
        Array.from({ length: 20 }, () => send()),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(answers.filter(({ status }) => status === 400).length, 3)
      assert.strictEqual(yield* recorded, 17)
    })
  )

  it.effect("that is none is refused in Portuguese and leaves the list as it was", () =>
    Effect.gen(function* () {
      yield* clean
      const bad = [
        { kind: "flood" },
        { kind: "late", delay: 5 },
        { kind: "graph_error" },
        { kind: "reset", times: 0 },
        []
      ]
      for (const fault of [...bad, "{"]) {
        const answer = yield* script(fault)
        assert.strictEqual(answer.status, 400, answer.text)
        assert.include(answer.text, "Comando inválido")
      }
      assert.deepStrictEqual((yield* request("GET", "/_simulator/faults")).json, { faults: [] })
    })
  )

  it.effect("is listed until it is cleared", () =>
    Effect.gen(function* () {
      yield* clean
      const listed = yield* script({ kind: "late", times: 2 })
      assert.strictEqual(listed.status, 201)
      assert.deepStrictEqual(listed.json, { faults: [{ kind: "late", delay_ms: 30_000, times: 2 }] })
      assert.deepStrictEqual((yield* request("GET", "/_simulator/faults")).json, listed.json)
      yield* request("DELETE", "/_simulator/faults")
      assert.strictEqual((yield* send()).status, 200)
    })
  )
})

layer(running({ latency: "2 seconds" }))("Latency", (it) => {
  it.effect("passes between the record of a send and its answer", () =>
    Effect.gen(function* () {
      const accepted = yield* (yield* Simulator).accepted
      const answer = yield* Effect.forkChild(send())
      const sent = yield* PubSub.take(accepted)
      assert.strictEqual(yield* recorded, 1)
      yield* untilAnswered(answer)
      assert.isAtLeast(DateTime.toEpochMillis(yield* DateTime.now) - Date.parse(sent.at), 2000)
    })
  )

  it.effect("passes before a refusal too", () =>
    Effect.gen(function* () {
      const started = DateTime.toEpochMillis(yield* DateTime.now)
      assert.strictEqual((yield* untilAnswered(yield* Effect.forkChild(send({ to: undefined })))).status, 400)
      assert.isAtLeast(DateTime.toEpochMillis(yield* DateTime.now) - started, 2000)
    })
  )

  it.effect("can be changed while it runs", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* request("GET", "/_simulator/latency")).json, { ms: 2000 })
      assert.deepStrictEqual((yield* request("POST", "/_simulator/latency", { ms: 0 })).json, { ms: 0 })
      assert.strictEqual((yield* send()).status, 200)
      assert.strictEqual((yield* request("POST", "/_simulator/latency", { ms: -1 })).status, 400)
      assert.deepStrictEqual((yield* request("GET", "/_simulator/latency")).json, { ms: 0 })
    })
  )
})
