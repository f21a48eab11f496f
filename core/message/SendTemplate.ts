/**
 * `POST /send-message`: a template, by itself or as a campaign's, to a number. The only way to a person
 * whose service window is closed.
 *
 * Source: the published AI DESK developers page, "Envio via Template/Campanha".
 */
import { DateTime, Effect, Option, Result } from "effect"
import { callerNameOf, type Campaign, type CampaignId, isActive, toTemplateValues } from "../campaign/Campaign.ts"
import { isMarketing } from "../consent/Consent.ts"
import { identityKey, type PhoneNumber } from "../contact/PhoneNumber.ts"
import type { QueueId, StatusId } from "../conversation/Conversation.ts"
import { failure, type Failure } from "../failure/Failure.ts"
import { Directory, type Freshness, type Listing, type Wanted } from "../instance/Directory.ts"
import { inspect } from "../media/MediaLink.ts"
import type { MediaProbe } from "../media/MediaProbe.ts"
import { compiled } from "../template/CompiledTemplate.ts"
import { type Filled, substitute } from "../template/Substitution.ts"
import { isSendable, type Template, type TemplateId } from "../template/Template.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Plan } from "./Dispatch.ts"
import { MessageIds } from "./MessageIds.ts"
import { once, type Request } from "./Once.ts"

export interface TemplateRequest extends Request {
  readonly number: PhoneNumber
  readonly contactName: string | undefined
  /** Exactly one of the two is given. */
  readonly templateId: TemplateId | undefined
  readonly campaignId: CampaignId | undefined
  readonly variables: { readonly [name: string]: string }
  readonly queueId: QueueId
  readonly statusId: StatusId
}

interface Judged {
  readonly template: Template
  readonly filled: Filled
}

const campaignOf = (listing: Listing, request: TemplateRequest): Result.Result<Campaign | undefined, Failure> => {
  if (request.campaignId === undefined) return Result.succeed(undefined)
  if (Option.isNone(listing.campaign)) return Result.fail(failure("campaign_not_found", { field: "campaign_id" }))
  const campaign = listing.campaign.value
  if (isActive(campaign)) return Result.succeed(campaign)
  const message = `A campanha não está ativa: o estado dela é "${campaign.state}".`
  return Result.fail(failure("campaign_not_active", { field: "campaign_id", message }))
}

/** What the listing makes of the request: pure, so that it can be asked again of a fresher one. */
const judge = (listing: Listing, request: TemplateRequest): Result.Result<Judged, Failure> => {
  if (Option.isNone(listing.queue)) return Result.fail(failure("queue_not_found", { field: "queue_id" }))
  if (Option.isNone(listing.status)) return Result.fail(failure("status_not_found", { field: "status_id" }))
  return Result.flatMap(campaignOf(listing, request), (campaign) => {
    const field = campaign === undefined ? "template_id" : "campaign_id"
    if (Option.isNone(listing.template)) return Result.fail(failure("template_not_found", { field }))
    const template = listing.template.value
    if (!isSendable(template)) {
      const message = `O template não está aprovado e não pode ser enviado: o estado dele na Meta é ${template.status}.`
      return Result.fail(failure("template_not_approved", { field, message }))
    }
    const filled =
      campaign === undefined
        ? substitute(compiled(template), request.variables)
        : substitute(compiled(template), toTemplateValues(campaign, request.variables), callerNameOf(campaign))
    return Result.map(filled, (filled) => ({ template, filled }))
  })
}

/** A refusal is only as good as the state it is based on: before one is given, the current state is read. */
const judgeCurrent = Effect.fnUntraced(function* (request: TemplateRequest, freshness: Freshness) {
  const directory = yield* Directory
  const wanted: Wanted = {
    templateId: request.templateId,
    campaignId: request.campaignId,
    queueId: request.queueId,
    statusId: request.statusId
  }
  let listing = yield* directory.find(request.instance.id, wanted, freshness)
  let judged = judge(listing, request)
  if (Result.isFailure(judged) && freshness === "cached") {
    listing = yield* directory.find(request.instance.id, wanted, "current")
    judged = judge(listing, request)
  }
  return { revision: listing.revision, judged: yield* Effect.fromResult(judged) }
})

/** A header's file obeys the rules of `media_url`, and must be of the kind the header was approved for. */
const inspectLinks = Effect.fnUntraced(function* ({ links }: Filled) {
  for (const { kind, url, variable } of links) {
    const field = `variables.${variable}`
    const link = yield* inspect(url, field)
    if (link.kind !== kind) {
      const message = `A variável "${variable}" deve ser o link de um arquivo do tipo ${kind}, e este é ${link.kind}.`
      return yield* failure("media_type_unsupported", { field, message })
    }
  }
})

const plan = Effect.fnUntraced(function* (
  request: TemplateRequest,
  freshness: Freshness
): Effect.fn.Return<Plan, Failure | Unavailable, Directory | MediaProbe | MessageIds> {
  const { judged, revision } = yield* judgeCurrent(request, freshness)
  const { filled, template } = judged
  yield* inspectLinks(filled)
  const ids = yield* MessageIds
  const { contactName: name, idempotency, instance, number, queueId, requestId, statusId } = request
  return {
    instance,
    requestId,
    message: {
      to: number,
      content: { type: "template", name: template.name, language: template.language, components: filled.components }
    },
    effects: { contactName: name, queueId, statusId },
    reservation: {
      messageId: yield* ids.message,
      attemptId: yield* ids.attempt,
      instanceId: instance.id,
      revision,
      marketing: isMarketing(template.category),
      recipient: { _tag: "Number", number, identityKey: identityKey(number), name },
      queueId,
      statusId,
      record: {
        kind: "template",
        text: filled.text,
        mediaUrl: filled.links[0]?.url,
        templateId: template.id,
        campaignId: request.campaignId,
        variables: request.variables
      },
      idempotency: idempotency === undefined ? undefined : { ...idempotency, requestId },
      at: yield* DateTime.now
    }
  }
})

export const sendTemplate = (request: TemplateRequest) => once(request, (freshness) => plan(request, freshness))
