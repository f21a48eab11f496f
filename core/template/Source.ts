/** What one variable of ours brings to a send. */
export interface Input {
  readonly name: string
  readonly default: string | undefined
}

/** One value per input of a compiled template, in the order of its inputs. */
export type Values = ReadonlyArray<string>

export type Read = (values: Values) => string

/** Where a place of a template gets its value. */
export interface Source {
  readonly input: Input
  readonly read: Read
}

/** Of an address such as `body:1`; none for a place that may stay empty and does. */
export type Sources = (address: string) => Source | undefined

/** Why a value cannot be sent; `reason`, in Portuguese, reads after «A variável "nome" …». */
interface Refusal {
  readonly input: Input
  readonly reason: string
}

export type Check = (values: Values) => Refusal | undefined
