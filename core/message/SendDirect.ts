/**
 * `POST /sendmessage`: free text or a file to a known contact, inside the 24-hour window.
 *
 * Source: the published AI DESK developers page, "Envio Direto de Mensagens & Mídias".
 */
import { DateTime, Effect, Option } from "effect"
import type { Contact, ContactId } from "../contact/Contact.ts"
import { Contacts } from "../contact/Contacts.ts"
import * as ServiceWindow from "../conversation/ServiceWindow.ts"
import { failure, type Failure } from "../failure/Failure.ts"
import { rules } from "../media/MediaKind.ts"
import { inspect } from "../media/MediaLink.ts"
import type { MediaProbe } from "../media/MediaProbe.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Plan } from "./Dispatch.ts"
import { MessageIds } from "./MessageIds.ts"
import { once, type Request } from "./Once.ts"
import type { Content } from "./OutgoingMessage.ts"
import type { Record } from "./Sends.ts"

export interface DirectRequest extends Request {
  readonly contactId: ContactId
  readonly body:
    | { readonly _tag: "Text"; readonly text: string }
    | { readonly _tag: "Media"; readonly url: string; readonly caption: string | undefined }
}

const windowClosed = ({ lastInboundAt }: Contact): Failure =>
  failure("window_closed", {
    field: "contact_id",
    message: Option.match(lastInboundAt, {
      onNone: () => "A janela de 24 horas deste contato nunca abriu: ele ainda não escreveu.",
      onSome: (at) => `A janela de 24 horas deste contato fechou em ${DateTime.formatIso(ServiceWindow.closesAt(at))}.`
    })
  })

/** The last part of the path, as the sender named the file. */
const filenameOf = (url: string): string | undefined => {
  const name = new URL(url).pathname.split("/").at(-1)
  if (name === undefined || name === "") return undefined
  try {
    return decodeURIComponent(name)
  } catch {
    // A stray percent sign: the name as it stands is still a name.
    return name
  }
}

const contentOf = Effect.fnUntraced(function* ({
  body
}: DirectRequest): Effect.fn.Return<{ content: Content; record: Record }, Failure, MediaProbe> {
  const none = { templateId: undefined, campaignId: undefined, variables: undefined }
  if (body._tag === "Text") {
    return {
      content: { type: "text", body: body.text },
      record: { kind: "text", text: body.text, mediaUrl: undefined, ...none }
    }
  }
  const { kind, url } = yield* inspect(body.url, "media_url")
  if (body.caption !== undefined && !rules[kind].captioned) {
    return yield* failure("caption_not_allowed", { field: "media_caption" })
  }
  const filename = kind === "document" ? filenameOf(url) : undefined
  return {
    content: {
      type: "media",
      kind,
      link: url,
      ...(body.caption === undefined ? {} : { caption: body.caption }),
      ...(filename === undefined ? {} : { filename })
    },
    record: { kind, text: body.caption ?? "", mediaUrl: url, ...none }
  }
})

const plan = Effect.fnUntraced(function* (
  request: DirectRequest
): Effect.fn.Return<Plan, Failure | Unavailable, Contacts | MediaProbe | MessageIds> {
  const { contactId, idempotency, instance, requestId } = request
  const contact = yield* (yield* Contacts).find(instance.id, contactId)
  if (Option.isNone(contact)) return yield* failure("contact_not_found", { field: "contact_id" })
  const { lastInboundAt, number, userId } = contact.value
  const to = Option.getOrUndefined(number) ?? userId
  if (!ServiceWindow.isOpen(lastInboundAt, yield* DateTime.now)) return yield* windowClosed(contact.value)
  if (to === undefined) return yield* failure("contact_without_number", { field: "contact_id" })
  const { content, record } = yield* contentOf(request)
  const ids = yield* MessageIds
  return {
    instance,
    requestId,
    message: { to, content },
    effects: { contactName: undefined, queueId: undefined, statusId: undefined },
    reservation: {
      messageId: yield* ids.message,
      attemptId: yield* ids.attempt,
      instanceId: instance.id,
      revision: undefined,
      marketing: false,
      recipient: { _tag: "Known", contactId: contact.value.id },
      queueId: undefined,
      statusId: undefined,
      record,
      idempotency: idempotency === undefined ? undefined : { ...idempotency, requestId },
      at: yield* DateTime.now
    }
  }
})

export const sendDirect = (request: DirectRequest) => once(request, () => plan(request))
