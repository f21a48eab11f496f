/** An empty database with what a send needs: an instance, a key, a queue, a status and a template. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import { describeKey } from "../../adapters/secrets/ApiKeyMaker.ts"
import { layerWithoutKey } from "../../adapters/secrets/SecretBox.ts"
import * as demo from "../../apps/standalone/demoData.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { defineTemplate } from "../../core/administration/define.ts"

const apiKey = "ad_test_bench_0123456789abcdef"

const instanceId = demo.instance.id

const rows = Effect.gen(function* () {
  const administration = yield* Administration
  const { hash, hint } = describeKey(Redacted.make(apiKey))
  yield* administration.addInstance({ ...demo.instance, access: { mode: "simulated" } })
  yield* administration.addKey({ instanceId, label: "bench", hash, hint })
  yield* administration.addQueue({ instanceId, ...demo.queue })
  yield* administration.addStatus({ instanceId, ...demo.status })
  yield* defineTemplate(instanceId, demo.template, demo.templateId)
})

export const seed = (databaseUrl: string): Promise<void> =>
  Effect.runPromise(
    rows.pipe(
      Effect.provide(
        AdministrationPostgres.layer.pipe(
          Layer.provide(layerWithoutKey),
          Layer.provide(Migrations.layer),
          Layer.provide(PgClient.layer({ url: Redacted.make(databaseUrl) }))
        )
      )
    )
  )

/** People who are written to: many, so that few sends meet the same one, and few, so that most are known. */
const people = 10_000

/** The n-th request of a run: people in an order that has nothing to do with their ids. */
export const request = (n: number) => ({
  path: "/send-message",
  headers: `apikey: ${apiKey}\r\n`,
  body: JSON.stringify({
    number: `55119${80_000_000 + ((n * 7919) % people)}`,
    template_id: demo.templateId,
    variables: { nome: "João", codigo: "ABC123" },
    queue_id: demo.queue.id,
    status_id: demo.status.id
  })
})
