import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll } from "vitest"

const root = fileURLToPath(new URL("../../", import.meta.url))
const project = mkdtempSync(join(tmpdir(), "aidesk-package-"))

/** Where npm runs us it says which npm it is; else the one on the path. */
const npm = (cwd: string, ...args: ReadonlyArray<string>): void => {
  const script = process.env["npm_execpath"]
  const [command, first] = script === undefined ? ["npm", []] : [process.execPath, [script]]
  execFileSync(command, [...first, ...args], { cwd, stdio: "pipe" })
}

const node = (...args: ReadonlyArray<string>): string =>
  execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" })

describe("the npm package", () => {
  beforeAll(() => {
    npm(root, "pack", "--pack-destination", project)
    const tarball = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? ""
    cpSync(join(root, "test/package/fixture"), project, { recursive: true })
    // What is right JavaScript is right TypeScript: the same program, once run and once checked.
    copyFileSync(join(project, "send.js"), join(project, "send.ts"))
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
    npm(project, "install", "--prefer-offline", "--no-audit", "--no-fund", tarball, "effect@4.1.0", "@types/node@24")
  }, 240_000)

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  it("sends through the memory adapter from a plain JavaScript project", () => {
    assert.include(node("send.js"), `"_tag":"Sent"`)
  })

  it("type-checks and sends from a TypeScript project, declarations included", () => {
    node(join(root, "node_modules/typescript/bin/tsc"), "-p", ".")
    assert.include(node("out/send.js"), `"_tag":"Sent"`)
  })
})
