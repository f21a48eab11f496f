/**
 * The production driver on an in-process PGlite, through a stream in place of a socket.
 *
 * PGlite is one session: the client has one connection, so statements run one after the other, a transaction holds all
 * others up, and `listen` would hold the connection for good. Several fibers' statements still share a call, as they
 * share a write to a socket. A session that follows another one, after a lost connection, finds nothing of it: no open
 * transaction, prepared statement or setting.
 *
 * Committed data survives the death of the process, not that of the machine (PGlite never calls `fsync`).
 */
import { PGlite } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted, Schema } from "effect"
import { Buffer } from "node:buffer"
import { existsSync } from "node:fs"
import { mkdir, rename, rm, rmdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Duplex } from "node:stream"
import { callbackify } from "node:util"
import { FrontendMessages } from "./FrontendMessages.ts"
import type { Request } from "./FrontendMessages.ts"

/** The data folder holds no database that can be opened, or none can be made there. */
export class DatabaseNotOpened extends Schema.TaggedError<DatabaseNotOpened>()("DatabaseNotOpened", {
  dataDir: Schema.UndefinedOr(Schema.String),
  cause: Schema.Defect()
}) {}

const execute = async (db: PGlite, messages: Buffer): Promise<Buffer> => {
  const answer: Array<Buffer> = []
  // Not `execProtocolRaw`: that one also parses each answer and keeps all of them for ever.
  await db.execProtocolRawStream(messages, {
    // Both file systems that Node has here are written through.
    syncToFs: false,
    onRawData: (bytes) => {
      answer.push(Buffer.from(bytes))
    }
  })
  const [only] = answer
  return answer.length === 1 && only !== undefined ? only : Buffer.concat(answer)
}

const simpleQuery = (statement: string): Buffer => {
  const message = Buffer.alloc(1 + 4 + Buffer.byteLength(statement) + 1)
  message.write("Q", 0)
  message.writeInt32BE(message.length - 1, 1)
  message.write(statement, 5)
  return message
}

const forgetSession = async (db: PGlite): Promise<void> => {
  // Two messages: `discard all` refuses to share a transaction, which several statements in one message are.
  if (db.isInTransaction()) await execute(db, simpleQuery("rollback"))
  await execute(db, simpleQuery("discard all"))
}

/**
 * Opens streams to `db`, of which the latest to start a session has it. Errors destroy the stream, as a broken
 * connection would.
 */
export const sessions = (db: PGlite): (() => Duplex) => {
  let latest: Duplex | undefined

  return () => {
    const messages = new FrontendMessages()
    let drained: (() => void) | undefined

    const send = (bytes: Buffer): Promise<void> =>
      new Promise((resolve) => {
        if (stream.destroyed || stream.push(bytes)) return resolve()
        drained = resolve
      })

    const start = async (message: Buffer): Promise<void> => {
      latest?.destroy(new Error("another session of this database has started"))
      latest = stream
      await forgetSession(db)
      await send(await execute(db, message))
    }

    const serve = (request: Request): Promise<void> | void => {
      switch (request.kind) {
        case "Start":
          return start(request.message)
        case "Encrypt":
          return send(Buffer.from("N"))
        case "Execute":
          return execute(db, request.messages).then(send)
        // A cancellation comes when there is nothing to cancel, for we are here and not in the database.
        case "Cancel":
        case "Terminate":
          stream.push(null)
          stream.destroy()
      }
    }

    const serveAll = callbackify(async () => {
      // The driver must not get an answer inside its own call of `write`; and sockets and timers get a turn.
      await new Promise((resolve) => setImmediate(resolve))
      while (!stream.destroyed) {
        const request = messages.next()
        if (request === undefined) return
        await serve(request)
      }
    })

    const stream: Duplex = new Duplex({
      read: () => drained?.(),
      write: (chunk: Buffer, _encoding, done) => {
        messages.push(chunk)
        serveAll(done)
      },
      writev: (chunks: Array<{ chunk: Buffer }>, done) => {
        for (const { chunk } of chunks) messages.push(chunk)
        serveAll(done)
      },
      final: (done) => {
        stream.push(null)
        done()
      },
      destroy: (error, done) => {
        if (latest === stream) latest = undefined
        drained?.()
        done(error)
      }
    })
    return stream
  }
}

/** Made aside and moved into place whole: a process that dies meanwhile leaves no half of a database behind. */
const create = async (dataDir: string): Promise<void> => {
  // Refuses, rightly, when somebody else's files are there.
  if (existsSync(dataDir)) await rmdir(dataDir)
  const draft = `${dataDir}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o700 })
  await mkdir(draft, { mode: 0o700 })
  const db = await PGlite.create(draft)
  await db.close()
  await rename(draft, dataDir)
}

const open = async (dataDir: string | undefined): Promise<PGlite> => {
  if (dataDir === undefined) return PGlite.create()
  if (!existsSync(join(dataDir, "PG_VERSION"))) await create(dataDir)
  return PGlite.create(dataDir)
}

/**
 * A client of the database in the folder `dataDir`, which is made when it is missing or empty; of one in memory when it
 * is `undefined`. The caller sees to it that nobody else has the folder open (`FolderLock`). The scope's end closes the
 * database and with it everything is written.
 */
export const layer = ({ dataDir }: { readonly dataDir: string | undefined }) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const db = yield* Effect.acquireRelease(
        Effect.tryPromise({
          try: () => open(dataDir),
          catch: (cause) => new DatabaseNotOpened({ dataDir, cause })
        }),
        (db) => Effect.promise(() => db.close())
      )
      return PgClient.layer({
        stream: sessions(db),
        username: "postgres",
        password: Redacted.make("postgres"),
        database: "postgres",
        multiplex: true,
        minConnections: 1,
        maxConnections: 1
      })
    })
  )
