/**
 * Every environment variable there is. An app reads those it needs at its start and ends, in one line, where one of
 * them is wrong (see `runMain`).
 */
import { availableParallelism } from "node:os"
import { MediaHost } from "../../adapters/graph-api/MediaHosts.ts"
import * as Bucket from "../../adapters/s3/Bucket.ts"
import { Cidr } from "../../adapters/safe-http/PublicAddress.ts"
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
/** Of the simulator by itself: where its webhooks go. None: nowhere, until its callback is set. */
export const simulatorCallbackUrl = variable("SIMULATOR_CALLBACK_URL", url, Form.HttpUrl).optional
/** With one, the simulator gives the same ids, delays and order to the same requests. */
export const simulatorSeed = variable("SIMULATOR_SEED", "um texto sem espaços", Form.Seed).optional
const simulatorSecret = variable("SIMULATOR_APP_SECRET", "um segredo sem espaços", Form.Secret)
/** With which the simulator signs its webhooks; they are believed of simulated instances only. */
export const simulatorAppSecret = simulatorSecret.optional
/** For the simulator by itself, if it has a callback. */
export const requiredSimulatorAppSecret = simulatorSecret.required

/** Who may hold the files that Meta's addresses lead to. None: Meta's own. */
export const mediaHosts = variable(
  "META_MEDIA_HOSTS",
  "nomes de máquinas separados por vírgula, como lookaside.fbsbx.com ou *.fbsbx.com",
  Form.listOf(MediaHost)
).optional
/** Of media, if they are kept in files. None: `media` in the data folder. */
export const mediaDir = variable("AIDESK_MEDIA_DIR", "o caminho de uma pasta", Form.Path).optional
/** With one, media are kept in a bucket, and the other variables of S3 are required. */
export const s3Endpoint = variable("AIDESK_S3_ENDPOINT", url, Form.HttpUrl).optional
export const s3Bucket = variable(
  "AIDESK_S3_BUCKET",
  "o nome de um bucket: de 3 a 63 letras minúsculas, dígitos, pontos e hífens",
  Bucket.BucketName
).required
export const s3Region = variable("AIDESK_S3_REGION", "uma região como sa-east-1", Bucket.Region).or("us-east-1")
export const s3AccessKeyId = variable(
  "AIDESK_S3_ACCESS_KEY_ID",
  "o id da chave, sem espaços",
  Bucket.AccessKeyId
).required
export const s3SecretAccessKey = variable(
  "AIDESK_S3_SECRET_ACCESS_KEY",
  "a chave secreta, sem espaços",
  Form.Secret
).required

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
/** How long Meta's webhook may take to settle an outcome that nobody knows, before a person is told. */
export const unresolvedAfterMinutes = variable(
  "AIDESK_UNRESOLVED_AFTER_MINUTES",
  "um número de 1 a 10080",
  Form.Minutes
).or(60)
/** How long a webhook is kept after its work, as it came. */
export const webhookRetentionDays = variable("AIDESK_WEBHOOK_RETENTION_DAYS", "um número de 1 a 365", Form.Days).or(7)
/** Addresses that webhook endpoints may have though they are not public. None given: in standalone loopback, else none. */
export const webhookAllowCidrs = variable(
  "AIDESK_WEBHOOK_ALLOW_CIDRS",
  "blocos de endereços separados por vírgula, como 10.0.0.0/8 ou fd00::/8",
  Form.listOf(Cidr)
).optional

/** None: traces go nowhere. */
export const otlpEndpoint = variable("OTEL_EXPORTER_OTLP_ENDPOINT", url, Form.HttpUrl).optional
export const logLevel = variable(
  "LOG_LEVEL",
  "um entre All, Trace, Debug, Info, Warn, Error, Fatal e None",
  Form.Level
).or("Info")
