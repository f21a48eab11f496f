/** The public entry of `aidesk/adapters/file-store`. */
export * as MediaStoreFiles from "./MediaStoreFiles.ts"
