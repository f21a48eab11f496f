import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Logger, Option, Redacted } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"

const sealing = (byte: number) =>
  SecretBox.layer({ current: Redacted.make(new Uint8Array(32).fill(byte)), previous: [] })

const database = Layer.provideMerge(Migrations.layer, PgliteStream.layer({ dataDir: undefined }))

layer(database, { timeout: "60 seconds" })("the token of an instance", (it) => {
  it.effect("counts as none where it was sealed with a key that is gone, and the log says what to do", () =>
    Effect.gen(function* () {
      const { id } = yield* Administration.use((administration) =>
        administration.addInstance({
          name: "Loja",
          phoneNumberId: "106540352242922",
          wabaId: "102290129340398",
          access: { mode: "live", token: Redacted.make("EAAG") }
        })
      ).pipe(Effect.provide(AdministrationPostgres.layer.pipe(Layer.provide(sealing(1)))))

      const logged: Array<unknown> = []
      const logger = Logger.make(({ message }) => logged.push(message))
      const found = yield* AccessTokens.use((tokens) => tokens.find(id)).pipe(
        Effect.provide([AccessTokensPostgres.layer.pipe(Layer.provide(sealing(2))), Logger.layer([logger])])
      )
      assert.deepStrictEqual(found, Option.none())
      assert.strictEqual(logged.length, 1)
      assert.match(String(logged[0]), /AIDESK_SECRET_KEY_PREVIOUS/u)
      assert.notInclude(String(logged[0]), "EAAG")
    })
  )
})
