/** What Meta tells of templates, numbers, accounts and people's settings: field → value. */
import { customer, displayNumber, managementOf, metadata, payloadOf } from "./envelope.ts"

const template = {
  message_template_id: 990_112_233_445_566,
  message_template_name: "pedido_enviado",
  message_template_language: "pt-BR"
}

export const management = {
  templateStatus: managementOf("message_template_status_update", {
    ...template,
    event: "PAUSED",
    reason: "NONE",
    message_template_category: "UTILITY",
    other_info: { title: "FIRST_PAUSE", description: "Your template has been paused." }
  }),
  templateRejected: managementOf("message_template_status_update", {
    ...template,
    event: "REJECTED",
    reason: "INVALID_FORMAT",
    message_template_category: "MARKETING",
    rejection_info: { reason: "Parameters next to each other.", recommendation: "Separate them." }
  }),
  templateDeleted: managementOf("message_template_status_update", {
    ...template,
    event: "PENDING_DELETION",
    reason: null,
    message_template_category: "UTILITY"
  }),
  templateQuality: managementOf("message_template_quality_update", {
    ...template,
    previous_quality_score: "GREEN",
    new_quality_score: "YELLOW"
  }),
  categoryNotice: managementOf("template_category_update", {
    ...template,
    new_category: "UTILITY",
    correct_category: "MARKETING",
    category_update_timestamp: 1_790_086_400
  }),
  categoryChanged: managementOf("template_category_update", {
    ...template,
    previous_category: "UTILITY",
    new_category: "MARKETING"
  }),
  templateComponents: managementOf("message_template_components_update", {
    ...template,
    message_template_title: "Saiu para entrega",
    message_template_element: "Olá {{1}}, seu pedido {{2}} saiu para entrega.",
    message_template_footer: "Loja da Praça",
    message_template_buttons: [
      {
        message_template_button_type: "URL",
        message_template_button_text: "Rastrear",
        message_template_button_url: "https://loja.example/r/{{1}}"
      }
    ]
  }),
  numberQuality: managementOf("phone_number_quality_update", {
    display_phone_number: displayNumber,
    event: "ONBOARDING",
    max_daily_conversations_per_business: "TIER_2K"
  }),
  numberName: managementOf("phone_number_name_update", {
    display_phone_number: "+55 11 97654-3210",
    decision: "REJECTED",
    requested_verified_name: "Loja da Praça",
    rejection_reason: "NAME_EMPLOYEE_ISSUE"
  }),
  username: managementOf("business_username_updates", {
    display_phone_number: displayNumber,
    username: "lojadapraca",
    status: "approved"
  }),
  restriction: managementOf("account_update", {
    event: "ACCOUNT_RESTRICTION",
    restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: 1_790_604_800 }]
  }),
  ban: managementOf("account_update", {
    event: "DISABLED_UPDATE",
    ban_info: { waba_ban_state: "SCHEDULE_FOR_DISABLE", waba_ban_date: "September 30, 2026" }
  }),
  alert: managementOf("account_alerts", {
    entity_type: "BUSINESS",
    entity_id: 506_914_307_656_634,
    alert_info: {
      alert_severity: "WARNING",
      alert_status: "ACTIVE",
      alert_type: "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
      alert_description: "More time is needed."
    }
  }),
  flatAlert: managementOf("account_alerts", { alert_type: "OBA_APPROVED", alert_severity: "INFORMATIONAL" }),
  capability: managementOf("business_capability_update", {
    max_daily_conversations_per_business: 10_000,
    max_phone_numbers_per_business: 20
  }),
  calls: managementOf("calls", { calls: [] }),
  stop: payloadOf({
    field: "user_preferences",
    value: {
      messaging_product: "whatsapp",
      metadata,
      contacts: [{ wa_id: customer.waId }],
      user_preferences: [
        {
          wa_id: customer.waId,
          detail: "User requested to stop marketing messages",
          category: "marketing_messages",
          value: "stop",
          timestamp: 1_790_000_600
        }
      ]
    }
  })
} as const
