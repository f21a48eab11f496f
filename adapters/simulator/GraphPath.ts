/** Where Graph objects live: any version of the form `v25.0`, then the id of the object. */
export const graphObject = "/:version(^v[0-9]+[.][0-9]+$)/:id" as const

/** `25` of `v25.0`. */
export const majorVersion = (version: string): number => Number.parseInt(version.slice(1), 10)
