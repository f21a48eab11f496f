import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Option, Schema } from "effect"
import { once } from "node:events"
import { createServer } from "node:net"
import type { Socket } from "node:net"
import * as MediaProbeHttp from "../../adapters/safe-http/MediaProbeHttp.ts"
import { Cidr } from "../../adapters/safe-http/PublicAddress.ts"
import * as SafeHttp from "../../adapters/safe-http/SafeHttp.ts"
import { MediaProbe } from "../../core/media/MediaProbe.ts"

const loopback = Schema.decodeUnknownSync(Schema.Array(Cidr))(["127.0.0.1/32"])
const here = () => Promise.resolve(["127.0.0.1"])

/** A server on loopback that shows what reached it: `answer` writes the bytes of the wire itself. */
const serve = Effect.fnUntraced(function* (answer: (socket: Socket, request: string) => void) {
  const requests: Array<string> = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let request = ""
    socket.on("error", () => {}).setEncoding("latin1")
    socket.on("data", (text: string) => {
      request += text
      const complete = request.endsWith("\r\n\r\n") || request.startsWith("\u0016")
      if (!complete) return
      requests.push(request)
      answer(socket, request)
    })
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => once(server.listen(0, "127.0.0.1"), "listening")),
    () =>
      Effect.promise(() => {
        for (const socket of sockets) socket.destroy()
        return new Promise((resolve) => server.close(resolve))
      })
  )
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  return { at: (host: string, scheme = "http") => new URL(`${scheme}://${host}:${port}/f?x=1`), requests, sockets }
})

const respond =
  (...lines: ReadonlyArray<string>) =>
  (socket: Socket): void => {
    socket.write(`HTTP/1.1 ${lines.join("\r\n")}\r\n\r\n`)
  }

const image = respond("200 OK", "Content-Type: Image/PNG; charset=x", "Content-Length: 12345")

describe("a request to a place that a user names", () => {
  it.live("is a HEAD that tells status, type and size", () =>
    Effect.gen(function* () {
      const server = yield* serve(image)
      const http = yield* SafeHttp.make({ allow: loopback, resolve: here })
      assert.deepStrictEqual(yield* http.head(server.at("media.example.com")), {
        status: 200,
        contentType: Option.some("image/png"),
        contentLength: Option.some(12_345)
      })
      assert.strictEqual(server.requests.length, 1)
      assert.match(server.requests[0] ?? "", /^HEAD \/f\?x=1 HTTP\/1\.1\r\nhost: media\.example\.com:\d+\r\n/u)
    })
  )

  it.live("believes no type or size that cannot be one", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        respond("200 OK", "Content-Type: <script>alert(1)</script>", "Transfer-Encoding: chunked")
      )
      const http = yield* SafeHttp.make({ allow: loopback, resolve: here })
      assert.deepStrictEqual(yield* http.head(server.at("media.example.com")), {
        status: 200,
        contentType: Option.none(),
        contentLength: Option.none()
      })
    })
  )

  it.live("does not follow a redirect", () =>
    Effect.gen(function* () {
      const server = yield* serve((socket) => respond("302 Found", "Location: /elsewhere", "Content-Length: 0")(socket))
      const http = yield* SafeHttp.make({ allow: loopback, resolve: here })
      assert.strictEqual((yield* http.head(server.at("media.example.com"))).status, 302)
      assert.strictEqual(server.requests.length, 1)
    })
  )

  for (const scheme of ["http", "https"]) {
    it.live(`is blocked before it connects when the ${scheme} name leads to a private address`, () =>
      Effect.gen(function* () {
        const server = yield* serve(image)
        const http = yield* SafeHttp.make({ resolve: here })
        const error = yield* Effect.flip(http.head(server.at("media.example.com", scheme)))
        assert.strictEqual(error._tag, "Blocked")
        assert.strictEqual(server.sockets.size, 0)
      })
    )
  }

  it.live("is blocked when one of the name's addresses is private, whatever the others are", () =>
    Effect.gen(function* () {
      const server = yield* serve(image)
      const http = yield* SafeHttp.make({
        allow: loopback,
        resolve: () => Promise.resolve(["127.0.0.1", "8.8.8.8", "169.254.169.254"])
      })
      assert.strictEqual((yield* Effect.flip(http.head(server.at("media.example.com"))))._tag, "Blocked")
      assert.strictEqual(server.sockets.size, 0)
    })
  )

  it.live("goes to an address that was checked, for the name is looked up once and its next answer checked anew", () =>
    Effect.gen(function* () {
      const server = yield* serve(image)
      const answers = ["127.0.0.1", "127.0.0.2", "127.0.0.2"]
      let asked = 0
      const http = yield* SafeHttp.make({
        allow: loopback,
        resolve: () => Promise.resolve(answers.slice(asked, ++asked))
      })
      assert.strictEqual((yield* http.head(server.at("rebinding.example.com"))).status, 200)
      assert.strictEqual(asked, 1)
      assert.strictEqual((yield* Effect.flip(http.head(server.at("rebinding.example.com"))))._tag, "Blocked")
      assert.strictEqual(server.sockets.size, 1)
    })
  )

  it.live("is blocked at every spelling of the server's own address", () =>
    Effect.gen(function* () {
      const server = yield* serve(image)
      const http = yield* SafeHttp.make()
      const hosts = [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0",
        "localhost"
      ]
      for (const host of hosts) {
        assert.strictEqual((yield* Effect.flip(http.head(server.at(host))))._tag, "Blocked", host)
      }
      assert.strictEqual(server.sockets.size, 0)
    })
  )

  it.live("reaches a private address only where it is allowed", () =>
    Effect.gen(function* () {
      const server = yield* serve(image)
      const http = yield* SafeHttp.make({ allow: loopback })
      assert.strictEqual((yield* http.head(server.at("127.0.0.1"))).status, 200)
      assert.strictEqual((yield* Effect.flip(http.head(new URL("http://10.0.0.1/"))))._tag, "Blocked")
    })
  )

  it.live("speaks TLS to the checked address", () =>
    Effect.gen(function* () {
      const server = yield* serve((socket) => socket.destroy())
      const http = yield* SafeHttp.make({ allow: loopback, resolve: here })
      const error = yield* Effect.flip(http.head(server.at("media.example.com", "https")))
      assert.strictEqual(error._tag, "Unreachable")
      assert.include(server.requests[0] ?? "", "media.example.com")
    })
  )

  it.live("is unreachable when there is no such name, no such port or no HTTP", () =>
    Effect.gen(function* () {
      const nameless = yield* SafeHttp.make({ resolve: () => Promise.resolve([]) })
      assert.strictEqual((yield* Effect.flip(nameless.head(new URL("http://gone.example.com/"))))._tag, "Unreachable")

      const http = yield* SafeHttp.make({ allow: loopback })
      const closed = yield* Effect.scoped(serve(image))
      assert.strictEqual((yield* Effect.flip(http.head(closed.at("127.0.0.1"))))._tag, "Unreachable")

      const mailServer = yield* serve((socket) => socket.write("220 mail.example.com ESMTP\r\n"))
      assert.strictEqual((yield* Effect.flip(http.head(mailServer.at("127.0.0.1"))))._tag, "Unreachable")
    })
  )

  it.live("reads no body and survives a server that sends one all the same", () =>
    Effect.gen(function* () {
      const server = yield* serve((socket) => {
        image(socket)
        socket.write("x".repeat(100_000))
      })
      const http = yield* SafeHttp.make({ allow: loopback })
      for (let turn = 0; turn < 3; turn++) {
        assert.strictEqual((yield* http.head(server.at("127.0.0.1"))).status, 200)
      }
    })
  )

  it.live("does not swallow headers without end", () =>
    Effect.gen(function* () {
      const server = yield* serve((socket) => {
        socket.write("HTTP/1.1 200 OK\r\n")
        for (let line = 0; line < 1000; line++) socket.write(`x-${line}: ${"y".repeat(100)}\r\n`)
      })
      const http = yield* SafeHttp.make({ allow: loopback })
      assert.strictEqual((yield* Effect.flip(http.head(server.at("127.0.0.1"))))._tag, "Unreachable")
    })
  )

  const slowness: ReadonlyArray<readonly [string, (socket: Socket) => void]> = [
    ["says nothing", () => {}],
    [
      "trickles",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nx: ")
        const drip = setInterval(() => socket.write("y"), 10)
        socket.once("close", () => clearInterval(drip))
      }
    ],
    [
      "keeps promising",
      (socket) => {
        const promise = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"), 10)
        socket.once("close", () => clearInterval(promise))
      }
    ]
  ]
  for (const [behaviour, answer] of slowness) {
    it.live(`waits no longer than it may for a server that ${behaviour}`, () =>
      Effect.gen(function* () {
        const server = yield* serve(answer)
        const http = yield* SafeHttp.make({ allow: loopback, timeout: Duration.millis(150) })
        const begin = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(http.head(server.at("127.0.0.1")))
        assert.strictEqual(error._tag, "Unreachable")
        assert.isBelow((yield* Clock.currentTimeMillis) - begin, 2000)
      })
    )
  }

  it.live("waits no longer than it may for a name server", () =>
    Effect.gen(function* () {
      const http = yield* SafeHttp.make({ timeout: Duration.millis(100), resolve: () => new Promise(() => {}) })
      assert.strictEqual((yield* Effect.flip(http.head(new URL("http://slow.example.com/"))))._tag, "Unreachable")
    })
  )

  it.live("hangs up when the caller no longer wants to know", () =>
    Effect.gen(function* () {
      const arrived = yield* Deferred.make<Socket>()
      const server = yield* serve((socket) => Deferred.doneUnsafe(arrived, Effect.succeed(socket)))
      const http = yield* SafeHttp.make({ allow: loopback })
      yield* Effect.race(
        Effect.flatMap(Deferred.await(arrived), () => Effect.void),
        http.head(server.at("127.0.0.1"))
      )
      const socket = yield* Deferred.await(arrived)
      if (!socket.destroyed) yield* Effect.promise(() => once(socket, "close"))
    })
  )
})

const probing = (answer: (socket: Socket) => void) =>
  Effect.gen(function* () {
    const server = yield* serve(answer)
    const probe = yield* MediaProbe
    return yield* probe.head(server.at("media.example.com"))
  })

describe("the probe for media links", () => {
  it.live("tells type and size of what is there", () =>
    Effect.gen(function* () {
      const head = yield* probing(image)
      assert.deepStrictEqual(head, { contentType: Option.some("image/png"), contentLength: Option.some(12_345) })
    }).pipe(Effect.provide(MediaProbeHttp.layerWith({ allow: loopback, resolve: here })))
  )

  for (const status of ["302 Found", "404 Not Found", "500 Internal Server Error"]) {
    it.live(`finds nothing at ${status}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(probing(respond(status, "Content-Type: image/png")))
        assert.strictEqual(error._tag, "MediaUnreachable")
      }).pipe(Effect.provide(MediaProbeHttp.layerWith({ allow: loopback, resolve: here })))
    )
  }

  it.live("goes to no private address", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(probing(image)))._tag, "MediaNotPublic")
    }).pipe(Effect.provide(MediaProbeHttp.layerWith({ resolve: here })))
  )

  it.effect("knows literal addresses without a request", () =>
    Effect.gen(function* () {
      const probe = yield* MediaProbe
      assert.isTrue(probe.isLiterallyPrivate(new URL("https://0x7f000001/a.png")))
      assert.isFalse(probe.isLiterallyPrivate(new URL("https://8.8.8.8/a.png")))
      assert.isFalse(probe.isLiterallyPrivate(new URL("https://example.com/a.png")))
    }).pipe(Effect.provide(MediaProbeHttp.layer))
  )
})
