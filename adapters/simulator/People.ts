import { hash } from "node:crypto"
import { waIdOf, withNinthDigit } from "./Recipient.ts"

/** A customer as Meta's webhooks show one. */
export interface Person {
  /** Absent where the business may not see the number. */
  readonly waId: string | undefined
  /** Business-scoped user id (BSUID). */
  readonly userId: string
  readonly name: string
  readonly username: string | undefined
}

/** What somebody gave as their own, over what is made up for them. */
type Introduction = Partial<Pick<Person, "userId" | "name" | "username">>

/** Whoever writes or is written to. The same number is always the same person, in any spelling and after any restart. */
export interface People {
  readonly byPhone: (digits: string) => Person
  /** Of somebody whose number is not shown. */
  readonly byUserId: (userId: string) => Person
  /** From now on the person with this number is called so. */
  readonly introduce: (digits: string, introduction: Introduction) => Person
  readonly introduceUser: (userId: string, introduction: Introduction) => Person
}

const firstNames = ["Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Gabriela", "Heitor", "Iara", "João"]
const lastNames = ["Almeida", "Barbosa", "Costa", "Dias", "Ferreira", "Gomes", "Lima", "Moreira", "Nunes", "Souza"]

const countries = new Map([
  ["55", "BR"],
  ["54", "AR"],
  ["52", "MX"],
  ["351", "PT"],
  ["34", "ES"]
])

const countryOf = (digits: string): string =>
  [...countries].find(([callingCode]) => digits.startsWith(callingCode))?.[1] ?? "US"

const numberFrom = (text: string): bigint => hash("sha256", text, "buffer").readBigUInt64BE(0)

/** The user id of whoever has this number. */
export const userIdOf = (digits: string): string => {
  const whole = withNinthDigit(digits)
  return `${countryOf(whole)}.${numberFrom(`user ${whole}`)}`
}

const nameOf = (userId: string): string => {
  const number = numberFrom(`name ${userId}`)
  return `${firstNames[Number(number % 10n)]} ${lastNames[Number((number / 10n) % 10n)]}`
}

const remembered = 10_000

export const make = (): People => {
  const introductions = new Map<string, Introduction>()

  const remember = (key: string, introduction: Introduction) => {
    introductions.set(key, { ...introductions.get(key), ...introduction })
    if (introductions.size > remembered) {
      for (const oldest of introductions.keys()) {
        introductions.delete(oldest)
        break
      }
    }
  }

  const person = (waId: string | undefined, userId: string): Person => {
    const { name, username } = introductions.get(userId) ?? {}
    return { waId, userId, name: name ?? nameOf(userId), username }
  }

  const byPhone = (digits: string): Person =>
    person(waIdOf(digits), introductions.get(withNinthDigit(digits))?.userId ?? userIdOf(digits))
  const byUserId = (userId: string): Person => person(undefined, userId)

  return {
    byPhone,
    byUserId,
    introduce: (digits, { userId, ...introduction }) => {
      if (userId !== undefined) remember(withNinthDigit(digits), { userId })
      remember(byPhone(digits).userId, introduction)
      return byPhone(digits)
    },
    introduceUser: (userId, introduction) => {
      remember(userId, introduction)
      return byUserId(userId)
    }
  }
}
