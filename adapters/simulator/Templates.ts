import { Option, Result, Schema } from "effect"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import { parameters } from "./GraphParameters.ts"
import type { Ids } from "./Ids.ts"
import { TemplateDefinition, TemplateEdit } from "./TemplateDefinition.ts"
import type { TemplateStatus } from "./TemplateDefinition.ts"
import type { TemplateMessage } from "./TemplateMessage.ts"
import { parameterError } from "./TemplateParameters.ts"
import type { Requirements } from "./TemplateRequirements.ts"
import { isNamed, requirementsOf } from "./TemplateRequirements.ts"

/** A template as it stands in an account. */
export interface Template {
  readonly id: string
  readonly wabaId: string
  readonly status: TemplateStatus
  readonly definition: TemplateDefinition
  /** `components` as they came, with everything the definition's schema does not look at. */
  readonly components: Schema.Json
  readonly named: boolean
  readonly requirements: Requirements
}

/**
 * The templates of every WhatsApp Business account (WABA), in memory. Which account a number belongs to is not known
 * here: a send finds a template by name and language in any of them.
 */
export interface Templates {
  /** Approved at once, unless `status` says otherwise. Refusals: Meta's for the definition, 2388024 for a duplicate. */
  readonly create: (wabaId: string, body: unknown, status?: TemplateStatus) => Result.Result<Template, GraphError>
  /** Replaces what the body gives. Only an APPROVED, REJECTED or PAUSED template can be edited. */
  readonly edit: (template: Template, body: unknown) => Result.Result<Template, GraphError>
  readonly setStatus: (template: Template, status: TemplateStatus) => Template
  readonly find: (id: string) => Template | undefined
  /** In the order of creation. */
  readonly list: (wabaId: string) => ReadonlyArray<Template>
  readonly remove: (templates: ReadonlyArray<Template>) => void
  /** Why a template message would be refused, undefined if it would not. */
  readonly refusal: (message: TemplateMessage, graphVersion: number) => GraphError | undefined
  /** Whether messages to a business-scoped id can use it: one-time codes cannot (131062). */
  readonly needsPhone: (message: TemplateMessage) => boolean
  /** Of the template that the body of a send names, if it is known. */
  readonly categoryOf: (body: unknown) => TemplateDefinition["category"] | undefined
  /** By name and language, in this account or in any. */
  readonly named: (name: string, language: string, wabaId?: string) => Template | undefined
  readonly recategorize: (template: Template, category: TemplateDefinition["category"]) => Template
}

const decodeDefinition = parameters(TemplateDefinition, { unknownKeys: "ignored" })
const decodeEdit = parameters(TemplateEdit, { unknownKeys: "ignored" })
const decodeComponents = parameters(Schema.Struct({ components: Schema.Json }), { unknownKeys: "ignored" })

const decodeNamed = Schema.decodeUnknownOption(
  Schema.Struct({
    template: Schema.Struct({ name: Schema.String, language: Schema.Struct({ code: Schema.String }) })
  })
)

const editable = new Set<TemplateStatus>(["APPROVED", "REJECTED", "PAUSED"])

const withDefinition = (
  base: Pick<Template, "id" | "wabaId" | "status" | "components">,
  definition: TemplateDefinition
): Template => ({
  ...base,
  definition,
  named: isNamed(definition),
  requirements: requirementsOf(definition)
})

/** `"refuse"` as Meta does, or `"accept"` any name that no account has a template of. */
export type UnknownTemplates = "refuse" | "accept"

export const make = (ids: Ids, unknownTemplates: UnknownTemplates): Templates => {
  const byId = new Map<string, Template>()
  const byName = new Map<string, ReadonlyArray<Template>>()

  const store = (template: Template): Template => {
    const { name } = template.definition
    const others = (byName.get(name) ?? []).filter(({ id }) => id !== template.id)
    byId.set(template.id, template)
    byName.set(name, [...others, template])
    return template
  }

  const named = ({ language, name }: Pick<TemplateMessage, "language" | "name">) => {
    const versions = byName.get(name)
    return { versions, version: versions?.find(({ definition }) => definition.language === language.code) }
  }

  return {
    create: (wabaId, body, status = "APPROVED") =>
      Result.gen(function* () {
        const definition = yield* decodeDefinition(body)
        const { components } = yield* decodeComponents(body)
        if (!definition.components.some(({ type }) => type.toUpperCase() === "BODY")) {
          return yield* Result.fail(graphError(100, { details: "Param components must have a BODY." }))
        }
        const twin = byName
          .get(definition.name)
          ?.find((known) => known.wabaId === wabaId && known.definition.language === definition.language)
        if (twin !== undefined) {
          return yield* Result.fail(
            graphError(100, { subcode: 2388024, userText: "Content in This Language Already Exists" })
          )
        }
        return store(withDefinition({ id: ids.object(), wabaId, status, components }, definition))
      }),

    edit: (template, body) =>
      Result.gen(function* () {
        if (!editable.has(template.status)) {
          return yield* Result.fail(
            graphError(100, { subcode: 2388039, userText: `A template that is ${template.status} cannot be edited` })
          )
        }
        const edit = yield* decodeEdit(body)
        const components =
          edit.components === undefined ? template.components : (yield* decodeComponents(body)).components
        return store(withDefinition({ ...template, components }, { ...template.definition, ...edit }))
      }),

    setStatus: (template, status) => store({ ...template, status }),
    find: (id) => byId.get(id),
    list: (wabaId) => [...byId.values()].filter((template) => template.wabaId === wabaId),

    remove: (templates) => {
      for (const { definition, id } of templates) {
        byId.delete(id)
        const rest = (byName.get(definition.name) ?? []).filter((known) => known.id !== id)
        if (rest.length === 0) byName.delete(definition.name)
        else byName.set(definition.name, rest)
      }
    },

    refusal: (message, graphVersion) => {
      const { version, versions } = named(message)
      if (version === undefined) {
        return versions === undefined && unknownTemplates === "accept"
          ? undefined
          : graphError(132001, {
              details: `template name (${message.name}) does not exist in ${message.language.code}`
            })
      }
      switch (version.status) {
        case "APPROVED":
          return parameterError(version.requirements, message.components ?? [], { named: version.named, graphVersion })
        case "PAUSED":
          return graphError(132015)
        case "DISABLED":
          return graphError(132016)
        default:
          return graphError(132001, {
            details: `template name (${message.name}) in ${message.language.code} is ${version.status}`
          })
      }
    },

    needsPhone: (message) => named(message).version?.definition.category === "AUTHENTICATION",

    categoryOf: (body) =>
      Option.getOrUndefined(
        Option.flatMapNullishOr(decodeNamed(body), ({ template }) => named(template).version?.definition.category)
      ),

    named: (name, language, wabaId) =>
      byName
        .get(name)
        ?.find((known) => known.definition.language === language && (wabaId === undefined || known.wabaId === wabaId)),

    recategorize: (template, category) => store({ ...template, definition: { ...template.definition, category } })
  }
}
