/** A bucket, and who may use it. */
import { type Redacted, Schema } from "effect"

/** Amazon S3, "Bucket naming rules". */
export const BucketName = Schema.String.check(Schema.isPattern(/^[\da-z][\d.a-z-]{1,61}[\da-z]$/u))

/** `sa-east-1`; servers of one's own take any, mostly `us-east-1`. */
export const Region = Schema.String.check(Schema.isPattern(/^[\da-z-]{1,40}$/u))

export const AccessKeyId = Schema.String.check(Schema.isPattern(/^[!-~]{1,200}$/u))

export interface Credentials {
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted.Redacted
}

export interface Bucket extends Credentials {
  /** `https://s3.sa-east-1.amazonaws.com`, `http://minio:9000`; a path in it is kept. */
  readonly endpoint: string
  readonly bucket: string
}
