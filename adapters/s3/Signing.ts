import { AwsV4Signer } from "aws4fetch"
import { Redacted } from "effect"
import type { Credentials } from "./Bucket.ts"

/**
 * Signs a request (AWS Signature Version 4): all of its headers, and not its body, which is not known before it is
 * sent; against changes on the way there is https. The time is the machine's own and no other clock's: S3 refuses
 * what is not of these minutes.
 */
export const signer = ({ accessKeyId, region, secretAccessKey }: Credentials) => {
  /** The keys of the day. */
  const cache = new Map<string, ArrayBuffer>()
  return async (
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>
  ): Promise<Record<string, string>> => {
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers,
      service: "s3",
      region,
      accessKeyId,
      secretAccessKey: Redacted.value(secretAccessKey),
      cache
    }).sign()
    return Object.fromEntries(signed.headers)
  }
}
