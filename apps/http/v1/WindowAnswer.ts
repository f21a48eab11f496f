import { DateTime, Option } from "effect"
import type { Window } from "../../../core/conversation/ServiceWindow.ts"

const sentences: { readonly [reason in Window["reason"]]: string } = {
  customer_wrote: "O contato escreveu nas últimas 24 horas: mensagens livres são aceitas até a janela fechar.",
  expired: "O contato não escreve há 24 horas ou mais: só um template aprovado pode ser enviado.",
  never_wrote: "O contato nunca escreveu: só um template aprovado pode ser enviado."
}

/** The 24-hour window as the API shows it. */
export const encode = ({ closesAt, open, reason }: Window, lastInboundAt: Option.Option<DateTime.Utc>) => ({
  open,
  closes_at: closesAt === undefined ? null : DateTime.formatIso(closesAt),
  last_inbound_at: Option.getOrNull(Option.map(lastInboundAt, DateTime.formatIso)),
  reason,
  message: sentences[reason]
})
