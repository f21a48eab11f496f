/** How to find out what became of a message, in a few commands. */
import { codeLink } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { type Html, html } from "./Html.ts"

const errors = "docs/errors"

const commands = (url: string): string =>
  [
    "# Uma mensagem, pelo Message-Id ou pelo wamid",
    `curl -H "apikey: sua_api_key_aqui" ${url}/v1/messages/MESSAGE_ID`,
    "# As que falharam, as mais novas primeiro",
    `curl -H "apikey: sua_api_key_aqui" "${url}/v1/messages?status=failed&limit=20"`,
    "# A janela de 24 horas de um contato",
    `curl -H "apikey: sua_api_key_aqui" ${url}/v1/contacts/53/window`,
    "# O arquivo que um contato mandou",
    `curl -OJ -H "apikey: sua_api_key_aqui" ${url}/v1/messages/MESSAGE_ID/media`,
    "# Tudo o que aconteceu; continue com ?after= e o next_cursor da resposta",
    `curl -H "apikey: sua_api_key_aqui" ${url}/v1/events`
  ].join("\n")

/** `url`: where callers reach this server, no slash at the end. */
export const lookups = (url: string): Html =>
  html`<section id="consultas">
    <h2>Consultar mensagens e contatos</h2>
    <p>
      Um <code>wamid</code> só diz que a Meta recebeu a mensagem. O status, o histórico, a falha com o que fazer e a
      categoria de custo estão em <code>GET /v1/messages/{id}</code>, tanto das enviadas como das recebidas.
    </p>
    <p>
      As listas vêm em páginas (<code>limit</code> até 100) e continuam pelo <code>next_cursor</code>, que não muda com
      o que chega enquanto isso. Os eventos ficam 30 dias: um sistema que esteve fora do ar se atualiza sozinho.
    </p>
    <p>
      O que não existe nesta instância responde ${codeLink("message_not_found", errors)} ou
      ${codeLink("no_such_contact", errors)}; um cursor que não é daqui, ${codeLink("invalid_cursor", errors)}. De um
      arquivo que ainda está vindo da Meta, ${codeLink("media_pending", errors)}; de um que não vem mais,
      ${codeLink("media_unavailable", errors)}; e se o lugar onde ficam guardados não responde,
      ${codeLink("media_store_unavailable", errors)}.
    </p>
    ${Code.shell("Consultas (clique para selecionar os comandos)", commands(url))}
  </section>`
