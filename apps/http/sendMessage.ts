import { Effect, Result, Schema } from "effect"
import { CampaignId } from "../../core/campaign/Campaign.ts"
import { example, fromText } from "../../core/contact/PhoneNumber.ts"
import { QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { failure } from "../../core/failure/Failure.ts"
import { sendTemplate } from "../../core/message/SendTemplate.ts"
import { TemplateId } from "../../core/template/Template.ts"
import { idRange, idSentence, textsOf, textUpTo, variables } from "./fields.ts"
import { templateForm, templateSuccess } from "./Rendering.ts"
import * as SendEndpoint from "./SendEndpoint.ts"
import * as Shape from "./Shape.ts"

const nameLimit = 255

/** The body of `POST /send-message`, as published. */
export const SendMessage = Schema.Struct({
  number: Schema.String,
  template_id: Schema.optionalKey(TemplateId.check(idRange)),
  campaign_id: Schema.optionalKey(CampaignId.check(idRange)),
  contact_name: Schema.optionalKey(textUpTo(nameLimit)),
  variables: Schema.optionalKey(variables),
  queue_id: QueueId.check(idRange),
  status_id: StatusId.check(idRange)
})

const decode = Shape.decoder(SendMessage, {
  number: `deve ser um texto só com dígitos, com o código do país, como "${example}"`,
  template_id: idSentence,
  campaign_id: idSentence,
  contact_name: `deve ser um texto de 1 a ${nameLimit} caracteres`,
  variables: 'deve ser um objeto de textos, como {"nome": "João"}',
  "variables.*": "deve ser um texto; números com muitos dígitos também vão entre aspas",
  queue_id: idSentence,
  status_id: idSentence
})

const numberFaults = {
  not_digits: "tem algo além de dígitos",
  length: "não tem a quantidade de dígitos de um telefone com código do país",
  area_code: "tem um DDD que não existe",
  subscriber: "não é de um celular nem de um telefone fixo depois do DDD",
  impossible: "não é possível no país do código informado"
} as const

const numberOf = (text: string) =>
  Result.mapError(fromText(text), (fault) =>
    failure("invalid_number", {
      field: "number",
      message: `O campo "number" ${numberFaults[fault]}. Exemplo certo: "${example}".`
    })
  )

export const endpoint = SendEndpoint.make({
  path: "/send-message",
  form: templateForm,
  success: templateSuccess,
  handle: Effect.fnUntraced(function* (request, json) {
    const body = yield* decode(json)
    if ((body.template_id === undefined) === (body.campaign_id === undefined)) {
      const message = 'Informe exatamente um entre "template_id" e "campaign_id".'
      return yield* failure("one_of_required", { field: "template_id", message })
    }
    return yield* sendTemplate({
      ...request,
      number: yield* Effect.fromResult(numberOf(body.number)),
      contactName: body.contact_name,
      templateId: body.template_id,
      campaignId: body.campaign_id,
      variables: textsOf(body.variables ?? {}),
      queueId: body.queue_id,
      statusId: body.status_id
    })
  })
})
