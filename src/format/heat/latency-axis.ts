// The latency axis of heat maps: powers of ten from 1 ns to 100 s.

/** Number of powers of ten (ns) from left to right. */
export const DECADES = 11
const NAMES = ['1ns', '10ns', '100ns', '1us', '10us', '100us', '1ms', '10ms', '100ms', '1s', '10s']

/** The axis line of a heat map with that many columns: labels at the start of each power of ten. */
export function latencyAxis(columns: number): string {
  return axis(
    columns,
    NAMES.map((name, i) => [Math.ceil((i * columns) / DECADES), name]),
  )
}

/** A line with labels at their columns; a label that does not fit before the next one is omitted. */
export function axis(columns: number, labels: readonly (readonly [at: number, text: string])[]): string {
  let line = ''
  for (const [at, text] of labels) {
    const mark = `|${text}`
    if (line.length <= at && at + mark.length <= columns) line = line.padEnd(at) + mark
  }
  return line
}
