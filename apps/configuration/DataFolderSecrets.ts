/** The secrets of a standalone installation: made on its first start, kept in the data folder for its owner alone. */
import { Effect, Predicate, Schema } from "effect"
import { randomBytes } from "node:crypto"
import { mkdir, readFile } from "node:fs/promises"
import type { Keys } from "../../adapters/secrets/SecretBox.ts"
import * as Configuration from "./Configuration.ts"
import * as DataFolder from "./DataFolder.ts"
import { Secret, SecretKey } from "./Form.ts"
import { writePrivately } from "./writePrivately.ts"

const Secrets = Schema.Struct({
  /** Seals what the database keeps; 32 bytes in base64. */
  secretKey: SecretKey,
  /** With which the simulator signs its webhooks, as Meta does with the secret of an app. */
  appSecret: Secret,
  /** Stands for the word by which Meta's webhook subscription is recognised. */
  verifyToken: Secret
})

/** The file is there and cannot be read, or not be made. It is never replaced: what it sealed would be lost. */
class SecretsUnusable extends Schema.TaggedError<SecretsUnusable>()("SecretsUnusable", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `O arquivo de segredos ${this.path} não pode ser lido ou criado; restaure-o de uma cópia.`
  }
}

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Secrets))

const fresh = (): string =>
  JSON.stringify(
    {
      secretKey: randomBytes(32).toString("base64"),
      appSecret: randomBytes(16).toString("hex"),
      verifyToken: randomBytes(16).toString("hex")
    },
    undefined,
    2
  )

const isMissing = (error: unknown): boolean => Predicate.hasProperty(error, "code") && error.code === "ENOENT"

const read = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })

/** The secrets kept in `dataDir`, made where there are none. The caller has the folder (`FolderLock`). */
export const keptIn = Effect.fnUntraced(function* (dataDir: string) {
  const path = DataFolder.secrets(dataDir)
  const text = yield* Effect.tryPromise({
    try: async () => {
      const kept = await read(path)
      if (kept !== undefined) return kept
      const made = fresh()
      await mkdir(dataDir, { recursive: true, mode: 0o700 })
      await writePrivately(path, made)
      return made
    },
    catch: (cause) => new SecretsUnusable({ path, cause })
  })
  return yield* decode(text).pipe(Effect.mapError((cause) => new SecretsUnusable({ path, cause })))
})

/** As `keptIn`, where environment variables win. What the kept key sealed opens still. */
export const load = Effect.fnUntraced(function* (dataDir: string) {
  const kept = yield* keptIn(dataDir)
  const given = yield* Configuration.optionalSecretKey
  const previous = yield* Configuration.previousSecretKeys
  const keys: Keys =
    given === undefined
      ? { current: kept.secretKey, previous }
      : { current: given, previous: [...previous, kept.secretKey] }
  return {
    keys,
    metaAppSecrets: (yield* Configuration.metaAppSecrets) ?? [],
    simulatorAppSecret: (yield* Configuration.simulatorAppSecret) ?? kept.appSecret,
    verifyToken: (yield* Configuration.metaVerifyToken) ?? kept.verifyToken
  }
})
