import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Buffer } from "node:buffer"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { World } from "../../adapters/memory/World.ts"
import { layer as live, post } from "./Receiver.ts"

const folder = fileURLToPath(new URL("../../../shared/reference/cloud-api-samples/", import.meta.url))

const samples = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("webhook-")) : []

if (samples.length === 0) {
  describe("the samples of Meta's webhooks", () => {
    it.skip("are not posted: ../shared/reference/cloud-api-samples is not beside this clone", () => {})
  })
} else {
  layer(live, { excludeTestServices: true })("the samples of Meta's webhooks", (it) => {
    it.effect.each(samples)("%s is kept and answered 200", (name) =>
      Effect.gen(function* () {
        const bytes = readFileSync(join(folder, name))
        const answer = yield* post(bytes)
        assert.deepStrictEqual([answer.status, answer.text], [200, "EVENT_RECEIVED"])
        assert.deepStrictEqual(Buffer.from((yield* World).inbox.at(-1)?.body ?? []), bytes)
      })
    )
  })
}
