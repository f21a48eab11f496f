/** Where Meta, and the simulator in its place, tells what happened. */
export const path = "/webhooks/whatsapp"
