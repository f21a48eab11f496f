import { assert } from "@effect/vitest"
import { Effect, Exit, Schema } from "effect"
import { CampaignId } from "../../../core/campaign/Campaign.ts"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { Failure, failure } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import { isPlain } from "../../../core/message/PlainText.ts"
import { type Outcome, Sends } from "../../../core/message/Sends.ts"
import { TemplateId } from "../../../core/template/Template.ts"
import { Fixture } from "../Fixture.ts"
import type { SendsIt } from "../sends.ts"
import { accepted, reservationIn, settlementOf, textRecord, toNumber } from "./Example.ts"

const encode = Schema.encodeSync(Failure)

const Plain = Schema.String.check(Schema.makeFilter(isPlain))

const texts: ReadonlyArray<readonly [name: string, text: string]> = [
  ["nothing", ""],
  ["emoji and joined emoji", "👋🏽 👩‍👩‍👧‍👦 🇧🇷"],
  ["quotes", `"aspas" 'simples' «francesas» \`graves\``],
  ["backslashes", String.raw`\ \\ \n \u0000 \x00 C:\temp\ñ`],
  ["what SQL and JSON are made of", `'; drop table message; -- {"a": [null, ""]} $1 $$ %s {{1}}`],
  ["right to left and direction marks", "مرحبا \u202Eabc\u202C שלום"],
  ["controls", "\u0001\u0007\b\t\n\v\f\r\u001B\u007F\u0085\u2028\u2029\uFEFF\uFFFD\uFFFF"],
  ["composed and decomposed accents", "é e\u0301 ﬁ Å Å"],
  ["4096 characters of four bytes", "𝕏".repeat(4096)]
]

export const keepingExactly = (it: SendsIt) => {
  it.effect.each(texts)("a text comes back exactly: %s", ([, text]) =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const record = { ...textRecord(text), kind: "template" as const, variables: { nome: text, [`"${text}`]: "" } }
      const send = yield* reservationIn(instanceId, { record, recipient: toNumber("5511978049825", text) })
      yield* sends.reserve(send)
      assert.deepStrictEqual((yield* fixture.message(send.messageId))?.record, record)
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, text)
    })
  )

  it.effect.prop(
    "any text comes back exactly, in message, variables, name and failure",
    { text: Plain, other: Plain },
    ({ other, text }) =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const sends = yield* Sends
        const { id: instanceId } = yield* fixture.instance
        const record = { ...textRecord(text), variables: { [other]: text } }
        const send = yield* reservationIn(instanceId, { record, recipient: toNumber("5511978049825", other) })
        yield* sends.reserve(send)
        const given = failure("invalid_variable", { message: text, field: other })
        yield* sends.settle(yield* settlementOf(send, { _tag: "Failed", failure: given, final: true }))
        const stored = yield* fixture.message(send.messageId)
        assert.deepStrictEqual(stored?.record, record)
        assert.deepStrictEqual(stored?.failure && encode(stored.failure), encode(given))
        assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, other)
      }),
    { arbitrary: { runs: 30 } }
  )

  it.effect("everything that was asked for is kept with the message", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const { id: instanceId } = yield* fixture.instance
      const record = {
        kind: "template",
        text: "Olá Ana, seu código é 42.",
        mediaUrl: "https://exemplo.com.br/fotos/a%20b.jpg?x=1&y=ç",
        templateId: TemplateId.make(15),
        campaignId: CampaignId.make(3),
        variables: { nome: "Ana", codigo: "42" }
      } as const
      const send = yield* reservationIn(instanceId, { record })
      yield* (yield* Sends).reserve(send)
      assert.deepStrictEqual((yield* fixture.message(send.messageId))?.record, record)
    })
  )

  it.effect("a failure is found again word for word, with all that Meta said", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const given = failure("meta_refused_until", {
        message: `A Meta disse "não" \\o/ 🙃.`,
        field: "number",
        retryAfter: 86_400,
        meta: new MetaError({
          code: 131049,
          subcode: 2494055,
          title: `"Não entregue"`,
          details: "Это сообщение\nне было доставлено",
          fbtrace_id: "A1b2/+=="
        })
      })
      const idempotency = { path: "/send-message", key: "word for word", bodyHash: "b0d1", requestId: "1" }
      const send = yield* reservationIn(instanceId, { idempotency })
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, { _tag: "Failed", failure: given, final: true }))
      const earlier = yield* sends.earlier(instanceId, idempotency.path, idempotency.key, send.at)
      const found = earlier._tag === "Some" ? earlier.value.failure : undefined
      assert.deepStrictEqual(found && encode(found), encode(given))
      const stored = yield* fixture.message(send.messageId)
      assert.deepStrictEqual(stored?.failure && encode(stored.failure), encode(given))
    })
  )

  it.effect("a reservation that storage cannot hold spoils none of those that arrive with it", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      // What validation keeps out: a NUL, half an emoji, a number beyond 32 bits.
      const poison = [
        yield* reservationIn(instanceId, { record: textRecord("a\u0000b") }),
        yield* reservationIn(instanceId, { record: textRecord("\uD83D") }),
        yield* reservationIn(instanceId, { record: { ...textRecord(""), templateId: TemplateId.make(2 ** 40) } })
      ]
      const sound = yield* Effect.forEach(Array.from({ length: 12 }), (_, index) =>
        reservationIn(instanceId, { recipient: toNumber(`551197804980${index % 10}`) })
      )
      const exits = yield* Effect.forEach(
        sound.flatMap((send, index) => [send, ...(poison[index] === undefined ? [] : [poison[index]])]),
        (send) => Effect.map(Effect.exit(sends.reserve(send)), (exit) => ({ send, exit })),
        { concurrency: "unbounded" }
      )
      for (const { exit, send } of exits) {
        if (!poison.includes(send)) assert.isTrue(Exit.isSuccess(exit))
        const stored = yield* fixture.message(send.messageId)
        assert.strictEqual(stored !== undefined, Exit.isSuccess(exit))
      }
    })
  )

  it.effect("an outcome that storage cannot hold spoils none of those that arrive with it", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const poison: ReadonlyArray<Outcome> = [
        { _tag: "Accepted", wamid: "\u0000", waId: PhoneNumber.make("5511978049825"), held: false },
        { _tag: "Unknown", reason: "\uDC00" },
        { _tag: "Failed", failure: failure("meta_rejected", { message: "\u0000" }), final: true }
      ]
      const all = yield* Effect.forEach([...poison, ...Array.from({ length: 12 }, () => accepted)], (outcome) =>
        Effect.map(reservationIn(instanceId), (send) => ({ send, outcome }))
      )
      yield* Effect.forEach(all, ({ send }) => sends.reserve(send), { concurrency: "unbounded" })
      const exits = yield* Effect.forEach(
        all,
        ({ outcome, send }) =>
          settlementOf(send, outcome).pipe(
            Effect.flatMap(sends.settle),
            Effect.exit,
            Effect.map((exit) => ({ send, outcome, exit }))
          ),
        { concurrency: "unbounded" }
      )
      for (const { exit, outcome, send } of exits) {
        if (!poison.includes(outcome)) assert.isTrue(Exit.isSuccess(exit))
        const stored = yield* fixture.message(send.messageId)
        assert.strictEqual(stored?.status !== "reserved", Exit.isSuccess(exit))
      }
    })
  )
}
