/** The public entry of `aidesk/adapters/embedded`. */
export * as FolderLock from "./FolderLock.ts"
export * as PgliteStream from "./PgliteStream.ts"
