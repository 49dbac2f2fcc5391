// The statistics of the bench: the median of rounds, an interval for it that supposes nothing about the distribution, and pairs.

/** What a few rounds say about one number. Without bounds there were too few rounds for an interval. */
export interface Estimate {
  median: number
  low?: number
  high?: number
}

/** An interval contains the true median with at least this probability: five rounds give 0.9375, from lowest to highest. */
const CONFIDENCE = 0.9

/** The fewest rounds with an interval. */
export const DECIDING_ROUNDS = 5

/** The median; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + sorted[middle]!) / 2
}

/** The probability that the true median lies between the values number `cut` + 1 from below and from above, of `n` values. */
export function coverage(n: number, cut: number): number {
  let outside = 0
  let ways = 1
  for (let k = 0; k <= cut; k++) {
    outside += ways
    ways = (ways * (n - k)) / (k + 1)
  }
  return 1 - outside * 2 ** (1 - n)
}

/** The median and the narrowest interval of values that has the confidence. */
export function estimate(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const found = { median: median(sorted) }
  if (n === 0 || coverage(n, 0) < CONFIDENCE) return found
  let cut = 0
  while (coverage(n, cut + 1) >= CONFIDENCE) cut++
  return { ...found, low: sorted[cut] as number, high: sorted[n - 1 - cut] as number }
}

/** The ratio of a value to the bare runs before and after it, whose geometric mean stands for the same moment. */
export function pairedRatio(value: number, before: number, after: number): number {
  return value / Math.sqrt(before * after)
}

/** Whether a value is worse than an earlier one beyond the intervals of both. It is not if one of them has no interval. */
export function worse(now: Estimate, earlier: Estimate, better: 'higher' | 'lower'): boolean {
  if (now.low === undefined || now.high === undefined) return false
  if (earlier.low === undefined || earlier.high === undefined) return false
  return better === 'higher' ? now.high < earlier.low : now.low > earlier.high
}
