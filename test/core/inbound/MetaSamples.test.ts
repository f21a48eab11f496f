import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { read } from "../../../core/inbound/Payload.ts"

const folder = fileURLToPath(new URL("../../../../shared/reference/cloud-api-samples/", import.meta.url))

const samplesIn = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder).filter((name) => name.startsWith("webhook-"))
  } catch {
    return []
  }
}

const samples = samplesIn(folder)

describe("Meta's own samples", () => {
  if (samples.length === 0)
    it.skip("are not read: ../shared/reference/cloud-api-samples is not beside this clone", () => {})

  it.each(samples)("of %s are read whole", (name) => {
    const { quarantined, updates } = read(JSON.parse(readFileSync(`${folder}${name}`, "utf8")))
    assert.deepStrictEqual(quarantined, [])
    assert.isAtLeast(updates.length, 1)
  })
})
