import { Effect, Schema } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpRouter } from "effect/http"
import { json } from "./GraphAnswers.ts"

/** A command body, decoded strictly: an unknown key is more likely a slip than a wish. */
export const command = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema), { onExcessProperty: "error" })
  return (request: HttpServerRequest.HttpServerRequest) => Effect.flatMap(request.text, decode)
}

export const badCommand = (error: { readonly message: string }) =>
  Effect.succeed(json({ error: { message: `Comando inválido: ${error.message}` } }, 400))

/** A route that takes a command, about the thing that `:id` in its path names; what is no such command is a 400. */
export const commanded = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  act: (given: S["Type"], id: string) => Effect.Effect<HttpServerResponse.HttpServerResponse>
) => {
  const read = command(schema)
  return (request: HttpServerRequest.HttpServerRequest) =>
    Effect.gen(function* () {
      const { id = "" } = yield* HttpRouter.params
      return yield* act(yield* read(request), id)
    }).pipe(Effect.catch(badCommand))
}

/** The route has nothing to do: no such thing, or not now. In Portuguese, for whoever steers. */
export const refusal = (status: 404 | 409 | 503, message: string) => json({ error: { message } }, status)

export const noNumber = refusal(
  409,
  "Nenhum número da empresa é conhecido: diga phone_number_id, ou descreva um em PUT /_simulator/numbers/{phone_number_id}."
)
export const noCallback = refusal(
  409,
  "Não há callback: diga para onde vão os webhooks em PUT /_simulator/callback, com url e app_secret."
)
export const full = refusal(503, "Há webhooks demais por entregar: a fila está cheia.")
