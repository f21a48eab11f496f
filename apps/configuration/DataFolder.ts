import { join } from "node:path"

/** What the data folder holds, beside the lock on it. */
export const database = (dataDir: string): string => join(dataDir, "postgres")
export const secrets = (dataDir: string): string => join(dataDir, "secrets.json")
/** How to reach the process that has the folder; there while it runs. */
export const endpoint = (dataDir: string): string => join(dataDir, "admin.json")
