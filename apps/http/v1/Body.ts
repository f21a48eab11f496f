/** How the body of a request under `/v1` is taken. */
import { Effect } from "effect"
import type { Failure } from "../../../core/failure/Failure.ts"
import type { Incoming } from "../Incoming.ts"
import * as JsonBody from "../JsonBody.ts"

export type Body<B> = (incoming: Incoming) => Effect.Effect<B, Failure>

type Decode<B> = (json: unknown) => Effect.Effect<B, Failure>

/** It is not looked at. */
export const none: Body<undefined> = () => Effect.undefined

/** A JSON object of at most 64 KiB; `decode` is made by `Shape.decoder`. */
export const json =
  <B>(decode: Decode<B>): Body<B> =>
  (incoming) =>
    Effect.flatMap(JsonBody.read(incoming), (body) => decode(body.json))

const isMissing = ({ header }: Incoming): boolean =>
  header("transfer-encoding") === undefined && Number(header("content-length") ?? 0) === 0

/** As `json`; no body at all is taken for `{}`. */
export const optionalJson =
  <B>(decode: Decode<B>): Body<B> =>
  (incoming) =>
    isMissing(incoming) ? decode({}) : json(decode)(incoming)
