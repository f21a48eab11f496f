import { Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"
import { isBlank } from "../template/Blank.ts"

/** What people call something: no blank around it, something to read in it, short enough for a list. */
export const Name = PlainText.check(
  Schema.isTrimmed(),
  Schema.isMaxLength(100),
  Schema.makeFilter((text) => !isBlank(text))
)

/** What is wrong with anything that is no `Name`, in Portuguese, after "deve ser". */
export const expected = "um texto de 1 a 100 caracteres"

/** The id that Meta gives to a business number or to an account: digits only. */
export const MetaId = Schema.String.check(Schema.isPattern(/^\d{1,32}$/u))
