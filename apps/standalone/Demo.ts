/** Sets the demonstration up on first start, and has its customer write at every start, which opens the window. */
import { DateTime, Effect, Option, type Redacted } from "effect"
import { describeKey } from "../../adapters/secrets/ApiKeyMaker.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { defineCampaign, defineTemplate } from "../../core/administration/define.ts"
import { issueKey } from "../../core/administration/issueKey.ts"
import { ContactBook } from "../../core/contact/ContactBook.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import * as demo from "./demoData.ts"

const instanceId = demo.instance.id

/** What is there stays as it is: an operator may have changed it. */
const unlessTaken = <A, E extends { readonly _tag: string }, R>(work: Effect.Effect<A, E, R>) =>
  work.pipe(
    Effect.catchIf(
      (error) => error._tag === "Taken",
      () => Effect.void
    ),
    Effect.asVoid
  )

const setUp = Effect.gen(function* () {
  const administration = yield* Administration
  yield* unlessTaken(administration.addInstance({ ...demo.instance, access: { mode: "simulated" } }))
  yield* unlessTaken(administration.addQueue({ instanceId, ...demo.queue }))
  yield* unlessTaken(administration.addStatus({ instanceId, ...demo.status }))
  yield* unlessTaken(defineTemplate(instanceId, demo.template, demo.templateId))
  yield* unlessTaken(defineCampaign(instanceId, demo.campaign, { id: demo.campaignId }))
  yield* (yield* ContactBook).keep({ instanceId, ...demo.contact, at: yield* DateTime.now })
})

/** A key given by the environment is added where it is new; else the first start makes one. */
const keyOf = Effect.fnUntraced(function* (given: Redacted.Redacted | undefined) {
  const administration = yield* Administration
  if (given !== undefined) {
    const { hash, hint } = describeKey(given)
    yield* unlessTaken(administration.addKey({ instanceId, label: "AIDESK_DEMO_API_KEY", hash, hint }))
    return Option.none<Redacted.Redacted>()
  }
  if ((yield* administration.keys(instanceId)).length > 0) return Option.none<Redacted.Redacted>()
  return Option.some((yield* issueKey({ instanceId, label: "demonstração" })).key)
})

/** The key, if this start made one: it is shown now or never. */
export const prepare = Effect.fnUntraced(function* (given: Redacted.Redacted | undefined) {
  yield* setUp
  const key = yield* keyOf(given)
  yield* (yield* Contacts).heard(instanceId, demo.contact.id, yield* DateTime.now)
  return key
})
