import { Predicate, Result } from "effect"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import { parameters } from "./GraphParameters.ts"
import { InteractiveButtons, InteractiveList, InteractiveOther } from "./InteractiveShapes.ts"
import * as Shapes from "./MessageShapes.ts"
import type { Recipient } from "./Recipient.ts"
import { phoneDigits } from "./Recipient.ts"
import { TemplateMessage } from "./TemplateMessage.ts"
import type { Templates } from "./Templates.ts"

/** What a body of `POST /{phone-number-id}/messages` asks for, once nothing is wrong with it. */
export type Request =
  | {
      readonly kind: "send"
      readonly type: string
      readonly recipient: Recipient
      /** `biz_opaque_callback_data`: the caller's own name for this attempt. */
      readonly attemptId: string | null
    }
  | { readonly kind: "read" }

const strict = { unknownKeys: "refused" } as const

/** The content of each type, by the key it stands under. */
const contents: ReadonlyMap<string, (content: unknown) => Result.Result<unknown, GraphError>> = new Map<
  string,
  (content: unknown) => Result.Result<unknown, GraphError>
>([
  ["text", parameters(Shapes.Text, { root: "text", ...strict })],
  ["image", parameters(Shapes.Image, { root: "image", ...strict })],
  ["video", parameters(Shapes.Video, { root: "video", ...strict })],
  ["audio", parameters(Shapes.Audio, { root: "audio", ...strict })],
  ["document", parameters(Shapes.Document, { root: "document", ...strict })],
  ["sticker", parameters(Shapes.Sticker, { root: "sticker", ...strict })],
  ["location", parameters(Shapes.Location, { root: "location", ...strict })],
  ["reaction", parameters(Shapes.Reaction, { root: "reaction", ...strict })],
  ["contacts", parameters(Shapes.Contacts, { root: "contacts", ...strict })]
])

const buttons = parameters(InteractiveButtons, { root: "interactive", ...strict })
const list = parameters(InteractiveList, { root: "interactive", ...strict })
const otherInteractive = parameters(InteractiveOther, { root: "interactive", ...strict })

const interactive = (content: unknown): Result.Result<unknown, GraphError> => {
  const type = Predicate.hasProperty(content, "type") ? content.type : undefined
  return type === "button" ? buttons(content) : type === "list" ? list(content) : otherInteractive(content)
}

const template = parameters(TemplateMessage, { root: "template", ...strict })
const envelope = parameters(Shapes.Message, { unknownKeys: "ignored" })
const readReceipt = parameters(Shapes.ReadReceipt, { unknownKeys: "ignored" })

const allowedTypes = [...contents.keys(), "interactive", "template"].map((type) => type.toUpperCase()).join(", ")

const businessScopedId = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/u

/** `to` wins where both are given. */
const recipientOf = (to: string | undefined, userId: string | undefined): Result.Result<Recipient, GraphError> => {
  if (to !== undefined) {
    const digits = phoneDigits(to)
    return digits === undefined
      ? Result.fail(graphError(131009, { details: "Param to is not a valid phone number." }))
      : Result.succeed({ kind: "phone", input: to, digits })
  }
  if (userId === undefined) return Result.fail(graphError(131008, { details: "The parameter to is required." }))
  return businessScopedId.test(userId)
    ? Result.succeed({ kind: "user", userId })
    : Result.fail(graphError(131009, { details: "Param recipient is not a valid business-scoped user id." }))
}

const templateProblem = (
  message: TemplateMessage,
  recipient: Recipient,
  context: { readonly templates: Templates; readonly graphVersion: number }
): GraphError | undefined =>
  context.templates.refusal(message, context.graphVersion) ??
  (recipient.kind === "user" && context.templates.needsPhone(message) ? graphError(131062) : undefined)

/**
 * Meta's validation of a send, in Meta's order: the product, the recipient, the type, its content, then the template.
 * `body` is the decoded JSON; anything but an object is judged as an empty one.
 */
export const read = (
  body: unknown,
  context: { readonly templates: Templates; readonly graphVersion: number }
): Result.Result<Request, GraphError> =>
  Result.gen(function* () {
    const given: { readonly [key: PropertyKey]: unknown } = Predicate.isObject(body) ? body : {}
    if (given["messaging_product"] !== "whatsapp") {
      return yield* Result.fail(
        graphError(100, {
          title:
            given["messaging_product"] === undefined
              ? "The parameter messaging_product is required."
              : "Param messaging_product must be one of {WHATSAPP}."
        })
      )
    }
    if (given["status"] !== undefined) {
      yield* readReceipt(given)
      return { kind: "read" }
    }
    const { biz_opaque_callback_data: attemptId = null, recipient: userId, to, type = "text" } = yield* envelope(given)
    const recipient = yield* recipientOf(to, userId)
    const content = given[type]
    const check = type === "interactive" ? interactive : contents.get(type)
    if (check === undefined && type !== "template") {
      return yield* Result.fail(
        graphError(100, { details: `Param type must be one of {${allowedTypes}} - got "${type.slice(0, 50)}".` })
      )
    }
    if (content === undefined) {
      return yield* Result.fail(graphError(131008, { details: `The parameter ${type} is required.` }))
    }
    if (check === undefined) {
      const problem = templateProblem(yield* template(content), recipient, context)
      if (problem !== undefined) return yield* Result.fail(problem)
    } else {
      yield* check(content)
    }
    return { kind: "send", type, recipient, attemptId }
  })
