// The axis of heat maps whose columns are latencies: powers of ten from 1 ns to 100 s.

/** Powers of ten of ns from the left to the right. */
export const DECADES = 11
const NAMES = ['1ns', '10ns', '100ns', '1us', '10us', '100us', '1ms', '10ms', '100ms', '1s', '10s']

/** The line under or over a heat map of so many columns: where each power of ten begins. */
export function latencyAxis(columns: number): string {
  return axis(
    columns,
    NAMES.map((name, i) => [Math.ceil((i * columns) / DECADES), name]),
  )
}

/** A line with labels at their columns; one that has no room before the next is left out. */
export function axis(columns: number, labels: readonly (readonly [at: number, text: string])[]): string {
  let line = ''
  for (const [at, text] of labels) {
    const mark = `|${text}`
    if (line.length <= at && at + mark.length <= columns) line = line.padEnd(at) + mark
  }
  return line
}
