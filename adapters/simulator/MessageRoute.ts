import { DateTime, Effect } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpRouter } from "effect/http"
import type { Access } from "./Access.ts"
import { breakOff, hangUp, reset } from "./Connection.ts"
import type { Fault, Faults } from "./Faults.ts"
import { appliesTo } from "./Faults.ts"
import { garbage, htmlPage, jsonText, refused, success } from "./GraphAnswers.ts"
import { graphError, objectMissing } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import { graphObject, majorVersion } from "./GraphPath.ts"
import { readJson } from "./GraphRequest.ts"
import type { Ids } from "./Ids.ts"
import type { Latency } from "./Latency.ts"
import { pause } from "./Latency.ts"
import type { Ledger } from "./Ledger.ts"
import { magicFault } from "./MagicRecipients.ts"
import * as MessageRules from "./MessageRules.ts"
import { contactOf, keyOf, waIdOf } from "./Recipient.ts"
import type { Statuses } from "./Statuses.ts"
import type { Templates } from "./Templates.ts"
import * as Wamid from "./Wamid.ts"

export interface MessageRouteParts {
  readonly access: Access
  readonly faults: Faults
  readonly ids: Ids
  readonly knows: (phoneNumberId: string) => boolean
  readonly latency: Latency
  readonly ledger: Ledger
  readonly statuses: Statuses
  readonly templates: Templates
}

type Send = Extract<MessageRules.Request, { kind: "send" }>

/** What the answer says of a template, in `message_status`. */
const templateStatus = (fault: Fault | undefined): string => {
  if (fault?.kind === "held") return "held_for_quality_assessment"
  return fault?.kind === "paused" ? "paused" : "accepted"
}

const answerText = (send: Send, messages?: ReadonlyArray<{ readonly id: string; readonly message_status?: string }>) =>
  JSON.stringify({ messaging_product: "whatsapp", contacts: [contactOf(send.recipient)], messages })

const accepted = (send: Send, wamid: string, fault: Fault | undefined) =>
  answerText(send, [send.type === "template" ? { id: wamid, message_status: templateStatus(fault) } : { id: wamid }])

/**
 * `POST /{version}/{phone-number-id}/messages`.
 *
 * A send that Meta would refuse is refused; any other meets the first scripted fault that fits it, else the fault of its
 * recipient, else none. What has been read is acted on even if the caller hangs up. An accepted send is in the ledger
 * before any wait and before its answer, and its statuses follow whatever the answer.
 */
export const messageRoute = ({
  access,
  faults,
  ids,
  knows,
  latency,
  ledger,
  statuses,
  templates
}: MessageRouteParts) => {
  const refuse = (error: GraphError) => Effect.as(latency.wait, refused(error, ids))

  const accept = Effect.fnUntraced(function* (
    phoneNumberId: string,
    send: Send,
    body: unknown,
    fault: Fault | undefined
  ) {
    const { attemptId, recipient } = send
    const wamid = Wamid.encode(recipient.kind === "phone" ? waIdOf(recipient.digits) : recipient.userId, ids.message())
    const message_status = templateStatus(fault)
    const recorded = {
      wamid,
      to: keyOf(recipient),
      attempt_id: attemptId,
      phone_number_id: phoneNumberId,
      at: DateTime.formatIso(yield* DateTime.now),
      ...(message_status === "accepted" ? {} : { message_status }),
      body
    }
    yield* statuses.follow(recorded, yield* ledger.append(recorded))
    return wamid
  })

  const act = Effect.fnUntraced(function* (
    request: HttpServerRequest.HttpServerRequest,
    phoneNumberId: string,
    send: Send,
    body: unknown,
    fault: Fault | undefined
  ): Effect.fn.Return<HttpServerResponse.HttpServerResponse> {
    if (fault?.kind === "graph_error") {
      const { code, details, status, subcode } = fault
      return yield* refuse(graphError(code, { details, status, subcode }))
    }
    if (fault?.kind === "reset") return yield* reset(request)
    if (fault?.kind === "http_error" && !fault.accepted) return yield* Effect.as(latency.wait, htmlPage(fault.status))
    if (fault?.kind === "slow") yield* pause(fault.delay_ms)

    const wamid = yield* accept(phoneNumberId, send, body, fault)
    yield* fault?.kind === "late" ? pause(fault.delay_ms) : latency.wait
    switch (fault?.kind) {
      case "lost_response":
        return yield* hangUp(request)
      case "truncated":
        return yield* breakOff(request, accepted(send, wamid, fault))
      case "http_error":
        return htmlPage(fault.status)
      case "no_wamid":
        return jsonText(answerText(send))
      case "garbage":
        return garbage
      default:
        return jsonText(accepted(send, wamid, fault))
    }
  })

  const faultFor = (phoneNumberId: string, { recipient, type }: Send): Fault | undefined => {
    const to = keyOf(recipient)
    const scripted = faults.take({ to, phone_number_id: phoneNumberId, type })
    if (scripted !== undefined) return scripted
    const magic = magicFault(to)
    return magic !== undefined && appliesTo(magic, type) ? magic : undefined
  }

  return HttpRouter.route(
    "POST",
    `${graphObject}/messages`,
    Effect.fnUntraced(function* (request) {
      const { id = "", version = "" } = yield* HttpRouter.params
      const denied = access(request)
      if (denied !== undefined) return yield* Effect.fail(denied)
      if (faults.takeBeforeBody()) return yield* reset(request)
      const body = yield* readJson(request)
      if (!knows(id)) return yield* Effect.fail(objectMissing("POST", id))

      const graphVersion = majorVersion(version)
      const asked = yield* Effect.fromResult(MessageRules.read(body, { templates, graphVersion }))
      if (asked.kind === "read") return yield* Effect.as(latency.wait, success)
      return yield* Effect.uninterruptible(act(request, id, asked, body, faultFor(id, asked)))
    }, Effect.catch(refuse))
  )
}
