import type { CardComponentDefinition, ComponentDefinition, TemplateDefinition } from "./TemplateDefinition.ts"

/** What a send must bring for a template, read once from its definition. */
export interface Requirements {
  readonly header:
    | { readonly kind: "none" }
    | { readonly kind: "text"; readonly text: TextRequirement }
    | { readonly kind: "location" }
    | { readonly kind: "image" | "video" | "document" }
  readonly body: TextRequirement
  readonly buttons: ReadonlyArray<ButtonRequirement>
  /** Of a template with a limited-time offer that expires, the expiry. */
  readonly offerExpires: boolean
  readonly cards: ReadonlyArray<Requirements>
}

export interface TextRequirement {
  readonly text: string
  /** Variable names in order of first appearance: `1`, `2`… when positional. */
  readonly variables: ReadonlyArray<string>
}

export interface ButtonRequirement {
  /** As Meta names it when it complains: `Url`, `Copy_code`… */
  readonly label: string
  /** `sub_type` of the component that a send brings for it; undefined if it takes none. */
  readonly subType: string | undefined
  /** Whether it can be left out. A quick reply without a payload sends its own text back. */
  readonly required: boolean
}

const placeholder = /\{\{\s*([a-z0-9_]+)\s*\}\}/giu

const textRequirement = (text: string): TextRequirement => ({
  text,
  variables: [...new Set([...text.matchAll(placeholder)].flatMap(([, name]) => (name === undefined ? [] : [name])))]
})

/** Meta writes the text of one-time-code templates; its one variable is the code. */
const oneTimeCodeText = textRequirement("*{{1}}* is your verification code.")

const buttonRequirement = (type: string, url: string | undefined): ButtonRequirement => {
  const label = type.charAt(0).toUpperCase() + type.slice(1).toLowerCase()
  switch (type.toUpperCase()) {
    case "URL": {
      const dynamic = textRequirement(url ?? "").variables.length > 0
      return { label, subType: dynamic ? "url" : undefined, required: dynamic }
    }
    case "OTP":
      return { label, subType: "url", required: true }
    case "COPY_CODE":
      return { label, subType: "copy_code", required: true }
    case "PHONE_NUMBER":
      return { label, subType: undefined, required: false }
    default:
      return { label, subType: type.toLowerCase(), required: false }
  }
}

const headerRequirement = (header: CardComponentDefinition | undefined): Requirements["header"] => {
  switch (header?.format?.toUpperCase()) {
    case undefined:
      return { kind: "none" }
    case "IMAGE":
      return { kind: "image" }
    case "VIDEO":
      return { kind: "video" }
    case "DOCUMENT":
      return { kind: "document" }
    case "LOCATION":
      return { kind: "location" }
    default:
      return { kind: "text", text: textRequirement(header?.text ?? "") }
  }
}

const requirementsOfComponents = (
  components: ReadonlyArray<ComponentDefinition>,
  unwrittenBody: TextRequirement
): Requirements => {
  const find = (type: string) => components.find((component) => component.type.toUpperCase() === type)
  const body = find("BODY")
  return {
    header: headerRequirement(find("HEADER")),
    body:
      body === undefined ? textRequirement("") : body.text === undefined ? unwrittenBody : textRequirement(body.text),
    buttons: (find("BUTTONS")?.buttons ?? []).map(({ type, url }) => buttonRequirement(type, url)),
    offerExpires: find("LIMITED_TIME_OFFER")?.limited_time_offer?.has_expiration === true,
    cards: (find("CAROUSEL")?.cards ?? []).map((card) => requirementsOfComponents(card.components, textRequirement("")))
  }
}

export const requirementsOf = ({ category, components }: Pick<TemplateDefinition, "category" | "components">) =>
  requirementsOfComponents(components, category === "AUTHENTICATION" ? oneTimeCodeText : textRequirement(""))

/** Whether its variables go by name: as declared, else as the names look. */
export const isNamed = ({
  components,
  parameter_format
}: Pick<TemplateDefinition, "components" | "parameter_format">) =>
  parameter_format === undefined
    ? components.some(({ text }) => textRequirement(text ?? "").variables.some((name) => !/^\d+$/u.test(name)))
    : parameter_format.toUpperCase() === "NAMED"
