/** The forms that values of variables have. */
import { LogLevel, Schema, SchemaGetter, SchemaTransformation } from "effect"
import { prefixes } from "../../core/instance/ApiKey.ts"

/** 0 is any free one. */
export const Port = Schema.String.check(Schema.isPattern(/^\d{1,5}$/u)).pipe(
  Schema.decodeTo(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })), {
    decode: SchemaGetter.transform(Number),
    encode: SchemaGetter.transform(String)
  })
)

export const Processes = Schema.String.check(Schema.isPattern(/^\d{1,2}$/u)).pipe(
  Schema.decodeTo(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 64 })), {
    decode: SchemaGetter.transform(Number),
    encode: SchemaGetter.transform(String)
  })
)

const wholeNumber = (maximum: number) =>
  Schema.String.check(Schema.isPattern(/^\d{1,5}$/u)).pipe(
    Schema.decodeTo(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum })), {
      decode: SchemaGetter.transform(Number),
      encode: SchemaGetter.transform(String)
    })
  )

export const Days = wholeNumber(365)
/** Up to a week. */
export const Minutes = wholeNumber(10_080)

export const Host = Schema.String.check(Schema.isPattern(/^[\w.:%-]{1,253}$/u))

const isHttpUrl = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false
  return url.search === "" && url.hash === "" && url.username === "" && url.password === ""
}

const isPostgresUrl = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) return false
  // A socket's folder cannot be written as a host.
  return url.host !== "" || url.searchParams.has("host")
}

/** Of a server that paths are added to; without the slash at its end. */
export const HttpUrl = Schema.String.check(Schema.makeFilter(isHttpUrl)).pipe(
  Schema.decode(SchemaTransformation.transform({ decode: (url) => url.replace(/\/+$/u, ""), encode: String }))
)

export const PostgresUrl = Schema.RedactedFromValue(Schema.String.check(Schema.makeFilter(isPostgresUrl)))

/** 32 bytes in base64, as `openssl rand -base64 32` prints them. */
const SecretKeyText = Schema.String.check(Schema.isPattern(/^[\w+/-]{43}=?$/u))

const Bytes = SecretKeyText.pipe(
  Schema.decodeTo(Schema.Uint8Array, {
    decode: SchemaGetter.transform((text) => new Uint8Array(Buffer.from(text, "base64"))),
    encode: SchemaGetter.transform((bytes) => Buffer.from(bytes).toString("base64"))
  })
)

export const SecretKey = Schema.RedactedFromValue(Bytes)

/** Separated by commas. */
export const listOf = <A>(one: Schema.Codec<A, string>) =>
  Schema.String.pipe(
    Schema.decodeTo(Schema.Array(one), {
      decode: SchemaGetter.transform((text) => text.split(",").map((part) => part.trim())),
      encode: SchemaGetter.transform((parts) => parts.join(","))
    })
  )

export const Secret = Schema.RedactedFromValue(Schema.String.check(Schema.isPattern(/^[\x21-\x7e]+$/u)))

export const Seed = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,200}$/u))

/** 22 characters of base64 are 128 bits, if they are random. */
export const TestKey = Schema.RedactedFromValue(
  Schema.String.check(Schema.isPattern(new RegExp(`^${prefixes.simulated}[\\w-]{22,200}$`, "u")))
)

export const ApiVersion = Schema.String.check(Schema.isPattern(/^v\d{1,3}\.\d{1,2}$/u))

/** As on the file system; NUL is in no path. */
export const Path = Schema.String.check(Schema.makeFilter((text) => !text.includes("\0")))

const levelOf = (text: string) => LogLevel.values.find((level) => level.toLowerCase() === text.toLowerCase())

export const Level = Schema.String.check(Schema.makeFilter((text) => levelOf(text) !== undefined)).pipe(
  Schema.decodeTo(Schema.Literals(LogLevel.values), {
    decode: SchemaGetter.transform((text) => levelOf(text) ?? "Info"),
    encode: SchemaGetter.transform(String)
  })
)
