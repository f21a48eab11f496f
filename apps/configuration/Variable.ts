import { Config, Effect, Option, Schema } from "effect"

/** An environment variable that is missing or says something else than was expected. What it says is never repeated. */
export class InvalidVariable extends Schema.TaggedError<InvalidVariable>()("InvalidVariable", {
  name: Schema.String,
  missing: Schema.Boolean,
  /** In Portuguese, after "esperado". */
  expected: Schema.String
}) {
  override get message(): string {
    const fault = this.missing ? "não está definida" : "tem um valor inválido"
    return `A variável ${this.name} ${fault}: esperado ${this.expected}.`
  }
}

export interface Variable<A> {
  readonly required: Effect.Effect<A, InvalidVariable>
  readonly optional: Effect.Effect<A | undefined, InvalidVariable>
  readonly or: (fallback: A) => Effect.Effect<A, InvalidVariable>
}

/** Read from the `ConfigProvider`; blank counts as missing, as in `PORT= npm start`. */
export const variable = <A>(name: string, expected: string, schema: Schema.Codec<A, string>): Variable<A> => {
  const decode = Schema.decodeUnknownEffect(schema)
  const optional = Config.option(Config.String(name)).pipe(
    Effect.map(Option.map((text) => text.trim())),
    Effect.flatMap((text) =>
      Option.getOrElse(text, () => "") === "" ? Effect.undefined : decode(Option.getOrThrow(text))
    ),
    Effect.mapError(() => new InvalidVariable({ name, expected, missing: false }))
  )
  const orElse = <B>(fallback: Effect.Effect<B, InvalidVariable>) =>
    Effect.flatMap(optional, (value): Effect.Effect<A | B, InvalidVariable> =>
      value === undefined ? fallback : Effect.succeed(value)
    )
  return {
    optional,
    required: orElse(Effect.fail(new InvalidVariable({ name, expected, missing: true }))),
    or: (fallback) => orElse(Effect.succeed(fallback))
  }
}
