/** Readings in short, for comparison. */
import { assert } from "@effect/vitest"
import { type Reading, read } from "../../../core/inbound/Payload.ts"
import type { Update } from "../../../core/inbound/Update.ts"

export const short = ({ quarantined, updates }: Reading) => ({
  keys: updates.map(({ key }) => key),
  quarantined: quarantined.map(({ path, reason }) => `${reason} ${path}`.trim())
})

/** The one update of a payload with which nothing is wrong. */
export const onlyUpdate = (payload: unknown) => {
  const { quarantined, updates } = read(payload)
  assert.deepStrictEqual(quarantined, [])
  const [routed, ...others] = updates
  assert.deepStrictEqual(others, [])
  return routed ?? assert.fail("nothing was read")
}

export const onlyOf = <T extends Update["_tag"]>(tag: T, payload: unknown): Extract<Update, { _tag: T }> => {
  const { update } = onlyUpdate(payload)
  return isOf(tag, update) ? update : assert.fail(`a ${update._tag}, not a ${tag}`)
}

const isOf = <T extends Update["_tag"]>(tag: T, update: Update): update is Extract<Update, { _tag: T }> =>
  update._tag === tag
