/** The two that are compared, as processes on one database and with one stub as Meta. */
import { type Running, start } from "./processes.ts"

/** Opens no token here, for simulated instances have none. */
const secretKey = Buffer.alloc(32, 7).toString("base64")

export const stub = (delayMillis: number): Promise<Running> =>
  start(["test/bench/graphStub.ts", String(delayMillis)], {}, /ready (\d+)/u)

/** The full simulator in the stub's place; its ledger lies in a folder of its own. */
export const simulator = (dataDir: string): Promise<Running> =>
  start(["apps/simulator/main.ts"], { AIDESK_DATA_DIR: dataDir, SIMULATOR_PORT: "0" }, /:(\d+)\s*$/u)

export const floor = (databaseUrl: string, metaPort: number): Promise<Running> =>
  start(["test/bench/floor/main.ts", databaseUrl, `http://127.0.0.1:${metaPort}`], {}, /ready (\d+)/u)

export const ours = (databaseUrl: string, metaPort: number): Promise<Running> =>
  start(
    ["apps/http/main.ts"],
    {
      DATABASE_URL: databaseUrl,
      SIMULATOR_URL: `http://127.0.0.1:${metaPort}`,
      AIDESK_SECRET_KEY: secretKey,
      PORT: "0"
    },
    /"port":(\d+)/u
  )
