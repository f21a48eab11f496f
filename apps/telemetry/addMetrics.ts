/** The same metrics of several processes, as one text in Prometheus' format: values of the same series are added. */

const isComment = (line: string): boolean => line.startsWith("#")

/** A sample line is a series, a blank and its value; labels may hold blanks, values none. */
const cut = (line: string): readonly [series: string, value: number] => {
  const end = line.lastIndexOf(" ")
  return [line.slice(0, end), Number(line.slice(end + 1))]
}

export const addMetrics = (texts: ReadonlyArray<string>): string => {
  /** Every line in the order in which it was first met: comments by themselves, samples by their series. */
  const lines = new Map<string, number | undefined>()
  for (const text of texts) {
    for (const line of text.split("\n")) {
      if (line === "") continue
      if (isComment(line)) lines.set(line, undefined)
      else {
        const [series, value] = cut(line)
        lines.set(series, (lines.get(series) ?? 0) + value)
      }
    }
  }
  return [...lines].map(([line, value]) => (value === undefined ? line : `${line} ${value}`)).join("\n") + "\n"
}
