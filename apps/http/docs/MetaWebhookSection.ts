/** For whoever operates the platform: how Meta is told where to post what happens. */
import { codeLink } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { type Html, html } from "./Html.ts"
import { table } from "./Table.ts"

const errors = "docs/errors"

/** Of Meta's panel, and what each is for. */
const fields: ReadonlyArray<readonly [name: string, purpose: string]> = [
  ["messages", "O que os clientes escrevem e o que foi feito de cada mensagem enviada. Indispensável."],
  ["message_template_status_update", "Templates aprovados, pausados ou recusados."],
  ["message_template_quality_update", "A qualidade de cada template."],
  ["message_template_components_update", "Templates editados fora daqui."],
  ["template_category_update", "Templates que mudam de categoria, e com isso de preço."],
  ["phone_number_quality_update", "O limite de envio do número."],
  ["phone_number_name_update, business_username_updates", "O nome que os clientes veem."],
  ["account_update, account_alerts", "Restrições, avisos e outras mudanças da conta."],
  ["business_capability_update", "Quantas pessoas podem ser procuradas por dia."],
  ["user_preferences", "Quem parou, ou voltou, de aceitar marketing pelo próprio WhatsApp."]
]

const check = (url: string): string =>
  `curl '${url}/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=123&hub.verify_token=SEU_TEXTO'`

/** `url`: where Meta reaches this server, no slash at the end. */
export const metaWebhook = (url: string): Html =>
  html`<section id="webhook-da-meta">
    <h2>Receber os webhooks da Meta</h2>
    <p>
      Sem eles a plataforma não sabe o que foi feito de cada mensagem nem ouve os clientes, e a janela de 24 horas nunca
      abre. A Meta só chama endereços <code>https</code> com certificado válido.
    </p>
    <ol>
      <li>
        No servidor, ponha em <code>META_APP_SECRETS</code> a chave secreta do aplicativo (no painel da Meta:
        Configurações do app, Básico) e em <code>META_VERIFY_TOKEN</code> um texto sem espaços, inventado por você.
        Reinicie a plataforma.
      </li>
      <li>
        No painel, em WhatsApp, Configuração, informe a URL de callback <code>${url}/webhooks/whatsapp</code> e, como
        token de verificação, o mesmo texto. A Meta confere na hora.
      </li>
      <li>Assine estes campos:</li>
    </ol>
    ${table(
      ["Campo", "Para quê"],
      fields.map(([name, purpose]) => [html`<code>${name}</code>`, purpose])
    )}
    ${Code.shell("Conferir o endereço como a Meta faz: a resposta é 123", check(url))}
    <ul>
      <li>
        Com mais de um aplicativo, separe as chaves por vírgulas. Para trocar uma chave, deixe a nova e a antiga juntas
        até a Meta usar só a nova.
      </li>
      <li>
        Um webhook sem assinatura certa é recusado com ${codeLink("invalid_signature", errors)}, e nada dele fica. Um
        token de verificação diferente é recusado com ${codeLink("invalid_verify_token", errors)}.
      </li>
      <li>
        O corpo é guardado antes da resposta 200 e aplicado em seguida, uma vez só, mesmo que a Meta o repita. Com o
        banco de dados fora do ar a resposta é 503, e a Meta tenta de novo por até sete dias.
      </li>
      <li>
        O que não pode ser aplicado vai para a quarentena e não atrapalha o resto. Veja com
        <code>aidesk webhooks quarantine list</code> e, depois de corrigir a causa, mande ler de novo com
        <code>aidesk webhooks quarantine retry --all</code>.
      </li>
      <li>
        Os corpos ficam guardados por sete dias; <code>AIDESK_WEBHOOK_RETENTION_DAYS</code> muda esse prazo. Em
        <code>/metrics</code>, <code>aidesk_webhook_posts_total</code> conta os recebidos por resultado.
      </li>
    </ul>
  </section>`
