import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Hash, Schema } from "effect"
import type { Layer } from "effect"
import { appendFile, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as Ledger from "../../adapters/simulator/Ledger.ts"
import type { Simulator } from "../../adapters/simulator/Simulator.ts"
import { ledger, mobile, request, running, script, send, temporaryFolder, wamidOf } from "./RunningSimulator.ts"

const other = "5521987654321"
const attempt = (id: string, fields: object = {}) => send({ biz_opaque_callback_data: id, ...fields })

/** How many there are in all, where to go on, and the attempts of the page. */
const page = (query: string) =>
  Effect.map(ledger(query), ({ count, next, sends }) => [count, next, sends.map(({ attempt_id }) => attempt_id)])

type LayerError = Layer.Error<ReturnType<typeof running>>

/** Runs simulators one after the other on one file. */
const onFile = <A, E>(
  story: (
    run: <B, F>(use: Effect.Effect<B, F, Simulator>) => Effect.Effect<B, F | LayerError>,
    path: string
  ) => Effect.Effect<A, E>
) =>
  Effect.gen(function* () {
    const path = join(yield* temporaryFolder, "deep", "ledger.jsonl")
    return yield* story((use) => use.pipe(Effect.provide(running({ ledgerPath: path, seed: "file" }))), path)
  }).pipe(Effect.scoped)

const sendOf = (to: string, attempt_id: string | null): Ledger.Send => ({
  wamid: "wamid.x",
  to,
  attempt_id,
  phone_number_id: "1",
  at: "2026-01-01T00:00:00.000Z",
  body: null
})

layer(running())("The ledger", (it) => {
  const empty = request("DELETE", "/_simulator/ledger")

  it.effect("holds every send it accepted, as it came", () =>
    Effect.gen(function* () {
      yield* empty
      const wamid = wamidOf(yield* attempt("tentativa-1"))
      const { count, sends } = yield* ledger()
      assert.strictEqual(count, 1)
      assert.deepInclude(sends[0], {
        wamid,
        to: mobile,
        attempt_id: "tentativa-1",
        phone_number_id: "106540352242922",
        body: {
          messaging_product: "whatsapp",
          to: `+${mobile}`,
          type: "text",
          text: { body: "Olá, tudo bem?" },
          biz_opaque_callback_data: "tentativa-1"
        }
      })
    })
  )

  it.effect("never takes two sends for one, however alike", () =>
    Effect.gen(function* () {
      yield* empty
      yield* Effect.all(
        Array.from({ length: 50 }, () => attempt("igual")),
        { concurrency: "unbounded" }
      )
      const { count, sends } = yield* ledger("?attempt_id=igual")
      assert.strictEqual(count, 50)
      assert.strictEqual(new Set(sends.map(({ wamid }) => wamid)).size, 50)
    })
  )

  it.effect("is searched by attempt and by number, with and without +", () =>
    Effect.gen(function* () {
      yield* empty
      yield* attempt("a")
      yield* attempt("b", { to: `+${other}` })
      yield* attempt("b")
      yield* send()
      const counts = yield* Effect.forEach(
        [
          "",
          "?attempt_id=b",
          `?to=${mobile}`,
          `?to=%2B${other}`,
          `?to=+${other}`,
          `?to=${mobile}&attempt_id=b`,
          "?to=1"
        ],
        (query) => Effect.map(ledger(query), ({ count }) => count)
      )
      assert.deepStrictEqual(counts, [4, 2, 3, 1, 1, 1, 0])
    })
  )

  it.effect("is read in pages that always tell how many there are in all", () =>
    Effect.gen(function* () {
      yield* empty
      yield* Effect.forEach(["1", "2", "3", "4", "5"], (id) => attempt(id, { to: id === "2" ? other : mobile }))
      assert.deepStrictEqual(yield* page("?limit=2"), [5, 2, ["1", "2"]])
      assert.deepStrictEqual(yield* page("?limit=2&after=2"), [5, 4, ["3", "4"]])
      assert.deepStrictEqual(yield* page("?after=5"), [5, 5, []])
      assert.deepStrictEqual(yield* page("?limit=0"), [5, 0, []])
      assert.deepStrictEqual(yield* page(`?to=${mobile}&limit=2`), [4, 3, ["1", "3"]])
      assert.deepStrictEqual(yield* page(`?to=${mobile}&limit=2&after=3`), [4, 5, ["4", "5"]])
    })
  )

  it.effect("refuses a page that makes no sense", () =>
    Effect.gen(function* () {
      for (const query of ["limit=x", "limit=-1", "limit=1001", "after=1.5", "after=-2"]) {
        assert.strictEqual((yield* request("GET", `/_simulator/ledger?${query}`)).status, 400, query)
      }
    })
  )

  it.effect("can be emptied, and never gives a wamid again", () =>
    Effect.gen(function* () {
      const before = wamidOf(yield* attempt("a"))
      yield* empty
      assert.strictEqual((yield* ledger()).count, 0)
      assert.notStrictEqual(wamidOf(yield* attempt("a")), before)
      assert.strictEqual((yield* ledger("?attempt_id=a")).count, 1)
    })
  )
})

describe("The ledger's file", () => {
  it.effect("holds a send before it is answered", () =>
    onFile((run, path) =>
      run(
        Effect.gen(function* () {
          const wamid = wamidOf(yield* send())
          assert.include(yield* Effect.promise(() => readFile(path, "utf8")), wamid)
        })
      )
    )
  )

  it.effect("holds a send whose answer was lost", () =>
    onFile((run, path) =>
      run(
        Effect.gen(function* () {
          yield* script({ kind: "lost_response" })
          yield* Effect.flip(attempt("perdida"))
          assert.include(yield* Effect.promise(() => readFile(path, "utf8")), "perdida")
        })
      )
    )
  )

  it.effect("is for its owner only, for it holds numbers", () =>
    onFile((run, path) =>
      run(
        Effect.gen(function* () {
          assert.strictEqual((yield* Effect.promise(() => stat(path))).mode & 0o777, 0o600)
        })
      )
    )
  )

  it.effect("is read again by the next simulator, which goes on without repeating a wamid", () =>
    onFile((run) =>
      Effect.gen(function* () {
        yield* run(Effect.all([attempt("1"), attempt("2", { to: other }), attempt("não-ASCII ✅")]))
        const { count, sends } = yield* run(Effect.andThen(attempt("4"), ledger()))
        assert.strictEqual(count, 4)
        assert.deepStrictEqual(
          sends.map(({ attempt_id }) => attempt_id),
          ["1", "2", "não-ASCII ✅", "4"]
        )
        assert.strictEqual(new Set(sends.map(({ wamid }) => wamid)).size, 4)
        assert.strictEqual((yield* run(ledger(`?to=${other}`))).count, 1)
      })
    )
  )

  it.effect("may end in half a line after a crash: that send was never answered and is dropped", () =>
    onFile((run, path) =>
      Effect.gen(function* () {
        yield* run(Effect.all([attempt("1"), attempt("2")]))
        yield* Effect.promise(() => appendFile(path, '{"wamid":"wamid.HBg'))
        const { sends } = yield* run(Effect.andThen(attempt("3"), ledger()))
        assert.deepStrictEqual(
          sends.map(({ attempt_id }) => attempt_id),
          ["1", "2", "3"]
        )
        assert.strictEqual((yield* run(ledger())).count, 3)
      })
    )
  )

  it.effect("that holds anything else is refused at the start, untouched", () =>
    onFile((run, path) =>
      Effect.gen(function* () {
        yield* run(attempt("1"))
        const foreign = '{"isto":"não é um envio"}\n'
        yield* Effect.promise(() => writeFile(path, foreign))
        assert.instanceOf(yield* Effect.flip(run(ledger())), Ledger.LedgerUnusable)
        assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), foreign)
      })
    )
  )

  it.effect("is emptied for good", () =>
    onFile((run) =>
      Effect.gen(function* () {
        yield* run(Effect.andThen(attempt("1"), request("DELETE", "/_simulator/ledger")))
        assert.strictEqual((yield* run(ledger())).count, 0)
      })
    )
  )
})

describe("A search of the ledger", () => {
  const open = Effect.flatMap(temporaryFolder, (folder) => Ledger.make(join(folder, "ledger.jsonl")))
  const Step = Schema.Struct({
    to: Schema.Literals(["5511", "5521", "BR.1"]),
    attempt_id: Schema.NullOr(Schema.Literals(["a", "b", "ç"]))
  })
  const Story = Schema.Array(Step).check(Schema.isMaxLength(40))

  it.effect.prop(
    "finds what a look at every send would find, before and after a restart",
    { story: Story, wanted: Step, after: Schema.Literals([0, 1, 5, 50]), limit: Schema.Literals([0, 1, 3, 1000]) },
    ({ after, limit, story, wanted }) =>
      Effect.gen(function* () {
        const path = join(yield* temporaryFolder, "ledger.jsonl")
        const keys = wanted.attempt_id === null ? { to: wanted.to } : wanted
        const expected = story.flatMap(({ attempt_id, to }, position) =>
          to === wanted.to && (wanted.attempt_id === null || attempt_id === wanted.attempt_id) ? [position] : []
        )
        const look = (books: Ledger.Ledger) =>
          Effect.map(books.search({ keys, after, limit }), ({ count, sends }) => ({ count, found: sends.length }))
        const shown = {
          count: expected.length,
          found: Math.min(limit, expected.filter((position) => position >= after).length)
        }
        const written = Effect.gen(function* () {
          const books = yield* Ledger.make(path)
          for (const { attempt_id, to } of story) yield* books.append(sendOf(to, attempt_id))
          return yield* look(books)
        })
        assert.deepStrictEqual(yield* Effect.scoped(written), shown)
        assert.deepStrictEqual(yield* Effect.scoped(Effect.flatMap(Ledger.make(path), look)), shown)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 40 } }
  )

  it.effect("finds one among thousands", () =>
    Effect.gen(function* () {
      const books = yield* open
      for (let sent = 0; sent < 5000; sent += 1) yield* books.append(sendOf(`55${sent % 2}`, `tentativa-${sent}`))
      const count = (keys: Partial<Ledger.Send>) =>
        Effect.map(books.search({ keys, after: 0, limit: 1 }), (found) => found.count)
      assert.strictEqual(yield* count({ attempt_id: "tentativa-17" }), 1)
      assert.strictEqual(yield* count({ attempt_id: "tentativa-4999" }), 1)
      assert.strictEqual(yield* count({ to: "551" }), 2500)
      assert.strictEqual(yield* count({ to: "550", attempt_id: "tentativa-17" }), 0)
    })
  )

  it.effect("tells attempts apart whose fingerprints are the same", () =>
    Effect.gen(function* () {
      const seen = new Map<number, string>()
      let twins: readonly [string, string] | undefined
      for (let tried = 0; twins === undefined; tried += 1) {
        const id = `tentativa-${tried}`
        const twin = seen.get(Hash.string(id))
        if (twin === undefined) seen.set(Hash.string(id), id)
        else twins = [twin, id]
      }
      const [first, second] = twins
      const books = yield* open
      yield* books.append(sendOf("5511", first))
      yield* books.append(sendOf("5511", second))
      const { count, sends } = yield* books.search({ keys: { attempt_id: second }, after: 0, limit: 10 })
      assert.strictEqual(count, 1)
      assert.include(sends[0], second)
    })
  )
})
