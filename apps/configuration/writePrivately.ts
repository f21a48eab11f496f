import { randomUUID } from "node:crypto"
import { open, rename, rm } from "node:fs/promises"

/** Writes a file that its owner alone can read. It is on the disk whole before it has its name: no crash leaves half of it. */
export const writePrivately = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${randomUUID()}.new`
  try {
    const file = await open(draft, "wx", 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
