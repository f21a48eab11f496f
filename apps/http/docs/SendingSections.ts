/** What both endpoints share: order of checks, doing it once, what is known of a send, the window, media, numbers. */
import { Duration } from "effect"
import * as ServiceWindow from "../../../core/conversation/ServiceWindow.ts"
import { MediaKind, rules } from "../../../core/media/MediaKind.ts"
import { abandonedAfter, keptFor } from "../../../core/message/Idempotency.ts"
import { deadlineMillis } from "../../../core/message/Verdict.ts"
import { maxBytes } from "../Incoming.ts"
import { answerOf, codeLink, statusTag } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { type Html, html } from "./Html.ts"
import type { Document } from "./OpenApiDocument.ts"
import { inline } from "./Prose.ts"
import { table } from "./Table.ts"

const errors = "docs/errors"
const deadline = `${deadlineMillis / 1000} segundos`
const windowHours = Duration.toHours(ServiceWindow.duration)

export const order: Html = html`<section id="ordem">
  <h2>Ordem das verificações</h2>
  <p>A resposta fala sempre do primeiro problema encontrado, nesta ordem:</p>
  <ol>
    <li>caminho e método (404, 405);</li>
    <li>API key (401);</li>
    <li>tamanho, até ${maxBytes / 1024} KiB, e tipo do corpo (413, 415);</li>
    <li>forma do corpo: JSON, campos, valores (400);</li>
    <li>em <code>/sendmessage</code>, se a chave é a da <code>instance_id</code> (401);</li>
    <li>se a <code>Idempotency-Key</code> já tem resposta (a mesma resposta, 409 ou 422);</li>
    <li>o estado das coisas: IDs, template, campanha, variáveis, janela, mídia (400);</li>
    <li>o envio é <strong>reservado</strong> no banco: contato, conversa e mensagem passam a existir;</li>
    <li>a Meta é chamada, e o resultado é gravado antes de ser respondido.</li>
  </ol>
</section>`

export const headers = (document: Document): Html =>
  html`<section id="cabecalhos">
    <h2>Cabeçalhos</h2>
    <h3>Que você pode enviar</h3>
    ${table(
      ["Cabeçalho", "Para quê"],
      Object.values(document.components.parameters).map(({ description, name }) => [
        html`<code>${name}</code>`,
        inline(description)
      ])
    )}
    <h3>Que a resposta traz</h3>
    ${table(
      ["Cabeçalho", "O que diz"],
      Object.entries(document.components.headers).map(([name, { description }]) => [
        html`<code>${name}</code>`,
        inline(description)
      ])
    )}
  </section>`

export const idempotency: Html = html`<section id="idempotencia">
  <h2>Enviar uma vez só</h2>
  <p>
    Redes falham depois que a mensagem já saiu. Com o cabeçalho <code>Idempotency-Key</code>, repetir a requisição é
    seguro: a mensagem sai no máximo uma vez. Use uma chave nova para cada mensagem e a mesma chave em toda repetição
    dela.
  </p>
  ${Code.plain("Um cabeçalho a mais", '-H "Idempotency-Key: pedido-1234-aviso-de-envio"')}
  ${table(
    ["Você repete a chave", "Resposta"],
    [
      [
        "com o mesmo corpo, e há um resultado",
        html`a mesma de antes, byte a byte, com <code>Idempotent-Replayed: true</code>`
      ],
      [
        "com o mesmo corpo, e a original ainda está em andamento",
        html`${answerOf("idempotency_key_running", errors)} com <code>Retry-After</code>, no máximo
          ${Duration.toSeconds(abandonedAfter)} segundos; depois disso,
          <a href="${errors}#outcome_unknown"><code>outcome_unknown</code></a>`
      ],
      ["com outro corpo", answerOf("idempotency_key_reused", errors)],
      ["depois de uma falha em que nada foi enviado e que pode passar", "o envio é feito de novo: a chave ficou livre"],
      ["depois de um erro de validação", "a requisição é avaliada de novo: ela não ocupa a chave"],
      [
        html`depois de um 504 <code>outcome_unknown</code>`,
        "o mesmo 504, até o resultado ser conhecido; então, o resultado"
      ]
    ]
  )}
  <p>
    Uma chave vale para uma instância e um endereço, e é lembrada por ${Duration.toHours(keptFor)} horas. Se o servidor
    cair no meio do envio, a mesma chave encontra a tentativa e responde por ela; nada é reenviado por conta própria.
  </p>
</section>`

export const knowledge: Html = html`<section id="repetir">
  <h2>O que se sabe, e quando repetir</h2>
  <p>
    Cada falha diz em <code>retryable</code> se a mesma requisição pode ser repetida sem risco de enviar duas vezes, e
    em <code>retry_after</code> depois de quantos segundos. O que separa os casos é o que se sabe do envio:
  </p>
  ${table(
    ["O que aconteceu", "Foi enviado?", "O que nós fazemos", "Resposta"],
    [
      [
        "A Meta aceitou",
        html`<span class="tag ok">sim</span>`,
        "gravamos o resultado; a entrega ao celular é confirmada depois",
        html`${statusTag(200)} com o <code>wamid</code>`
      ],
      [
        "A Meta recusou",
        html`<span class="tag">não</span>`,
        `se foi pelo ritmo, repetimos por até ${deadline}`,
        html`${codeLink("meta_rejected", errors)}, ${codeLink("meta_throttled", errors)} e outras, com o erro dela em
          <code>meta</code>`
      ],
      [
        "A requisição nem saiu daqui (DNS, TLS, conexão recusada)",
        html`<span class="tag">não</span>`,
        `repetimos por até ${deadline}`,
        answerOf("meta_unavailable", errors)
      ],
      [
        "Saiu, e não veio resposta conclusiva (atraso, queda, resposta cortada)",
        html`<span class="tag bad">ninguém sabe</span>`,
        html`<strong>nunca repetimos</strong>: espera-se o webhook de status da Meta`,
        answerOf("outcome_unknown", errors)
      ]
    ]
  )}
  <p>
    A Meta não reconhece repetições: depois de um 504, enviar de novo pode entregar a mensagem duas vezes. Guarde o
    <code>Message-Id</code> (o mesmo de <code>message_ref</code>), que identifica a tentativa, e só repita com a mesma
    <code>Idempotency-Key</code>.
  </p>
</section>`

export const window: Html = html`<section id="janela">
  <h2>A janela de ${windowHours} horas</h2>
  <p>
    A cada mensagem que o contato escreve, abre-se uma janela de ${windowHours} horas em que a empresa pode responder
    livremente por <code>POST /sendmessage</code>. Uma nova mensagem dele reinicia a contagem; as mensagens da empresa
    não. No instante em que completa ${windowHours} horas a janela está fechada.
  </p>
  <p>
    A janela é verificada antes de a Meta ser chamada. Fechada, a resposta é ${answerOf("window_closed", errors)}, que
    diz quando ela fechou. A saída é um template aprovado, por <code>POST /send-message</code>: a resposta do contato
    abre a janela de novo.
  </p>
</section>`

const mediaNames: { readonly [kind in MediaKind]: string } = {
  image: "imagem",
  video: "vídeo",
  audio: "áudio",
  document: "documento"
}

export const media: Html = html`<section id="midias">
  <h2>Mídias</h2>
  <p>
    Arquivos vão por link público, http ou https: quem baixa o arquivo é a Meta. Endereços de redes privadas são
    recusados em qualquer grafia. Se o caminho termina em uma extensão conhecida, ela decide o tipo e ninguém é
    consultado; se não, o servidor do arquivo é perguntado por HEAD, sem seguir redirecionamentos. As mesmas regras
    valem para o arquivo do cabeçalho de um template.
  </p>
  ${table(
    ["Tipo", "Extensões", "Até", "Legenda"],
    MediaKind.literals.map((kind) => [
      html`${mediaNames[kind]}<br /><code>${kind}</code>`,
      Object.values(rules[kind].types).flat().join(", "),
      `${rules[kind].maxBytes / 1024 / 1024} MB`,
      rules[kind].captioned ? "sim" : "não"
    ])
  )}
</section>`
