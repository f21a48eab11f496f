/**
 * Meta's error codes that a send can meet, as the simulator answers them: code, HTTP status, title and details as the
 * Graph API words its answers, and the meaning in Portuguese for the people who read the list of magic recipients.
 *
 * Source: Meta's pages *Error codes* and *Graph API error handling*. Copies of them disagree on the HTTP status of
 * throttles: here the call and throughput limits are 429 and the pair limit (131056) is 400. Callers go by the code.
 */
export interface CatalogueEntry {
  readonly code: number
  readonly status: number
  readonly title: string
  readonly details: string
  readonly meaning: string
  readonly subcode?: number
  /** A generic Graph error: no `(#code)` before the message, no `error_data`. */
  readonly generic?: true
  readonly transient?: true
}

type Row = readonly [code: number, status: number, title: string, details: string, meaning: string]

const entry = ([code, status, title, details, meaning]: Row): CatalogueEntry => ({
  code,
  status,
  title,
  details,
  meaning
})

const generic = (row: Row, subcode?: number, transient?: true): CatalogueEntry => ({
  ...entry(row),
  generic: true,
  ...(subcode === undefined ? {} : { subcode }),
  ...(transient === undefined ? {} : { transient })
})

const account: ReadonlyArray<CatalogueEntry> = [
  entry([0, 401, "AuthException", "The app user could not be authenticated.", "usuário do app não autenticado"]),
  entry([3, 500, "API Method", "Capability or permissions problem.", "falta de capacidade ou permissão do app"]),
  entry([10, 403, "API Permission Denied", "Permission missing or removed.", "permissão ausente ou removida"]),
  entry([33, 400, "Parameter value is not valid", "The business number was deleted.", "número da empresa excluído"]),
  generic([104, 401, "An access token is required to request this resource.", "", "token ausente"]),
  generic([190, 401, "Invalid OAuth access token - Cannot parse access token", "", "token expirado ou inválido"]),
  entry([200, 403, "Permissions error", "Permission not granted or removed.", "permissão não concedida"]),
  entry([
    368,
    403,
    "Temporarily blocked for policies violations",
    "The account is restricted or disabled for violating a policy.",
    "conta restrita por violação de política"
  ]),
  generic([2500, 400, "An active access token must be used", "", "nenhum token ativo"]),
  entry([
    130497,
    403,
    "Business account is restricted from messaging users in this country.",
    "The account may not message users in this country.",
    "a conta não pode enviar para este país"
  ]),
  entry([131005, 403, "Access denied", "Permission not granted or removed.", "acesso negado"]),
  entry([131031, 403, "Account has been locked", "The account is locked or restricted.", "conta bloqueada"]),
  entry([131037, 400, "Display name approval is needed", "The number has no approved name.", "nome não aprovado"]),
  entry([131042, 400, "Business eligibility payment issue", "Payment method problem.", "problema de pagamento"]),
  entry([
    131045,
    500,
    "Incorrect certificate",
    "The number is not registered properly.",
    "falha no registro do número"
  ]),
  entry([131063, 400, "Marketing disabled", "Marketing on Cloud API is disabled.", "marketing desligado na conta"]),
  entry([133000, 500, "Incomplete Deregistration", "A deregistration failed.", "remoção de registro incompleta"]),
  entry([133005, 400, "Two step verification PIN Mismatch", "The PIN is wrong.", "PIN incorreto"]),
  entry([133006, 400, "Phone number re-verification needed", "Verify the number first.", "verifique o número antes"]),
  entry([133008, 400, "Too Many two step verification PIN Guesses", "Wait and retry.", "tentativas de PIN demais"]),
  entry([133009, 400, "Two step verification PIN Guessed Too Fast", "Wait and retry.", "tentativas rápidas demais"]),
  entry([133010, 400, "Phone number Not Registered", "The number is not registered.", "número não registrado"]),
  entry([133015, 400, "Please wait", "The number was deleted recently.", "número recém-excluído: aguarde"]),
  entry([133016, 400, "Account register deregister rate limit exceeded", "Blocked for 72 hours.", "registros demais"]),
  entry([134011, 400, "Payments terms pending", "Accept the payments terms.", "termos de pagamento pendentes"]),
  entry([134102, 500, "Template unavailable", "The template is not available.", "template indisponível"])
]

const limits: ReadonlyArray<CatalogueEntry> = [
  generic([4, 429, "Application request limit reached", "", "limite de chamadas do app"], 2446079, true),
  generic([17, 429, "User request limit reached", "", "limite de chamadas do usuário"], 2446079, true),
  generic([32, 429, "Page request limit reached", "", "limite de chamadas da página"], undefined, true),
  generic([613, 429, "Calls to this api have exceeded the rate limit.", "", "limite próprio da API"], undefined, true),
  generic([80007, 429, "Business request limit reached", "", "limite de chamadas da conta"], 2446079, true),
  generic(
    [80008, 429, "There have been too many calls to this account", "", "limite de chamadas da conta"],
    undefined,
    true
  ),
  generic(
    [80012, 429, "There have been too many template calls", "", "limite de chamadas de templates"],
    undefined,
    true
  ),
  {
    ...entry([
      130429,
      429,
      "Rate limit hit",
      "Cloud API message throughput has been reached.",
      "vazão do número atingida"
    ]),
    subcode: 2494055
  },
  entry([131048, 400, "Spam rate limit hit", "Too many messages were flagged as spam.", "limite por suspeita de spam"]),
  entry([
    131049,
    400,
    "Message not delivered to maintain healthy ecosystem engagement",
    "The message was not delivered to maintain healthy ecosystem engagement.",
    "limite de marketing por destinatário"
  ]),
  entry([
    131056,
    400,
    "(Business Account, Consumer Account) pair rate limit hit",
    "Too many messages to the same recipient in a short time.",
    "mensagens demais para o mesmo contato"
  ]),
  entry([
    131064,
    400,
    "Template classification limit",
    "Too many misclassified templates.",
    "templates mal classificados"
  ])
]

const service: ReadonlyArray<CatalogueEntry> = [
  entry([
    1,
    400,
    "API Unknown",
    "Invalid request or possible server error.",
    "erro desconhecido: o envio pode ter saído"
  ]),
  generic([2, 503, "Service temporarily unavailable", "", "serviço indisponível"], undefined, true),
  entry([131000, 500, "Something went wrong", "Unknown error.", "erro desconhecido: o envio pode ter saído"]),
  entry([131016, 500, "Service unavailable", "A service is temporarily unavailable.", "serviço indisponível"]),
  entry([131057, 500, "Account in maintenance mode", "Maintenance or upgrade.", "conta em manutenção"]),
  entry([133004, 503, "Server Temporarily Unavailable", "The server is unavailable.", "servidor indisponível"]),
  entry([134101, 400, "Your template is still syncing", "Wait up to 10 minutes.", "template em sincronização"])
]

const message: ReadonlyArray<CatalogueEntry> = [
  entry([100, 400, "Invalid parameter", "A parameter is invalid or unsupported.", "parâmetro inválido"]),
  entry([130403, 400, "Recipient blocked", "The business has blocked the user.", "a empresa bloqueou o contato"]),
  entry([
    130472,
    400,
    "User's number is part of an experiment",
    "Not sent: experiment.",
    "contato em experimento da Meta"
  ]),
  entry([131008, 400, "Required parameter is missing", "A required parameter is missing.", "parâmetro ausente"]),
  entry([131009, 400, "Parameter value is not valid", "A parameter value is invalid.", "valor de parâmetro inválido"]),
  entry([
    131021,
    400,
    "Recipient cannot be sender",
    "Sender and recipient are the same.",
    "remetente igual ao destinatário"
  ]),
  entry([
    131026,
    400,
    "Message undeliverable",
    "Message Undeliverable.",
    "número sem WhatsApp ou impossível de alcançar"
  ]),
  entry([131030, 400, "Recipient phone number not in allowed list", "Add the number first.", "fora da lista de teste"]),
  entry([131043, 400, "Message expired", "The message was not sent in time.", "mensagem expirada"]),
  entry([131047, 400, "Re-engagement message", "More than 24 hours have passed.", "janela de 24 horas fechada"]),
  entry([131050, 400, "User stopped marketing messages", "The user opted out.", "contato recusou marketing"]),
  entry([131051, 400, "Message type unknown", "Unsupported message type.", "tipo de mensagem não aceito"]),
  entry([131053, 400, "Media upload error", "The media could not be uploaded.", "mídia não carregada"]),
  entry([131055, 400, "Method not allowed", "Method not allowed.", "método não permitido"]),
  entry([
    131062,
    400,
    "Business-scoped User ID (BSUID) recipients are not supported for this message.",
    "Send this message to a phone number.",
    "esta mensagem exige um número de telefone"
  ]),
  entry([134100, 400, "Only marketing messages supported", "Only marketing templates.", "só templates de marketing"]),
  entry([135000, 400, "Generic user error", "Unknown error in the parameters.", "erro desconhecido nos parâmetros"]),
  entry([137000, 400, "Identity check failed", "The identity hash does not match.", "identidade do contato mudou"])
]

const template: ReadonlyArray<CatalogueEntry> = [
  entry([
    132000,
    400,
    "Number of parameters does not match the expected number of params",
    "The number of parameters differs from the template's.",
    "quantidade de variáveis diferente do template"
  ]),
  entry([
    132001,
    404,
    "Template name does not exist in the translation",
    "The template does not exist in this language.",
    "template inexistente neste idioma"
  ]),
  entry([132005, 400, "Translated text too long", "The text is too long.", "texto do template longo demais"]),
  entry([132007, 400, "Template format character policy violated", "Policy violation.", "template viola política"]),
  entry([132008, 400, "Template error", "Unspecified template error.", "erro de template não documentado"]),
  entry([132012, 400, "Parameter format does not match", "Wrong parameter format.", "formato de variável incorreto"]),
  entry([132015, 400, "Template is paused", "The template is paused.", "template pausado"]),
  entry([132016, 400, "Template is disabled", "The template is disabled.", "template desativado"]),
  entry([132018, 400, "Template validation error", "Parameter issue.", "variáveis não conferem com o template"]),
  entry([132068, 400, "Flow is blocked", "The flow is blocked.", "fluxo bloqueado"]),
  entry([132069, 400, "Flow is throttled", "The flow is throttled.", "fluxo limitado"])
]

/** Every code the simulator knows by name, in ascending order. */
export const graphErrors: ReadonlyArray<CatalogueEntry> = [
  ...account,
  ...limits,
  ...service,
  ...message,
  ...template
].sort((left, right) => left.code - right.code)

const byCode = new Map(graphErrors.map((known) => [known.code, known]))

/** The entry of `code`; a code that Meta has not documented answers 400 and says nothing more. */
export const catalogueEntry = (code: number): CatalogueEntry =>
  byCode.get(code) ?? entry([code, 400, "Unexpected error", "An unexpected error occurred.", "código desconhecido"])
