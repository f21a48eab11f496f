import type { Effect, Redacted } from "effect"
import { Context, Schema } from "effect"
import { InstanceId } from "./Instance.ts"

/** This process was given no key to seal with. */
export class NoSealingKey extends Schema.TaggedError<NoSealingKey>()("NoSealingKey", {}) {
  override get message(): string {
    return "Não há chave para cifrar o token: defina AIDESK_SECRET_KEY, a mesma dos outros processos."
  }
}

/** What was stored does not open: sealed with a key that is not here, for another instance, or altered since. */
export class Unsealable extends Schema.TaggedError<Unsealable>()("Unsealable", {
  instanceId: InstanceId,
  reason: Schema.Literals(["unknown_key", "altered"])
}) {
  override get message(): string {
    return this.reason === "unknown_key"
      ? `O token da instância ${this.instanceId} foi cifrado com uma chave que não está em AIDESK_SECRET_KEY nem em AIDESK_SECRET_KEY_PREVIOUS.`
      : `O token da instância ${this.instanceId} está corrompido ou é de outra instância.`
  }
}

/**
 * Port: keeps an instance's secrets unreadable at rest. What was sealed for one instance opens for no other, so that
 * nobody who can only write to the database can lend a token.
 */
export class Sealing extends Context.Service<
  Sealing,
  {
    readonly seal: (instanceId: InstanceId, secret: Redacted.Redacted) => Effect.Effect<string, NoSealingKey>
    readonly open: (instanceId: InstanceId, sealed: string) => Effect.Effect<Redacted.Redacted, Unsealable>
  }
>()("aidesk/core/instance/Sealing") {}
