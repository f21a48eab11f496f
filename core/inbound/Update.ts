/** What a webhook can say, each with where it belongs and under which key it counts once. */
import type { DateTime } from "effect"
import type { MetaError } from "../failure/MetaError.ts"
import type {
  AccountAlert,
  AccountUpdate,
  BusinessCapabilityUpdate,
  BusinessUsernameUpdate,
  NumberNameUpdate,
  NumberQualityUpdate
} from "./AccountUpdate.ts"
import type { IdentityChange } from "./IdentityChange.ts"
import type { InboundMessage } from "./InboundMessage.ts"
import type { StatusUpdate } from "./StatusUpdate.ts"
import type {
  TemplateCategoryUpdate,
  TemplateComponentsUpdate,
  TemplateQualityUpdate,
  TemplateStatusUpdate
} from "./TemplateUpdate.ts"
import type { UserPreference } from "./UserPreference.ts"

/** An error of the business number that belongs to no message. */
export interface NumberError {
  readonly _tag: "NumberError"
  readonly error: MetaError
}

/** A field that is documented and changes nothing here: known of, so that it is not taken for a fault. */
export interface Noted {
  readonly _tag: "Noted"
  readonly field: string
}

export type TemplateUpdate =
  | TemplateStatusUpdate
  | TemplateQualityUpdate
  | TemplateCategoryUpdate
  | TemplateComponentsUpdate

export type NumberUpdate = NumberQualityUpdate | NumberNameUpdate | BusinessUsernameUpdate

export type Update =
  | StatusUpdate
  | InboundMessage
  | IdentityChange
  | NumberError
  | UserPreference
  | TemplateUpdate
  | NumberUpdate
  | AccountUpdate
  | AccountAlert
  | BusinessCapabilityUpdate
  | Noted

export type Route =
  /** One business number, with how it is shown to people. */
  | {
      readonly _tag: "Number"
      readonly phoneNumberId: string
      readonly wabaId: string | undefined
      readonly displayNumber: string | undefined
    }
  /**
   * Every number of a WhatsApp Business Account, or only the one shown so: a Brazilian one in both spellings, for
   * Meta writes either.
   */
  | { readonly _tag: "Account"; readonly wabaId: string; readonly displayNumbers: ReadonlyArray<string> }

export interface Routed<U> {
  readonly route: Route
  /**
   * The same for every repetition of the same news, and for nothing else; as long as what it is made of, so that a
   * store will hash it. Where Meta gives neither id nor time (`NumberError`), equal news of different days are
   * one: such a key is worth remembering for the seven days of Meta's repetitions, no longer.
   */
  readonly key: string
  /** When it happened, by Meta's clock; of a `NumberError` it is not known. */
  readonly at: DateTime.Utc | undefined
  readonly update: U
}
