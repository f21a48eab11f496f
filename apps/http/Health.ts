import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { Readiness } from "../../core/Readiness.ts"

const json = (status: number, body: object) =>
  HttpServerResponse.text(JSON.stringify(body), { status, contentType: "application/json" })

/** The process runs. Says nothing of what it depends on. */
const live = HttpRouter.add("GET", "/health/live", json(200, { status: "ok" }))

/** Requests can be served: the database answers and has every migration. */
const ready = HttpRouter.add(
  "GET",
  "/health/ready",
  Effect.gen(function* () {
    const { check } = yield* Readiness
    const checks = yield* check
    const isReady = Object.values(checks).every((state) => state === "ok")
    return json(isReady ? 200 : 503, { status: isReady ? "ok" : "unavailable", checks })
  })
)

export const layer = Layer.mergeAll(live, ready)
