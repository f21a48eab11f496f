/** Everything that one running product can be asked in one sitting: a start of it takes seconds. */
import { layer } from "@effect/vitest"
import { Layer } from "effect"
import * as Product from "./Product.ts"
import { directory } from "./sending/directory.ts"
import { fields } from "./sending/fields.ts"
import { idempotency } from "./sending/idempotency.ts"
import { keys } from "./sending/keys.ts"
import { media } from "./sending/media.ts"
import { metaErrors } from "./sending/metaErrors.ts"
import { mutations } from "./sending/mutations.ts"
import * as Outlasting from "./sending/Outlasting.ts"
import { outcomes } from "./sending/outcomes.ts"
import { protocol } from "./sending/protocol.ts"
import { record } from "./sending/record.ts"

const running = Outlasting.layer.pipe(Layer.provideMerge(Product.layer))

layer(running, { excludeTestServices: true, timeout: "60 seconds" })("Sending", (it) => {
  protocol(it)
  fields(it)
  media(it)
  directory(it)
  record(it)
  metaErrors(it)
  idempotency(it)
  keys(it)
  mutations(it)
  outcomes(it)
})
