/** The HTTP app's resident memory, read while it sends: flat, or there is a leak. */
import { start as startPostgres } from "../postgres/PostgresServer.ts"
import * as apps from "./apps.ts"
import { run } from "./load.ts"
import { request, seed } from "./seed.ts"

const steps = 10

export const memoryBench = async ({ sends }: { readonly sends: number }): Promise<void> => {
  const postgres = await startPostgres({ durable: false })
  try {
    await seed(postgres.url)
    const meta = await apps.stub(0)
    const ours = await apps.ours(postgres.url, meta.port)
    let sent = 0
    let failed = 0
    for (let step = 1; step <= steps; step++) {
      while (sent < (sends * step) / steps) {
        const { failures, requests } = await run({ port: ours.port, concurrency: 64, millis: 1000, request })
        sent += requests
        failed += failures
      }
      process.stdout.write(
        `${String(sent).padStart(8)} sends ${ours.residentMebibytes().toFixed(0).padStart(6)} MiB resident, ${failed} failed\n`
      )
    }
    await ours.stop()
    await meta.stop()
  } finally {
    await postgres.stop()
  }
}
