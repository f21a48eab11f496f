/** What every webhook of one business in São Paulo is wrapped in. */

export const wabaId = "108920475631204"
export const phoneNumberId = "215039484771625"
export const displayNumber = "5511976543210"

/** A customer of DDD 61, whose account lacks the ninth digit that their number has. */
export const customer = { waId: "556187654321", number: "5561987654321", userId: "BR.7730219488123095" }

export const metadata = { display_phone_number: displayNumber, phone_number_id: phoneNumberId }

export const contact = { profile: { name: "Joana Prado" }, wa_id: customer.waId, user_id: customer.userId }

export const payloadOf = (...changes: ReadonlyArray<unknown>) => ({
  object: "whatsapp_business_account",
  entry: [{ id: wabaId, changes }]
})

/** A change of the field `messages`. */
export const newsOf = (lists: object) => ({
  field: "messages",
  value: { messaging_product: "whatsapp", metadata, contacts: [contact], ...lists }
})

/** A change that only the account as a whole has, at half past two in the afternoon of São Paulo. */
export const managementOf = (field: string, value: object) => ({
  object: "whatsapp_business_account",
  entry: [{ id: wabaId, time: 1_790_000_000, changes: [{ field, value }] }]
})
