import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Schema } from "effect"
import { request } from "undici"
import * as GuardedAgent from "../../adapters/safe-http/GuardedAgent.ts"
import { Cidr } from "../../adapters/safe-http/PublicAddress.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import { largestFile, type MediaFault } from "../../core/media/MediaSource.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import * as RawServer from "../graph-api/RawServer.ts"
import { bytes, claim, file, mediaHost, read, saying, sha256, simulator, source, token, told } from "./Meta.ts"

const serving = mediaHost((socket) => socket.write(file(), "latin1"))
const isFault = (fault: MediaFault, kind: MediaFault["kind"], detail: string) =>
  assert.deepStrictEqual({ kind: fault.kind, detail: fault.detail }, { kind, detail })

const notAmongHosts = "an address that is not among the media hosts"

const refused = (code: number, more: object = {}) => JSON.stringify({ error: { message: "No", code, ...more } })

const simulated = (url: string | undefined) =>
  source({ graph: "http://127.0.0.1:1", ...(url === undefined ? {} : { simulator: url }) })

const whole: Parameters<typeof simulator>[0] = (socket) => socket.write(file(), "latin1")
const chunked: Parameters<typeof simulator>[0] = (socket) =>
  socket.write(
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n${bytes.toString("latin1")}\r\n0\r\n\r\n`,
    "latin1"
  )

describe("the file of a live instance", () => {
  it.effect("is asked of Meta by its id and then of the address that Meta names, with the instance's token", () =>
    Effect.gen(function* () {
      const host = yield* serving
      const meta = yield* saying(told(host.url))
      const got = yield* read(claim("live")).pipe(
        Effect.provide(source({ graph: meta.url, hosts: [`localhost:${host.port}`] }))
      )
      assert.deepStrictEqual(got, { size: bytes.length, mimeType: "application/pdf", bytes })
      const [description] = meta.received
      assert.match(description?.head ?? "", /^GET \/v25\.0\/1908647269898587 HTTP/u)
      const [download] = host.heads
      assert.match(download ?? "", /^GET \/whatsapp_business\/attachments\/\?mid=1 HTTP/u)
      for (const head of [description?.head, download]) assert.include(head, `authorization: Bearer ${token}`)
    })
  )

  it.effect("is asked under the path and the version that were configured", () =>
    Effect.gen(function* () {
      const meta = yield* saying("{}")
      yield* Effect.flip(
        read(claim("live")).pipe(Effect.provide(source({ graph: `${meta.url}/graph/`, version: "v24.0" })))
      )
      assert.match(meta.received[0]?.head ?? "", /^GET \/graph\/v24\.0\/1908647269898587 HTTP/u)
    })
  )

  it.effect.each([
    ["another host", (port: number) => `https://127.0.0.1:${port}/file`],
    ["the same host without encryption", (port: number) => `http://localhost:${port}/file`],
    ["another port of the host", (port: number) => `https://localhost:${port + 1}/file`],
    ["the host with a password in front", (port: number) => `https://a:b@localhost:${port}/file`],
    ["a host that ends like it", (port: number) => `https://evil-localhost:${port}/file`],
    ["a host in front of it", (port: number) => `https://localhost:${port}.evil.example/file`],
    ["no address", () => "whatsapp://file"],
    ["a file of this machine", () => "file:///etc/passwd"]
  ] as const)("is not asked of %s", ([, address]) =>
    Effect.gen(function* () {
      const host = yield* serving
      const meta = yield* saying(told(address(host.port)))
      const fault = yield* Effect.flip(
        read(claim("live")).pipe(Effect.provide(source({ graph: meta.url, hosts: [`localhost:${host.port}`] })))
      )
      isFault(fault, "misdirected", notAmongHosts)
      assert.strictEqual(host.connections(), 0)
    })
  )

  it.effect("is taken from Meta's own media hosts where no others are configured, and from no other", () =>
    Effect.gen(function* () {
      const refusing = Effect.fnUntraced(function* (url: string) {
        const meta = yield* saying(told(url))
        const guard = yield* GuardedAgent.make({
          allow: [],
          resolve: () => Promise.resolve([]),
          timeout: Duration.seconds(5)
        })
        return yield* Effect.flip(
          read(claim("live")).pipe(Effect.provide(source({ graph: meta.url, dispatcher: guard })))
        )
      })
      for (const host of ["lookaside.fbsbx.com", "scontent.whatsapp.net", "x.y.fbcdn.net", "LOOKASIDE.fbsbx.com"]) {
        isFault(yield* refusing(`https://${host}/a`), "away", "no answer")
      }
      for (const host of [
        "fbsbx.com.evil.example",
        "evilfbsbx.com",
        "lookaside.fbsbx.com:8443",
        "graph.facebook.com"
      ]) {
        isFault(yield* refusing(`https://${host}/a`), "misdirected", notAmongHosts)
      }
    })
  )

  it.effect("is not asked of a media host whose name leads to an address that is not public", () =>
    Effect.gen(function* () {
      const host = yield* serving
      const meta = yield* saying(told(host.url.replace("localhost", "files.example")))
      const guard = yield* GuardedAgent.make({
        allow: [],
        resolve: () => Promise.resolve(["127.0.0.1"]),
        timeout: Duration.seconds(5)
      })
      const fault = yield* Effect.flip(
        read(claim("live")).pipe(
          Effect.provide(source({ graph: meta.url, hosts: [`files.example:${host.port}`], dispatcher: guard }))
        )
      )
      isFault(fault, "misdirected", "an address that is not public")
      assert.strictEqual(host.connections(), 0)
    })
  )

  it.effect("may be large where it comes through the guard that looks at addresses", () =>
    Effect.gen(function* () {
      const large = Buffer.alloc(1024 * 1024, 1)
      const host = yield* RawServer.make((socket) => socket.write(file(large), "latin1"))
      const guard = yield* GuardedAgent.make({
        allow: [Schema.decodeUnknownSync(Cidr)("127.0.0.0/8")],
        resolve: () => Promise.resolve(["127.0.0.1"]),
        timeout: Duration.seconds(5),
        maxResponseBytes: largestFile
      })
      const got = yield* Effect.promise(async () => (await request(host.url, { dispatcher: guard })).body.bytes())
      assert.strictEqual(got.length, large.length)
    })
  )

  it.effect("is not fetched by a redirect, and the token goes no further", () =>
    Effect.gen(function* () {
      const elsewhere = yield* serving
      const host = yield* mediaHost((socket) =>
        socket.write(`HTTP/1.1 302 Found\r\nlocation: ${elsewhere.url}\r\ncontent-length: 0\r\n\r\n`)
      )
      const meta = yield* saying(told(host.url))
      const hosts = [`localhost:${host.port}`, `localhost:${elsewhere.port}`]
      const fault = yield* Effect.flip(read(claim("live")).pipe(Effect.provide(source({ graph: meta.url, hosts }))))
      isFault(fault, "away", "status 302 of the file")
      assert.strictEqual(elsewhere.connections(), 0)
    })
  )

  it.effect.each([
    [
      "has no token",
      Layer.succeed(AccessTokens, AccessTokens.of({ find: () => Effect.succeedNone })),
      "locked",
      "no access token"
    ],
    [
      "has a token that cannot be looked up now",
      Layer.succeed(
        AccessTokens,
        AccessTokens.of({ find: () => new Unavailable({ dependency: "database", cause: "away" }) })
      ),
      "away",
      "access token unavailable"
    ]
  ] as const)("of an instance that %s is asked of nobody", ([, tokens, kind, detail]) =>
    Effect.gen(function* () {
      const meta = yield* saying("{}")
      const fault = yield* Effect.flip(read(claim("live")).pipe(Effect.provide(source({ graph: meta.url, tokens }))))
      isFault(fault, kind, detail)
      assert.strictEqual(meta.connections(), 0)
    })
  )

  it.effect.each(["../me", "..", "1/2", "", "1?fields=x", "1%2f2"])(
    "under an id that is none (%j) is asked of nobody",
    (metaId) =>
      Effect.gen(function* () {
        const meta = yield* saying("{}")
        const fault = yield* Effect.flip(
          read(claim("live", { metaId })).pipe(Effect.provide(source({ graph: meta.url })))
        )
        isFault(fault, "refused", "an id that is none")
        assert.strictEqual(meta.connections(), 0)
      })
  )

  it.effect("leaves no trace of token, address or answer in what is said of a failure", () =>
    Effect.gen(function* () {
      const host = yield* mediaHost((socket) => socket.destroy())
      const faults = yield* Effect.forEach(
        [saying(told(host.url)), saying(token, 500), saying(told(`https://other.example/${token}`))],
        (meta) =>
          Effect.flatMap(meta, ({ url }) =>
            Effect.flip(
              read(claim("live")).pipe(Effect.provide(source({ graph: url, hosts: [`localhost:${host.port}`] })))
            )
          )
      )
      const said = JSON.stringify(faults)
      for (const secret of [token, "other.example", String(host.port), "1908647269898587"])
        assert.notInclude(said, secret)
    })
  )
})

describe("what Meta says of a file that it does not hand over", () => {
  it.effect.each([
    ["that does not exist", refused(100, { error_subcode: 33 }), 400, "gone", "Meta's error 100"],
    ["that Meta could not get", refused(131052), 400, "gone", "Meta's error 131052"],
    ["without access", refused(190), 401, "locked", "Meta's error 190"],
    ["without permission", refused(10), 403, "locked", "Meta's error 10"],
    ["without a token that Meta understands", "", 401, "locked", "status 401"],
    ["too often asked for", refused(130429), 400, "away", "Meta's error 130429"],
    ["while Meta is busy", refused(131016), 500, "away", "Meta's error 131016"],
    ["while Meta does not know", refused(1), 500, "away", "Meta's error 1"],
    ["with a code that nobody knows", refused(987_654), 400, "away", "Meta's error 987654"],
    ["in no words of its own", "<html>", 502, "away", "status 502"],
    ["under no address", JSON.stringify({ id: "1" }), 200, "away", "unreadable answer"],
    ["in an answer that is none", "{", 200, "away", "unreadable answer"],
    ["in megabytes", `{"x": "${"x".repeat(2_000_000)}"}`, 200, "away", "UND_ERR_RES_EXCEEDED_MAX_SIZE"]
  ] as const)("%s", ([, body, status, kind, detail]) =>
    Effect.gen(function* () {
      const meta = yield* saying(body, status)
      const fault = yield* Effect.flip(read(claim("live")).pipe(Effect.provide(source({ graph: meta.url }))))
      isFault(fault, kind, detail)
    })
  )

  it.effect("because Meta is not to be reached", () =>
    Effect.gen(function* () {
      const fault = yield* Effect.flip(
        read(claim("live")).pipe(Effect.provide(source({ graph: "http://127.0.0.1:1" })))
      )
      isFault(fault, "away", "ECONNREFUSED")
    })
  )
})

describe("the file of a simulated instance", () => {
  it.effect("is asked of the simulator alone, which sees no real token", () =>
    Effect.gen(function* () {
      const server = yield* simulator((socket) => socket.write(file(), "latin1"))
      const got = yield* read(claim("simulated")).pipe(Effect.provide(simulated(server.url)))
      assert.deepStrictEqual(got.bytes, bytes)
      assert.strictEqual(server.received.length, 2)
      for (const { head } of server.received) assert.include(head, "authorization: Bearer simulated")
    })
  )

  it.effect.each(["https://lookaside.fbsbx.com/a", "http://localhost/a", "http://127.0.0.1/a", "ftp://127.0.0.1/a"])(
    "is asked of no other place: %s",
    (elsewhere) =>
      Effect.gen(function* () {
        const server = yield* simulator(
          () => {},
          () => told(elsewhere)
        )
        const fault = yield* Effect.flip(read(claim("simulated")).pipe(Effect.provide(simulated(server.url))))
        isFault(fault, "misdirected", notAmongHosts)
        assert.strictEqual(server.received.length, 1)
      })
  )

  it.effect("is not to be had without a simulator", () =>
    Effect.gen(function* () {
      isFault(
        yield* Effect.flip(read(claim("simulated")).pipe(Effect.provide(simulated(undefined)))),
        "locked",
        "no simulator"
      )
    })
  )
})

describe("the bytes of a file", () => {
  const through = Effect.fnUntraced(function* (
    serve: Parameters<typeof simulator>[0],
    given: object = {},
    webhook: Option.Option<string> = Option.none()
  ) {
    const server = yield* simulator(serve, (url) => told(url, given))
    return yield* read(claim("simulated", { sha256: webhook })).pipe(
      Effect.provide(source({ graph: "http://127.0.0.1:1", simulator: server.url }))
    )
  })
  const other = Buffer.alloc(32, 1)

  it.effect.each([
    ["Meta's hash in hexadecimal", {}, Option.none<string>()],
    ["Meta's hash in capitals", { sha256: sha256.toString("hex").toUpperCase() }, Option.none<string>()],
    ["Meta's hash in base64", { sha256: sha256.toString("base64") }, Option.none<string>()],
    ["the webhook's hash where Meta tells none", { sha256: undefined }, Option.some(sha256.toString("base64"))],
    [
      "the webhook's hash where Meta tells another",
      { sha256: other.toString("hex") },
      Option.some(sha256.toString("base64"))
    ],
    ["their number alone where nobody tells a hash that is one", { sha256: "<SHA256>" }, Option.none<string>()]
  ] as const)("are judged by %s", ([, given, webhook]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* through(whole, given, webhook)).bytes, bytes)
    })
  )

  it.effect.each([
    ["a size that is a number", { file_size: bytes.length }, whole],
    ["the length of the answer where Meta tells no size", { file_size: undefined }, whole],
    ["Meta's size where the answer tells no length", {}, chunked]
  ] as const)("are counted against %s", ([, given, serve]) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* through(serve, given)).size, bytes.length)
    })
  )

  it.effect.each([
    ["of which nobody tells the number are not read", chunked, { file_size: undefined }, "away", "no size"],
    ["that are more than were told are not taken", whole, { file_size: "7" }, "corrupt", "more bytes than were told"],
    [
      "that are fewer than were told are not taken",
      whole,
      { file_size: "77" },
      "corrupt",
      "fewer bytes than were told"
    ],
    [
      "with another hash are not taken",
      whole,
      { sha256: other.toString("hex") },
      "corrupt",
      "another hash than was told"
    ],
    ["that are too many are not asked for", whole, { file_size: String(largestFile + 1) }, "refused", "too large"],
    [
      "that are too many without Meta having said so are not read",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${largestFile + 1}\r\n\r\nbytes`),
      { file_size: undefined },
      "refused",
      "too large"
    ],
    [
      "that break off are none",
      (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n%PDF`),
      {},
      "away",
      "UND_ERR_SOCKET"
    ],
    [
      "whose address has run out are asked for anew later",
      (socket) => socket.write(RawServer.http(404, "")),
      {},
      "away",
      "status 404 of the file"
    ],
    [
      "that come as a page that says no are none",
      (socket) => socket.write(RawServer.http(503, "busy")),
      {},
      "away",
      "status 503 of the file"
    ]
  ] satisfies ReadonlyArray<[string, Parameters<typeof simulator>[0], object, MediaFault["kind"], string]>)(
    "%s",
    ([, serve, given, kind, detail]) =>
      Effect.gen(function* () {
        isFault(yield* Effect.flip(through(serve, given)), kind, detail)
      })
  )
})
