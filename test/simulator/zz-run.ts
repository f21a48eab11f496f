import { Effect, Layer } from "effect"
import { NodeRuntime } from "@effect/platform-node"
import { layer, Simulator } from "/work/main/adapters/simulator/Simulator.ts"
setInterval(() => { const m = process.memoryUsage(); console.log(Math.round(m.heapUsed/1e6), Math.round(m.rss/1e6)) }, 5000).unref()
const app = Layer.effectDiscard(Effect.gen(function*() { const s = yield* Simulator; console.log(s.url) })).pipe(Layer.provide(layer({host:"127.0.0.1",port:Number(process.env.P ?? 9181),ledgerPath:"/tmp/sim/ledger.jsonl", seed: process.env.SEED, unknownTemplates: "accept"})))
NodeRuntime.runMain(Layer.launch(app))
