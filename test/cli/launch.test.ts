import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { launcher, node } from "./CommandLine.ts"

/** As a Node of that version would run it. */
const pretending = (version: string, args: ReadonlyArray<string>) =>
  node([
    "--import",
    `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`,
    launcher,
    ...args
  ])

describe("the launcher", () => {
  it.live.each(["12.22.12", "18.20.0", "20.19.0", "22.18.0"])(
    "tells a Node %s in one line that it is too old",
    (version) =>
      Effect.gen(function* () {
        const { code, err, out } = yield* pretending(version, ["cli", "--version"])
        assert.deepStrictEqual({ code, out }, { code: 1, out: "" })
        assert.match(err, /^O Node \S+ é antigo demais: .*npm ci.*22\.19[^\n]*\n$/u)
        assert.include(err, version)
      })
  )

  it.live.each(["22.19.0", "23.0.0", "24.1.0"])("lets a Node %s go on", (version) =>
    Effect.gen(function* () {
      const { code, err, out } = yield* pretending(version, ["cli", "--version"])
      assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
      assert.match(out, /^aidesk \d+\.\d+\.\d+\n$/u)
    })
  )

  const unnamed: ReadonlyArray<{ readonly args: ReadonlyArray<string> }> = [
    { args: [] },
    { args: ["nothing"] },
    { args: ["../cli"] },
    { args: ["__proto__"] }
  ]
  it.live.each(unnamed)("lists the apps where none of them is named: $args", ({ args }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* node([launcher, ...args]), {
        code: 1,
        out: "",
        err: "Uso: node apps/launch.mjs <standalone|http|worker|simulator|cli> [argumentos]\n"
      })
    })
  )
})
