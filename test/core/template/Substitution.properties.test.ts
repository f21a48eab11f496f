import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { isBlank } from "../../../core/template/Blank.ts"
import { compile } from "../../../core/template/CompiledTemplate.ts"
import type { SendComponent } from "../../../core/template/SendComponent.ts"
import { substitute } from "../../../core/template/Substitution.ts"
import type { TemplateContent } from "../../../core/template/Template.ts"
import { contentOf } from "./sampleTemplates.ts"

/** Enough to describe any template that can be registered. */
const Shape = Schema.Struct({
  named: Schema.Boolean,
  header: Schema.Literals(["NONE", "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"]),
  /** How many variables the body has; some appear twice. */
  body: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
  footer: Schema.Boolean,
  buttons: Schema.Array(Schema.Literals(["QUICK_REPLY", "URL", "STATIC_URL", "COPY_CODE", "PHONE_NUMBER"])).check(
    Schema.isMaxLength(5)
  )
})
type Shape = typeof Shape.Type

interface Declared {
  readonly component: string
  readonly position: string | number
}

const definitionOf = (shape: Shape) => {
  const variables: Record<string, Declared> = {}
  const declare = (component: string, position: string | number): void => {
    variables[`v${Object.keys(variables).length}`] = { component, position }
  }
  const key = (index: number) => (shape.named ? `campo_${index}` : index)
  const components: Array<object> = []
  if (shape.header === "TEXT") {
    components.push({ type: "HEADER", format: "TEXT", text: `Aviso {{${key(1)}}}` })
    declare("header", key(1))
  } else if (shape.header !== "NONE") {
    components.push({ type: "HEADER", format: shape.header })
    const places = shape.header === "LOCATION" ? ["latitude", "longitude", "name", "address"] : ["link"]
    for (const place of places) declare("header", place)
  }
  const body = Array.from({ length: shape.body }, (_, index) => `{{${key(index + 1)}}}`)
  components.push({ type: "BODY", text: ["Olá", ...body, "e até logo,", ...body.slice(0, 2), "!"].join(" ") })
  for (const index of body.keys()) declare("body", key(index + 1))
  if (shape.footer) components.push({ type: "FOOTER", text: "Loja do Bairro" })
  if (shape.buttons.length > 0) {
    components.push({
      type: "BUTTONS",
      buttons: shape.buttons.map((type) => {
        if (type === "URL") return { type, url: "https://loja.example/{{1}}" }
        return type === "STATIC_URL" ? { type: "URL", url: "https://loja.example/" } : { type }
      })
    })
    for (const [index, type] of shape.buttons.entries()) {
      if (type === "QUICK_REPLY" || type === "URL" || type === "COPY_CODE") declare("button", index)
    }
  }
  return { name: "modelo", language: "pt_BR", category: "UTILITY", status: "APPROVED", components, variables }
}

const templateOf = (shape: Shape): TemplateContent => contentOf(definitionOf(shape))

/** Values that Meta takes anywhere: short, in one line, not blank; some look like placeholders or patterns. */
const Value = Schema.Struct({
  start: Schema.Literals(["", "{{1}}", "{{2}}", "{{campo_2}}", "$&", "%20", "é", "😀"]),
  rest: Schema.String.check(Schema.isMaxLength(6))
})
const Values = Schema.Array(Value).check(Schema.isMinLength(20), Schema.isMaxLength(20))

const valueOf = ({ rest, start }: typeof Value.Type): string => {
  const value = (start + rest).toWellFormed().replaceAll(/[\n\r\t\0]| {5}/gu, "")
  return isBlank(value) ? "x" : Array.from(value).slice(0, 15).join("")
}

const valuesFor = (template: TemplateContent, raw: typeof Values.Type): Record<string, string> =>
  Object.fromEntries(
    Object.entries(template.variables).map(([name, { position }], index) => {
      const isDegrees = position === "latitude" || position === "longitude"
      return [name, isDegrees ? "-23.5" : valueOf(raw[index] ?? { start: "", rest: "" })]
    })
  )

const reversed = <A>(record: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(record).toReversed())

/** Every value of a send, by the address of its place. */
const sentBy = (components: ReadonlyArray<SendComponent>, template: TemplateContent): Map<string, string> => {
  const sent = new Map<string, string>()
  for (const component of components) {
    for (const [index, parameter] of (component.parameters ?? []).entries()) {
      const at = component.type === "button" ? component.index : undefined
      if (parameter.type === "text") {
        sent.set(`${component.type}:${parameter.parameter_name ?? at ?? index + 1}`, parameter.text)
      } else if (parameter.type === "payload") sent.set(`button:${at}`, parameter.payload)
      else if (parameter.type === "coupon_code") sent.set(`button:${at}`, parameter.coupon_code)
      else if (parameter.type === "location") {
        for (const [place, value] of Object.entries(parameter.location)) sent.set(`header:${place}`, value)
      } else if (parameter.type === "image") sent.set("header:link", parameter.image.link)
      else if (parameter.type === "video") sent.set("header:link", parameter.video.link)
      else if (parameter.type === "document") sent.set("header:link", parameter.document.link)
    }
  }
  assert.strictEqual(sent.size, Object.keys(template.variables).length)
  return sent
}

/** The bytes a server would read, with whatever is percent-encoded decoded. */
const meantBy = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/(%[\dA-Fa-f]{2})/u)
      .map((piece, index) => (index % 2 === 1 ? Buffer.from(piece.slice(1), "hex") : Buffer.from(piece)))
  )

const runs = { arbitrary: { runs: 300 } }

describe("Substitution of any template", () => {
  it.prop(
    "every value arrives at its place as it was given; the end of a URL arrives encoded",
    [Shape, Values],
    ([shape, raw]) => {
      const template = templateOf(shape)
      const values = valuesFor(template, raw)
      const { components } = Result.getOrThrow(substitute(compile(template), values))
      const sent = sentBy(components, template)
      for (const [name, { component, position }] of Object.entries(template.variables)) {
        const isUrl = component === "button" && shape.buttons[Number(position)] === "URL"
        const arrived = sent.get(`${component}:${position}`) ?? ""
        if (!isUrl) assert.strictEqual(arrived, values[name])
        else {
          assert.match(arrived, /^[\x21-\x7e]+$/u)
          assert.deepStrictEqual(meantBy(arrived), meantBy(values[name] ?? ""))
        }
      }
    },
    runs
  )

  it.prop(
    "the text is the template's with every placeholder replaced once, and nothing else",
    [Shape, Values],
    ([shape, raw]) => {
      const template = templateOf(shape)
      const values = valuesFor(template, raw)
      const at = (component: string, key: string): string => {
        const [name = ""] =
          Object.entries(template.variables).find(
            ([, target]) => target.component === component && String(target.position) === key
          ) ?? []
        return values[name] ?? assert.fail(`nothing for ${component} ${key}`)
      }
      const expected = template.components.flatMap((component) =>
        "text" in component
          ? [component.text.replaceAll(/\{\{(\w+)\}\}/gu, (_, key: string) => at(component.type.toLowerCase(), key))]
          : []
      )
      assert.strictEqual(Result.getOrThrow(substitute(compile(template), values)).text, expected.join("\n\n"))
    },
    runs
  )

  it.prop(
    "the order in which variables are declared or given makes no difference",
    [Shape, Values],
    ([shape, raw]) => {
      const template = templateOf(shape)
      const turned = { ...template, variables: reversed(template.variables) }
      const values = valuesFor(template, raw)
      assert.deepStrictEqual(substitute(compile(turned), reversed(values)), substitute(compile(template), values))
      assert.deepStrictEqual(substitute(compile(turned), {}), substitute(compile(template), {}))
    },
    runs
  )

  it.prop(
    "whatever is missing, empty or blank is listed, all of it and nothing else",
    [
      Shape,
      Values,
      Schema.Array(Schema.Literals(["given", "missing", "empty", "blank"])).check(Schema.isMinLength(20))
    ],
    ([shape, raw, fates]) => {
      const template = templateOf(shape)
      const names = Object.keys(template.variables)
      const fateOf = (name: string) => fates[names.indexOf(name)] ?? "given"
      const values = Object.fromEntries(
        Object.entries(valuesFor(template, raw)).flatMap(([name, value]) => {
          const fate = fateOf(name)
          if (fate === "missing") return []
          return [[name, fate === "given" ? value : fate === "empty" ? "" : "\u2003"]]
        })
      )
      const missing = names.filter((name) => fateOf(name) !== "given")
      const result = substitute(compile(template), values)
      if (missing.length === 0) assert.isTrue(Result.isSuccess(result))
      else {
        const { code, message } = Result.getOrThrow(Result.flip(result))
        assert.strictEqual(code, "missing_variables")
        assert.deepStrictEqual(message.match(/\bv\d+\b/gu), missing)
      }
    },
    runs
  )
})
