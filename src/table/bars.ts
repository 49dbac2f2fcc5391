// A histogram of times in one cell: small bars, a factor of four each, over a range that is the same in every row.

/** Powers of two of ns: the second bar begins at about 1 us, the last at about 4 s. */
const FIRST = 10
const STEP = 2
const BARS = 13
/** From few to many. */
const HEIGHTS = '▁▂▃▄▅▆▇█'

/** What stands above the bars: where times of 1 us, 1 ms and 1 s are. As wide as they are. */
export const BARS_TITLE = '<1us  1ms  1s'

/** The bars of how many times there are from each power of two ns up to the next. The highest is that of the most; what there is can be seen. */
export function barsText(counts: readonly number[]): string {
  const bars = new Array<number>(BARS).fill(0)
  counts.forEach((n, power) => {
    const i = Math.max(0, Math.floor((power - FIRST) / STEP) + 1)
    bars[Math.min(i, BARS - 1)]! += n
  })
  const most = Math.max(...bars)
  return bars.map((n) => (n === 0 ? ' ' : HEIGHTS[Math.ceil((n / most) * HEIGHTS.length) - 1])).join('')
}
