import { DateTime, Schema } from "effect"
import type { HealthAspect } from "../../../core/administration/Administration.ts"
import { listOfInstance } from "./listOfInstance.ts"

const isObject = Schema.is(Schema.Record(Schema.String, Schema.Json))
const isText = Schema.is(Schema.String)

/** As it can be read in a line: what Meta did not say is left out. */
const textOf = (value: Schema.Json): string => {
  if (!isObject(value)) return isText(value) ? value : JSON.stringify(value)
  return Object.entries(value)
    .filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0))
    .map(([name, one]) => `${name}: ${isText(one) ? one : JSON.stringify(one)}`)
    .join(", ")
}

const viewOf = ({ aspect, at, value }: HealthAspect) => ({ aspect, at: DateTime.formatIso(at), value })

export const health = listOfInstance({
  command: "health",
  description: "Mostra o que a Meta diz do número e da conta de uma instância, do mais recente ao mais antigo",
  read: (administration, instanceId) => administration.health(instanceId),
  view: viewOf,
  columns: [
    ["desde", ({ at }) => DateTime.formatIso(at)],
    ["aspecto", ({ aspect }) => aspect],
    ["valor", ({ value }) => textOf(value)]
  ],
  none: "A Meta ainda não disse nada deste número."
})
