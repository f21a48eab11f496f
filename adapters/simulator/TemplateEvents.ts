import { Schema } from "effect"
import { hash } from "node:crypto"
import type { BusinessNumbers } from "./BusinessNumbers.ts"
import { usualWaba } from "./BusinessNumbers.ts"
import { TemplateStatus } from "./TemplateDefinition.ts"
import type { TemplateEvent, TemplateFacts } from "./TemplateEvent.ts"
import { templateUpdate } from "./TemplateEvent.ts"
import type { Template, Templates } from "./Templates.ts"
import type { Update } from "./WebhookPayload.ts"

/** What happens to templates: here as well, where the simulator knows them, and in what is told of it. */
export interface TemplateEvents {
  /** Undefined: there is no template with this id. */
  readonly setStatus: (id: string, status: TemplateStatus, now: number) => Update | undefined
  /** By name and language, known or not. */
  readonly happened: (event: TemplateEvent, now: number) => Update
}

const isStatus = Schema.is(TemplateStatus)
const remembered = 10_000

/** 15 digits, always the same for the same template. */
const madeUpId = (wabaId: string, { language, name }: TemplateEvent): string =>
  String(
    100_000_000_000_000n +
      (hash("sha256", `${wabaId}/${name}/${language}`, "buffer").readBigUInt64BE(0) % 800_000_000_000_000n)
  )

const remember = (facts: Map<string, string>, id: string, fact: string) => {
  if (facts.size < remembered || facts.has(id)) facts.set(id, fact)
}

export const make = (templates: Templates, numbers: BusinessNumbers): TemplateEvents => {
  /** What was told last of the templates that are not known here, and of the quality of all. */
  const qualities = new Map<string, string>()
  const categories = new Map<string, string>()

  const factsOf = (event: TemplateEvent, known: Template | undefined): TemplateFacts => {
    const wabaId = event.waba_id ?? known?.wabaId ?? numbers.usual()?.wabaId ?? usualWaba
    const id = known?.id ?? madeUpId(wabaId, event)
    return {
      id,
      wabaId,
      category: known?.definition.category ?? categories.get(id) ?? "UTILITY",
      quality: qualities.get(id) ?? "UNKNOWN"
    }
  }

  return {
    setStatus: (id, status, now) => {
      const template = templates.find(id)
      if (template === undefined) return undefined
      const { language, name } = templates.setStatus(template, status).definition
      const event = { name, language, event: status }
      return templateUpdate(event, factsOf(event, template), now)
    },
    happened: (event, now) => {
      const known = templates.named(event.name, event.language.replace("-", "_"), event.waba_id)
      const facts = factsOf(event, known)
      const update = templateUpdate(event, facts, now)
      if (event.quality !== undefined) remember(qualities, facts.id, event.quality)
      if (event.category !== undefined && known === undefined) remember(categories, facts.id, event.category)
      if (event.category !== undefined && known !== undefined) templates.recategorize(known, event.category)
      if (isStatus(event.event) && known !== undefined) templates.setStatus(known, event.event)
      return update
    }
  }
}
