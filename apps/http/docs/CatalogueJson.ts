import { entryOf, type ErrorCode, errorCodes } from "../../../core/failure/Catalogue.ts"

interface Listed {
  readonly code: ErrorCode
  readonly status: number
  readonly message: string
  readonly retryable: boolean
  readonly action: string
  readonly doc_url: string
}

/** The catalogue for programs: `GET /docs/errors` with `Accept: application/json`. */
export const catalogueJson = (publicUrl: string): { readonly errors: ReadonlyArray<Listed> } => ({
  errors: errorCodes.map((code) => {
    const { action, message, retryable, status } = entryOf(code)
    return { code, status, message, retryable, action, doc_url: `${publicUrl}/docs/errors#${code}` }
  })
})
