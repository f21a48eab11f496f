/** What a person at a terminal reads, in one line, of a failure that ends a process. */
import { Predicate } from "effect"
import { ServeError } from "effect/http/HttpServerError"
import { MigrationError } from "effect/sql/Migrator"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { FolderInUse, FolderUnusable } from "../../adapters/embedded/FolderLock.ts"
import { DatabaseNotOpened } from "../../adapters/embedded/PgliteStream.ts"
import { Unavailable } from "../../core/Unavailable.ts"

const detailOf = (cause: unknown): string => {
  if (isSqlError(cause)) return detailOf(cause.reason.cause)
  return cause instanceof Error && cause.message !== "" ? ` (${cause.message})` : ""
}

const databaseLine = (error: SqlError): string => {
  const detail = detailOf(error)
  if (error.reason._tag === "ConnectionError") return `O banco de dados não responde em DATABASE_URL${detail}.`
  if (error.reason._tag === "AuthenticationError")
    return `O banco de dados não aceitou o acesso de DATABASE_URL${detail}.`
  return `O banco de dados recusou a operação${detail}.`
}

const serveFaults: { readonly [code: string]: string } = {
  EADDRINUSE: "já está em uso por outro processo",
  EACCES: "não pode ser usada por este usuário",
  EADDRNOTAVAIL: "não pode ser usada: o endereço não é desta máquina"
}

const serveLine = ({ cause }: ServeError): string => {
  if (!Predicate.isObject(cause)) return "O servidor HTTP não pôde iniciar."
  const fault = typeof cause["code"] === "string" ? serveFaults[cause["code"]] : undefined
  return fault === undefined
    ? `O servidor HTTP não pôde iniciar${detailOf(cause)}.`
    : `A porta ${String(cause["port"])} de ${String(cause["address"])} ${fault}.`
}

const textOf = (error: unknown): string => {
  if (isSqlError(error)) return databaseLine(error)
  if (error instanceof Unavailable) {
    return isSqlError(error.cause)
      ? databaseLine(error.cause)
      : `O banco de dados não responde${detailOf(error.cause)}.`
  }
  if (error instanceof MigrationError)
    return `O banco de dados não pôde ser migrado: ${error.message}${detailOf(error.cause)}.`
  if (error instanceof ServeError) return serveLine(error)
  if (error instanceof FolderInUse) return `A pasta de dados ${error.folder} já está em uso por outro processo.`
  if (error instanceof FolderUnusable) {
    return `A pasta de dados ${error.folder} não pode ser criada ou escrita${detailOf(error.cause)}.`
  }
  if (error instanceof DatabaseNotOpened) {
    return `O banco de dados da pasta ${String(error.dataDir)} não pôde ser aberto${detailOf(error.cause)}.`
  }
  if (error instanceof Error) return error.message === "" ? error.name : error.message
  return String(error)
}

/** Our own errors say it themselves; those of others are put into words here. */
export const failureLine = (error: unknown): string =>
  textOf(error)
    .replaceAll(/\s*[\r\n]+\s*/gu, " ")
    .trim()
