/** Which of the forms on offer a caller prefers. Source: RFC 9110, section 12.5.1. */

/** A range's weight for a type, and how exactly it names it: the exactest range speaks for the type. */
const matchOf = (range: string, type: string): { readonly exactness: number; readonly weight: number } => {
  const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
  const weight = q === undefined ? 1 : Number(q)
  const exactness = [`*/*`, `${type.split("/", 1)[0] ?? ""}/*`, type].indexOf(name)
  return { exactness, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

const weightOf = (accept: string, type: string): number => {
  const best = accept
    .split(",")
    .map((range) => matchOf(range, type))
    .reduce((kept, next) => (next.exactness > kept.exactness ? next : kept), { exactness: -1, weight: 0 })
  return best.weight
}

/** Whether `accept` likes JSON better than HTML. A tie is a person's. */
export const prefersJson = (accept: string | undefined): boolean =>
  accept !== undefined && weightOf(accept, "application/json") > weightOf(accept, "text/html")
