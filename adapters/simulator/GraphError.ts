import { catalogueEntry } from "./GraphErrorCatalogue.ts"

/** A refusal of the Graph API before it is put into Meta's envelope. */
export interface GraphError {
  readonly code: number
  /** HTTP status of the answer. */
  readonly status: number
  readonly message: string
  readonly type: "OAuthException" | "GraphMethodException"
  readonly subcode?: number | undefined
  /** `error_data.details`; absent on generic Graph errors, which carry no `error_data`. */
  readonly details?: string | undefined
  readonly transient?: boolean | undefined
  /** `error_user_title` and `error_user_msg`, which the template endpoints add. */
  readonly userText?: string | undefined
}

/** What may differ from the catalogue's wording of a code. */
export interface GraphErrorOverrides {
  readonly status?: number | undefined
  readonly title?: string | undefined
  readonly subcode?: number | undefined
  readonly details?: string | undefined
  readonly userText?: string | undefined
}

/** The refusal with this code, known or not. */
export const graphError = (code: number, overrides: GraphErrorOverrides = {}): GraphError => {
  const known = catalogueEntry(code)
  const title = overrides.title ?? known.title
  // The catalogue's details explain the catalogue's title, no other.
  const silent = known.generic === true || overrides.title !== undefined
  const details = overrides.details ?? (silent ? undefined : known.details)
  return {
    code,
    status: overrides.status ?? known.status,
    message: known.generic ? title : `(#${code}) ${title}`,
    type: "OAuthException",
    subcode: overrides.subcode ?? known.subcode,
    details,
    transient: known.transient,
    userText: overrides.userText
  }
}

/** Code 100 subcode 33: nothing with this id answers this method, whether it never existed or is not ours. */
export const objectMissing = (method: string, id: string): GraphError => ({
  code: 100,
  status: 400,
  message:
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, ` +
    "cannot be loaded due to missing permissions, or does not support this operation.",
  type: "GraphMethodException",
  subcode: 33
})

/** Code 2500: no such path in the Graph API. */
export const unknownPath = (path: string): GraphError => graphError(2500, { title: `Unknown path components: ${path}` })

/** Meta's error envelope, its keys in the order Meta writes them. */
export const envelope = (error: GraphError, fbtraceId: string) => ({
  error: {
    message: error.message,
    type: error.type,
    code: error.code,
    ...(error.details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details: error.details } }),
    ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
    ...(error.transient === undefined ? {} : { is_transient: error.transient }),
    ...(error.userText === undefined ? {} : { error_user_title: error.userText, error_user_msg: error.userText }),
    fbtrace_id: fbtraceId
  }
})
