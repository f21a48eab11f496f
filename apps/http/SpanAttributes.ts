/**
 * What a span of a request says of its address: the route (`http.route`), and nothing of what a caller wrote into path
 * or query, where a key or a number may stand.
 */
import { Effect, Layer, Tracer } from "effect"

const written = new Set(["url.full", "url.path", "url.query"])

const withRoutesOnly = (tracer: Tracer.Tracer): Tracer.Tracer =>
  Tracer.make({
    ...(tracer.context === undefined ? {} : { context: tracer.context }),
    span: (options) => {
      const span = tracer.span(options)
      const record = span.attribute.bind(span)
      span.attribute = (key, value) => {
        if (!written.has(key)) record(key, value)
      }
      return span
    }
  })

/** Without somebody who collects spans there is nothing to withhold. */
export const layer = Layer.effect(
  Tracer.Tracer,
  Effect.map(Effect.tracer, (tracer) => (tracer === Tracer.nativeTracer ? tracer : withRoutesOnly(tracer)))
)
