import { Struct } from "effect"

/**
 * Every way a request can fail, once: the code programs act on (English, stable), the HTTP status, what
 * people read (Portuguese), whether the very same request is worth repeating, and what to do next.
 *
 * The three renderings of a failure, `/docs/errors` and the OpenAPI document are all made from it.
 */
export interface Entry {
  readonly status: number
  readonly message: string
  /** The same request, sent again later and unchanged, may succeed, and repeating it cannot send twice. */
  readonly retryable: boolean
  readonly action: string
}

const entry = (status: number, message: string, action: string): Entry => ({
  status,
  message,
  retryable: false,
  action
})
const passing = (status: number, message: string, action: string): Entry => ({
  status,
  message,
  retryable: true,
  action
})

export const catalogue = {
  // The request as such
  invalid_json: entry(
    400,
    "O corpo da requisição não é um JSON válido.",
    "Envie um objeto JSON em UTF-8, como nos exemplos da documentação."
  ),
  invalid_body: entry(400, "O corpo da requisição deve ser um objeto JSON.", 'Envie um objeto JSON: {"campo": valor}.'),
  missing_field: entry(400, "Falta um campo obrigatório.", "Inclua o campo indicado em `field`."),
  unknown_field: entry(
    400,
    "A requisição traz um campo que não existe.",
    "Remova o campo indicado em `field` ou corrija o nome dele."
  ),
  invalid_field: entry(400, "Um campo tem valor inválido.", "Corrija o campo indicado em `field` conforme a mensagem."),
  invalid_number: entry(
    400,
    "O número de telefone é inválido.",
    'Envie código do país, DDD e número, só com dígitos, como texto: "5511978049825".'
  ),
  one_of_required: entry(
    400,
    "É preciso informar exatamente um entre dois campos.",
    "Mantenha só um dos campos indicados."
  ),
  body_too_large: entry(
    413,
    "O corpo da requisição passa de 64 KiB.",
    "Envie um corpo menor; mídias vão por link, não no corpo."
  ),
  unsupported_media_type: entry(
    415,
    "O corpo deve ser JSON em UTF-8.",
    "Use o cabeçalho Content-Type: application/json, sem compressão."
  ),
  not_found: entry(404, "Este endereço não existe.", "Confira o caminho na documentação, em /docs."),
  invalid_cursor: entry(
    400,
    "O cursor não é um que esta API tenha dado.",
    "Use o `next_cursor` da página anterior, sem mudanças, ou comece de novo sem cursor."
  ),
  method_not_allowed: entry(
    405,
    "O método HTTP não é aceito neste endereço.",
    "Use um dos métodos do cabeçalho Allow."
  ),
  invalid_idempotency_key: entry(
    400,
    "O cabeçalho Idempotency-Key é inválido.",
    "Use de 1 a 255 caracteres ASCII visíveis, sem espaços."
  ),

  // Who is asking
  missing_api_key: entry(401, "Falta a API key.", "Envie a sua chave no cabeçalho `apikey`."),
  invalid_api_key: entry(
    401,
    "A API key é inválida ou foi revogada.",
    "Confira a chave ou peça uma nova a quem opera a plataforma."
  ),
  instance_not_authorized: entry(
    401,
    "A API key não é autorizada para esta instância.",
    "Use a chave da instância informada ou corrija `instance_id`."
  ),
  invalid_signature: entry(
    401,
    "A assinatura do webhook falta ou não confere.",
    "Confira em META_APP_SECRETS o segredo do aplicativo da Meta que envia os webhooks."
  ),
  invalid_verify_token: entry(
    403,
    "A verificação do webhook não confere.",
    "Informe no painel da Meta o mesmo texto que está em META_VERIFY_TOKEN."
  ),

  // What the request refers to
  template_not_found: entry(400, "O template não existe nesta instância.", "Confira `template_id`."),
  template_not_approved: entry(
    400,
    "O template não está aprovado e não pode ser enviado.",
    "Espere a aprovação da Meta ou use outro template."
  ),
  campaign_not_found: entry(400, "A campanha não existe nesta instância.", "Confira `campaign_id`."),
  campaign_not_active: entry(400, "A campanha não está ativa.", "Ative a campanha ou use outra."),
  queue_not_found: entry(400, "A fila não existe nesta instância.", "Confira `queue_id`."),
  status_not_found: entry(400, "O status não existe nesta instância.", "Confira `status_id`."),
  contact_not_found: entry(400, "O contato não pertence a esta instância.", "Confira `contact_id` e `instance_id`."),
  no_such_contact: entry(404, "O contato não existe nesta instância.", "Confira o identificador do contato."),
  contact_without_number: entry(
    400,
    "O contato não tem número de telefone conhecido.",
    "Espere o contato escrever de novo ou informe o número dele em um envio de template."
  ),
  contact_opted_out: entry(
    400,
    "O contato pediu para não receber mais mensagens de marketing.",
    "Não insista: templates de utilidade e respostas dentro da janela ainda podem ser enviados; o marketing volta quando o próprio contato pedir."
  ),
  missing_variables: entry(
    400,
    "Faltam valores para variáveis do template.",
    "Informe em `variables` um valor não vazio para cada variável listada."
  ),
  invalid_variable: entry(
    400,
    "Uma variável do template tem um valor que a Meta não aceita.",
    "Corrija a variável indicada em `field` conforme a mensagem."
  ),
  window_closed: entry(
    400,
    "A janela de 24 horas deste contato está fechada.",
    "Envie um template aprovado por POST /send-message; a resposta do contato abre a janela."
  ),
  media_url_not_allowed: entry(
    400,
    "O endereço da mídia não é aceito.",
    "Use um link público http ou https, acessível pela internet."
  ),
  media_unreachable: entry(
    400,
    "Não foi possível consultar o endereço da mídia.",
    "Confira se o link abre sem senha e sem redirecionamento, ou use um link com a extensão do arquivo."
  ),
  media_type_unsupported: entry(
    400,
    "O tipo da mídia não é aceito pelo WhatsApp.",
    "Use um dos tipos aceitos: imagem JPEG ou PNG, vídeo MP4 ou 3GP, áudio AAC, AMR, MP3, M4A ou OGG, documento PDF, Word, Excel, PowerPoint ou texto."
  ),
  media_too_large: entry(400, "O arquivo passa do limite do WhatsApp.", "Reduza o arquivo até o limite indicado."),
  caption_not_allowed: entry(400, "Este tipo de mensagem não aceita legenda.", "Remova `media_caption`."),

  // Webhook endpoints
  webhook_endpoint_not_found: entry(
    404,
    "O endpoint de webhook não existe nesta instância.",
    "Confira o identificador em GET /v1/webhook-endpoints."
  ),
  webhook_url_not_allowed: entry(
    400,
    "O endereço do webhook não é público.",
    "Use um endereço acessível pela internet; redes internas quem opera a plataforma libera em AIDESK_WEBHOOK_ALLOW_CIDRS."
  ),
  too_many_webhook_endpoints: entry(
    409,
    "A instância já tem 20 endpoints de webhook.",
    "Remova um endpoint que não usa mais e tente de novo."
  ),
  delivery_not_found: entry(
    404,
    "A entrega não existe nesta instância.",
    "Confira o identificador: entregas feitas são guardadas por 7 dias, as esgotadas por 30."
  ),
  event_not_found: entry(
    404,
    "O evento não existe nesta instância.",
    "Confira o identificador: eventos são guardados por 30 dias."
  ),

  // Messages and what came with them
  message_not_found: entry(404, "A mensagem não existe nesta instância.", "Confira o identificador da mensagem."),
  media_pending: passing(
    404,
    "A mídia desta mensagem ainda não foi baixada da Meta.",
    "Repita depois do tempo indicado em Retry-After."
  ),
  media_unavailable: entry(
    410,
    "A mídia desta mensagem não pôde ser obtida e não está disponível.",
    "Peça ao contato que envie o arquivo de novo."
  ),
  media_store_unavailable: passing(
    503,
    "O armazenamento de mídias está indisponível.",
    "Repita em alguns segundos a mesma requisição."
  ),

  // Doing it once
  idempotency_key_reused: entry(
    422,
    "A Idempotency-Key já foi usada com outro corpo.",
    "Use uma chave nova para cada requisição diferente."
  ),
  idempotency_key_running: passing(
    409,
    "A requisição original com esta Idempotency-Key ainda está em andamento.",
    "Repita depois do tempo indicado em Retry-After para receber o resultado dela."
  ),

  // What Meta said, or did not say
  meta_rejected: entry(
    400,
    "A Meta recusou a mensagem. Nada foi enviado.",
    "Veja em `meta` o motivo e corrija antes de tentar de novo."
  ),
  meta_refused_for_now: entry(
    400,
    "A Meta recusou a mensagem por enquanto. Nada foi enviado.",
    "Não repita em seguida: veja em `meta` o motivo e espere a situação mudar."
  ),
  meta_throttled: passing(
    429,
    "A Meta limitou o ritmo de envio. Nada foi enviado.",
    "Repita depois do tempo indicado em Retry-After e reduza o ritmo."
  ),
  meta_refused_until: passing(
    429,
    "A Meta recusou a mensagem por um tempo conhecido. Nada foi enviado.",
    "Repita só depois do tempo indicado em Retry-After."
  ),
  meta_account: entry(
    502,
    "A conta do WhatsApp desta instância não pode enviar. Nada foi enviado.",
    "Quem opera a plataforma precisa agir: veja em `meta` o motivo (token, permissão, pagamento ou restrição)."
  ),
  meta_unrecognized: entry(
    502,
    "A Meta recusou a mensagem com um código desconhecido. Nada foi enviado.",
    "Veja em `meta` o que ela respondeu e fale com quem opera a plataforma."
  ),
  meta_busy: passing(
    503,
    "A Meta está temporariamente indisponível. Nada foi enviado.",
    "Repita mais tarde a mesma requisição."
  ),
  meta_unavailable: passing(
    503,
    "Não foi possível falar com a Meta. Nada foi enviado.",
    "Repita mais tarde a mesma requisição."
  ),
  outcome_unknown: entry(
    504,
    "Não se sabe se a mensagem foi enviada: a Meta não respondeu de forma conclusiva.",
    "Não repita o envio: o resultado será conhecido pelo webhook de status. Consulte pelo identificador em `message_ref`."
  ),
  simulator_unavailable: passing(
    503,
    "Esta instância é simulada e o simulador não está configurado. Nada foi enviado.",
    "Inicie o simulador e informe o endereço dele em SIMULATOR_URL."
  ),

  // Ours
  database_unavailable: passing(
    503,
    "O banco de dados está indisponível. Nada foi enviado.",
    "Repita em alguns segundos a mesma requisição."
  ),
  internal_error: entry(
    500,
    "Erro interno do servidor. Nada foi enviado.",
    "Informe o `request_id` a quem opera a plataforma."
  )
} as const satisfies { readonly [code: string]: Entry }

export type ErrorCode = keyof typeof catalogue

export const errorCodes: ReadonlyArray<ErrorCode> = Struct.keys(catalogue)

export const entryOf = (code: ErrorCode): Entry => catalogue[code]
