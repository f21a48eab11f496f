/**
 * What a fresh installation can be tried with: exactly the ids of the published examples, on Meta's own
 * sample number. Simulated, so that nothing of it reaches anybody.
 */
import { CampaignId } from "../../core/campaign/Campaign.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { TemplateId } from "../../core/template/Template.ts"

export const instance = {
  id: InstanceId.make(4),
  name: "Demonstração",
  phoneNumberId: "106540352242922",
  wabaId: "102290129340398"
}

export const queue = { id: QueueId.make(5), name: "Atendimento" }

export const status = { id: StatusId.make(1), name: "Novo" }

/** Its window opens anew at every start. */
export const contact = { id: ContactId.make(53), number: PhoneNumber.make("5511987654321"), name: "Maria Souza" }

export const templateId = TemplateId.make(15)

/** As Meta's API returns it, with the names our callers use. */
export const template = {
  name: "codigo_do_pedido",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  parameter_format: "NAMED",
  components: [
    {
      type: "BODY",
      text: "Olá {{nome}}, o código do seu pedido é {{codigo}}. Guarde esta mensagem.",
      example: {
        body_text_named_params: [
          { param_name: "nome", example: "João" },
          { param_name: "codigo", example: "ABC123" }
        ]
      }
    }
  ],
  variables: {
    nome: { component: "body", position: "nome" },
    codigo: { component: "body", position: "codigo" }
  }
}

export const campaignId = CampaignId.make(3)

export const campaign = {
  name: "Boas-vindas",
  template_id: templateId,
  state: "active",
  variables: { nomeCliente: { variable: "nome" }, codigo: { variable: "codigo" } }
}

/** As it was submitted to Meta: the simulator knows it from the start. */
export const templateAsSubmitted = {
  name: template.name,
  language: template.language,
  category: template.category,
  parameter_format: template.parameter_format,
  components: template.components
}
