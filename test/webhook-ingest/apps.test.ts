/** The apps as they are run, and the webhooks that reach them. */
import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Fiber, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { eventually } from "../journeys/Child.ts"
import * as CuttableProxy from "../journeys/CuttableProxy.ts"
import * as Http from "../journeys/Http.ts"
import * as Product from "../journeys/Product.ts"
import { path, sign } from "./Receiver.ts"

const post = (url: string, body: string, secret: string) =>
  Http.send(url, { path, body, headers: { "x-hub-signature-256": sign(body, secret) } })

const statusOf = (url: string, body: string, secret: string) =>
  Effect.map(post(url, body, secret), ({ status }) => status)

const handshake = (url: string, word: string) =>
  Http.send(url, {
    method: "GET",
    path: `${path}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${word}`
  })

const decodePosts = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ source: Schema.String, body: Schema.String }))
)

/** Of the posts whose body begins so, in their order. */
const kept = (beginning: string) =>
  SqlClient.SqlClient.use(
    (sql) => sql`
      select source, convert_from(body, 'UTF8') as body from inbox
      where convert_from(body, 'UTF8') like ${`${beginning}%`} order by id`
  ).pipe(Effect.flatMap(decodePosts))

layer(Product.layerApart, { excludeTestServices: true, timeout: "60 seconds" })("the HTTP app", (it) => {
  it.effect("keeps webhooks of every app of Meta's and of the simulator in whichever of its processes", () =>
    Effect.gen(function* () {
      const { httpApp } = yield* Product.Apart
      const { child, url } = yield* httpApp({
        AIDESK_HTTP_PROCESSES: "2",
        META_APP_SECRETS: "novo, antigo",
        META_VERIFY_TOKEN: "palavra",
        SIMULATOR_APP_SECRET: "simulado"
      })
      assert.strictEqual((yield* handshake(url, "palavra")).text, "1158201444")
      assert.strictEqual((yield* handshake(url, "outra")).status, 403)
      for (const [secret, status] of [
        ["novo", 200],
        ["antigo", 200],
        ["simulado", 200],
        ["outro", 401]
      ] as const) {
        assert.strictEqual(yield* statusOf(url, `"every ${secret}"`, secret), status)
      }
      assert.deepStrictEqual(yield* kept('"every'), [
        { source: "meta", body: '"every novo"' },
        { source: "meta", body: '"every antigo"' },
        { source: "simulator", body: '"every simulado"' }
      ])
      const { text } = yield* Http.send(url, { method: "GET", path: "/metrics" })
      assert.match(text, /^aidesk_webhook_posts_total\{result="kept"\} 3$/mu)
      assert.match(text, /^aidesk_webhook_posts_total\{result="invalid_signature"\} 1$/mu)
      assert.notInclude(child.output(), '"level":"warn","message":"without')
    })
  )

  it.effect("says at its start, once, that nobody can post without a secret, and refuses everybody", () =>
    Effect.gen(function* () {
      const { httpApp } = yield* Product.Apart
      const { child, url } = yield* httpApp({ AIDESK_HTTP_PROCESSES: "2" })
      assert.lengthOf(child.output().match(/without META_APP_SECRETS/gu) ?? [], 1)
      assert.lengthOf(child.output().match(/without META_VERIFY_TOKEN/gu) ?? [], 1)
      assert.strictEqual(yield* statusOf(url, '"nobody"', ""), 401)
      assert.strictEqual((yield* handshake(url, "")).status, 403)
      assert.deepStrictEqual(yield* kept('"nobody'), [])
    })
  )

  it.effect("answers 503 while the database is away or silent, and keeps what comes when it is back", () =>
    Effect.gen(function* () {
      const { databaseUrl, httpApp } = yield* Product.Apart
      const database = new URL(databaseUrl)
      const proxy = yield* CuttableProxy.to({ host: database.hostname, port: Number(database.port) })
      database.host = `127.0.0.1:${proxy.port}`
      const { url } = yield* httpApp({ DATABASE_URL: database.href, META_APP_SECRETS: "novo" })
      assert.strictEqual(yield* statusOf(url, '"away 1"', "novo"), 200)
      for (const fail of [proxy.cut, proxy.silence]) {
        yield* fail
        const [took, answers] = yield* Effect.timed(
          Effect.forEach(Array.from({ length: 20 }), () => post(url, '"lost"', "novo"), { concurrency: "unbounded" })
        )
        for (const { headers, status } of answers) assert.deepStrictEqual([status, headers["retry-after"]], [503, "5"])
        assert.isBelow(Duration.toSeconds(took), 15)
        yield* proxy.mend
        yield* eventually(Effect.map(statusOf(url, '"away 2"', "novo"), (status) => assert.strictEqual(status, 200)))
      }
      assert.includeMembers(
        (yield* kept('"away')).map(({ body }) => body),
        ['"away 1"', '"away 2"']
      )
    })
  )

  it.effect("killed right after an answer, has kept what it answered for", () =>
    Effect.gen(function* () {
      const { httpApp } = yield* Product.Apart
      const { child, url } = yield* httpApp({ META_APP_SECRETS: "novo" })
      const bodies = Array.from({ length: 200 }, (_, n) => `"killed ${String(n).padStart(3, "0")}"`)
      const answered: Array<string> = []
      yield* Effect.forEach(
        bodies,
        (body) =>
          Effect.gen(function* () {
            const status = yield* statusOf(url, body, "novo")
            assert.strictEqual(status, 200)
            answered.push(body)
            if (answered.length === 100) yield* child.signal("SIGKILL")
          }).pipe(Effect.ignore),
        { concurrency: 32 }
      )
      assert.isAtLeast(answered.length, 100)
      const bodiesKept = (yield* kept('"killed')).map(({ body }) => body)
      assert.includeMembers(bodiesKept, answered)
      assert.strictEqual(new Set(bodiesKept).size, bodiesKept.length)
    })
  )

  it.effect("asked to end, answers what is under way and ends with 0", () =>
    Effect.gen(function* () {
      const { httpApp } = yield* Product.Apart
      const sql = yield* SqlClient.SqlClient
      const { child, url } = yield* httpApp({ META_APP_SECRETS: "novo" })
      assert.strictEqual(yield* statusOf(url, '"ending 1"', "novo"), 200)
      const posting = yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* sql`lock table inbox in share mode`
          const posting = yield* Effect.forkDetach(statusOf(url, '"ending 2"', "novo"))
          yield* eventually(
            Effect.map(
              sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into inbox%'`,
              (rows) => assert.strictEqual(rows.length, 1)
            )
          )
          yield* child.signal("SIGTERM")
          return posting
        })
      )
      assert.strictEqual(yield* Fiber.join(posting), 200)
      assert.deepStrictEqual(yield* child.ended, { code: 0, signal: null })
    })
  )
})

const Kept = Schema.fromJsonString(Schema.Struct({ appSecret: Schema.String, verifyToken: Schema.String }))

layer(Product.layerOperator, { excludeTestServices: true, timeout: "60 seconds" })(
  "everything in one process",
  (it) => {
    it.effect(
      "takes the webhooks of its own simulator by the secret it keeps, and those of Meta by the one it is given",
      () =>
        Effect.gen(function* () {
          const folder = yield* Product.temporaryFolder
          const { url } = yield* Product.standalone(folder, { ...(yield* Product.shared), META_APP_SECRETS: "novo" })
          const text = yield* Effect.promise(() => readFile(join(folder, "secrets.json"), "utf8"))
          const { appSecret, verifyToken } = yield* Schema.decodeUnknownEffect(Kept)(text)
          assert.strictEqual((yield* handshake(url, verifyToken)).text, "1158201444")
          assert.strictEqual(yield* statusOf(url, '"one of the simulator"', appSecret), 200)
          assert.strictEqual(yield* statusOf(url, '"one of Meta"', "novo"), 200)
          assert.strictEqual(yield* statusOf(url, '"one of nobody"', "outro"), 401)
          assert.deepStrictEqual(yield* kept('"one'), [
            { source: "simulator", body: '"one of the simulator"' },
            { source: "meta", body: '"one of Meta"' }
          ])
        })
    )
  }
)
