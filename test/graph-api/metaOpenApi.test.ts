import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { emittedBodies } from "./emittedBodies.ts"
import * as OpenApi from "./OpenApi.ts"
import { type Correction, corrections } from "./openApiCorrections.ts"

type Path = ReadonlyArray<string>

/** Every value in `json` that is not the whole, with the way to it. */
const parts = (json: Schema.Json, path: Path = []): ReadonlyArray<readonly [Path, Schema.Json]> =>
  typeof json !== "object" || json === null
    ? []
    : Object.entries(json).flatMap(([key, value]: [string, Schema.Json]) => [
        [[...path, key], value] as const,
        ...parts(value, [...path, key])
      ])

/** What Meta does not require. */
const optional: ReadonlyArray<RegExp> = [
  /^(?:image|video|audio|document)\/(?:caption|filename)$/u,
  /^template\/components$/u,
  /\/document\/filename$/u,
  /\/parameter_name$/u,
  /\/flow_token$/u,
  /^biz_opaque_callback_data$/u
]

const isIn = (patterns: ReadonlyArray<RegExp>, path: Path) => patterns.some((pattern) => pattern.test(path.join("/")))

type Mutant = readonly [what: string, body: Schema.Json]

const mutations = {
  "a required field is missing": (body: Schema.Json): ReadonlyArray<Mutant> =>
    parts(body)
      .filter(([path]) => !/^\d+$/u.test(path.at(-1) ?? "") && !isIn(optional, path))
      // The one button that may say nothing.
      .filter(([path, value]) => !(path.at(-1) === "parameters" && JSON.stringify(value).includes("flow_token")))
      .map(([path]) => [path.join("/"), OpenApi.put(body, path, undefined)]),
  "a value has another type": (body: Schema.Json): ReadonlyArray<Mutant> =>
    parts(body).flatMap(([path, value]) =>
      [7, true, null, typeof value === "string" ? {} : "x"].map(
        (other) => [`${path.join("/")} ${JSON.stringify(other)}`, OpenApi.put(body, path, other)] as const
      )
    ),
  "a field is unknown": (body: Schema.Json): ReadonlyArray<Mutant> =>
    [[[], body] as const, ...parts(body)]
      .filter(([, value]) => typeof value === "object" && value !== null && !Array.isArray(value))
      .map(([path]) => [path.join("/"), OpenApi.put(body, [...path, "surprise"], "x")]),
  "a kind does not exist": (body: Schema.Json): ReadonlyArray<Mutant> =>
    parts(body)
      .filter(([path]) => /^(?:type|sub_type|recipient_type|messaging_product)$/u.test(path.at(-1) ?? ""))
      .map(([path]) => [path.join("/"), OpenApi.put(body, path, "nonsense")]),
  "a value is too long": (body: Schema.Json): ReadonlyArray<Mutant> =>
    parts(body)
      .filter(([path]) => /^(?:biz_opaque_callback_data|body|caption)$/u.test(path.at(-1) ?? ""))
      .filter(([, value]) => typeof value === "string")
      .map(([path]) => [path.join("/"), OpenApi.put(body, path, "x".repeat(5_000))])
}

const mutants = (body: Schema.Json): ReadonlyArray<Mutant> => Object.values(mutations).flatMap((mutate) => mutate(body))

const byUserId = {
  messaging_product: "whatsapp",
  recipient_type: "individual",
  recipient: "BR.13491208655302741918",
  type: "text",
  text: { body: "Olá" }
}

const schemas = OpenApi.read()

if (schemas === undefined) {
  describe("Meta's OpenAPI description", () => {
    it.skip(
      "is not here: what the gateway emits is checked where ../shared/reference/graph-openapi lies beside the clone"
    )
  })
} else {
  describe("by Meta's OpenAPI description, corrected,", () => {
    const isMessage = OpenApi.validator(schemas, corrections)

    for (const [kind, body] of emittedBodies) {
      it(`${kind} is a message`, () => {
        assert.isTrue(isMessage(body), JSON.stringify(body))
      })
    }

    it("a message to a user id is one, and a message to nobody is none", () => {
      assert.isTrue(isMessage(byUserId))
      assert.isFalse(isMessage(OpenApi.put(byUserId, ["recipient"], undefined)))
    })

    for (const [fault, mutate] of Object.entries(mutations)) {
      it(`a body is refused where ${fault}`, () => {
        const made = emittedBodies.flatMap(([kind, body]) =>
          mutate(body).map(([what, mutant]) => [`${kind}: ${what}`, mutant] as const)
        )
        assert.isAbove(made.length, 0)
        const passed = made.filter(([, mutant]) => isMessage(mutant)).map(([what]) => what)
        assert.deepStrictEqual(passed, [])
      })
    }
  })

  describe("every correction of Meta's OpenAPI description is needed, in each of its changes:", () => {
    const bodies: ReadonlyArray<Schema.Json> = [byUserId, ...emittedBodies.map(([, body]) => body)]
    const wrong = emittedBodies.flatMap(([, body]) => mutants(body).map(([, mutant]) => mutant))

    /** Compiling fails where what is left out is referred to. */
    const holdsWithout = (correction: Correction, change: Correction["changes"][number]): boolean => {
      const rest = { ...correction, changes: correction.changes.filter((other) => other !== change) }
      try {
        const isMessage = OpenApi.validator(schemas, corrections.with(corrections.indexOf(correction), rest))
        return bodies.every((body) => isMessage(body)) && !wrong.some((body) => isMessage(body))
      } catch {
        return false
      }
    }

    for (const correction of corrections) {
      it(correction.reason, () => {
        const needless = correction.changes.filter((change) => holdsWithout(correction, change))
        assert.deepStrictEqual(needless, [])
      })
    }
  })
}
