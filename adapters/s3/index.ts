/** The public entry of `aidesk/adapters/s3`. */
export * as MediaStoreS3 from "./MediaStoreS3.ts"
