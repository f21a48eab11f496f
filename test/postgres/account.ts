import { readFileSync } from "node:fs"

/** Whom the server runs as. `undefined`: whoever runs us. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/**
 * PostgreSQL refuses to run as root, so there it gets the account that every Unix has for owning nothing. No account
 * is made or changed.
 */
export const serverAccount = (): Account => {
  // There is no such function, and no such refusal, on Windows.
  if (process.getuid?.() !== 0) return undefined
  const nobody = readFileSync("/etc/passwd", "utf8").match(/^nobody:[^:]*:(-?\d+):(-?\d+):/m)
  if (nobody === null) {
    throw new Error("PostgreSQL does not run as root and there is no account `nobody`: set TEST_DATABASE_URL")
  }
  return { uid: Number(nobody[1]), gid: Number(nobody[2]) }
}
