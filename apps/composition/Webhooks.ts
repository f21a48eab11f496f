/** What telling webhook endpoints needs beside the database: the way out, secrets and ids. */
import { Effect, Layer } from "effect"
import { Cidr } from "../../adapters/safe-http/PublicAddress.ts"
import * as WebhookSenderHttp from "../../adapters/safe-http/WebhookSenderHttp.ts"
import * as WebhookMakerRandom from "../../adapters/secrets/WebhookMakerRandom.ts"
import * as Configuration from "../configuration/Configuration.ts"

/** This machine itself. */
export const loopback: ReadonlyArray<Cidr> = ["127.0.0.0/8", "::1/128"].map((block) => Cidr.make(block))

/** `allow`: addresses that are not public and may be told all the same, where the configuration names none. */
export const layer = (allow: ReadonlyArray<Cidr> = []) =>
  Layer.unwrap(
    Effect.map(Configuration.webhookAllowCidrs, (configured) =>
      Layer.mergeAll(WebhookSenderHttp.layer({ allow: configured ?? allow }), WebhookMakerRandom.layer)
    )
  )
