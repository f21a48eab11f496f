/**
 * Every environment variable there is. An app reads those it needs at its start and ends, in one line, where one of
 * them is wrong (see `runMain`).
 */
import { availableParallelism } from "node:os"
import * as Form from "./Form.ts"
import { variable } from "./Variable.ts"

const url = "um endereço http ou https"
const port = "uma porta de 0 a 65535 (0 é qualquer uma livre)"
const secretKey = "32 bytes em base64, como os de `openssl rand -base64 32`"

export const host = variable("HOST", "um nome de máquina ou endereço IP", Form.Host).or("127.0.0.1")
/** Where callers reach the HTTP app, if not where it listens: answers link to the documentation there. */
export const publicUrl = variable("AIDESK_PUBLIC_URL", url, Form.HttpUrl).optional
/** Of the HTTP app by itself. */
export const httpProcesses = variable("AIDESK_HTTP_PROCESSES", "um número de 1 a 64", Form.Processes).or(
  availableParallelism()
)
export const httpPort = variable("PORT", port, Form.Port).or(8080)

const database = variable("DATABASE_URL", "um endereço postgres://usuário:senha@máquina:porta/banco", Form.PostgresUrl)
/** None: the embedded database, in the data folder. */
export const databaseUrl = database.optional
/** For the apps that run apart: the embedded database has one owner. */
export const requiredDatabaseUrl = database.required
export const dataDir = variable("AIDESK_DATA_DIR", "o caminho de uma pasta", Form.Path).or("./data")

const encryption = variable("AIDESK_SECRET_KEY", secretKey, Form.SecretKey)
export const requiredSecretKey = encryption.required
export const optionalSecretKey = encryption.optional
/** Those before the current one, which still open what they sealed. */
export const previousSecretKeys = variable(
  "AIDESK_SECRET_KEY_PREVIOUS",
  `${secretKey} (várias separadas por vírgula)`,
  Form.listOf(Form.SecretKey)
).or([])

/** For the command that adds a live instance: an argument would be seen by everybody on the machine. */
export const instanceToken = variable("AIDESK_INSTANCE_TOKEN", "o token da Meta, sem espaços", Form.Secret).optional

export const graphBaseUrl = variable("GRAPH_BASE_URL", url, Form.HttpUrl).or("https://graph.facebook.com")
export const graphApiVersion = variable("GRAPH_API_VERSION", "uma versão como v25.0", Form.ApiVersion).or("v25.0")

/** None: simulated instances cannot send. */
export const simulatorUrl = variable("SIMULATOR_URL", url, Form.HttpUrl).optional
export const simulatorPort = variable("SIMULATOR_PORT", port, Form.Port).or(8081)

export const demoApiKey = variable(
  "AIDESK_DEMO_API_KEY",
  "uma chave que começa por ad_test_ e tem pelo menos mais 22 letras, dígitos, - ou _",
  Form.TestKey
).optional

/** Of Meta's apps, which sign webhooks; the current one first. */
export const metaAppSecrets = variable(
  "META_APP_SECRETS",
  "um ou mais segredos separados por vírgula",
  Form.listOf(Form.Secret)
).optional
export const metaVerifyToken = variable("META_VERIFY_TOKEN", "um texto sem espaços", Form.Secret).optional

/** None: traces go nowhere. */
export const otlpEndpoint = variable("OTEL_EXPORTER_OTLP_ENDPOINT", url, Form.HttpUrl).optional
export const logLevel = variable(
  "LOG_LEVEL",
  "um entre All, Trace, Debug, Info, Warn, Error, Fatal e None",
  Form.Level
).or("Info")
