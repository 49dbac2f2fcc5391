// The buckets of latencies: four times as wide from one to the next, from 1 µs to 17 s. Bounds are powers of two in ns, so that the
// kernel's programs find a bucket without a loop.

/** The first bound is 2^10 ns, each next one 2^2 times as much. */
const FIRST = 10
const STEP = 2
const BOUNDS = 13

/** Upper bounds in seconds; there is one more bucket, of what is above all. */
export const LATENCY_BOUNDS: readonly number[] = Array.from({ length: BOUNDS }, (_, i) => 2 ** (FIRST + STEP * i) / 1e9)
export const LATENCY_BUCKETS = BOUNDS + 1

/** The bucket of a latency in ns. A latency that is a bound to the ns counts as longer than that. */
export function latencyBucket(ns: number): number {
  if (!(ns >= 1024)) return 0
  const power = ns < 0x100000000 ? 31 - Math.clz32(ns) : 63 - Math.clz32(ns / 0x100000000)
  return Math.min(BOUNDS, Math.floor((power - FIRST) / STEP) + 1)
}

/** How finely histograms tell latencies, by the words of --buckets: which of the bounds they have. */
const CHOSEN = {
  fine: LATENCY_BOUNDS.map((_, i) => i),
  // 16 µs, 1 ms, 67 ms, 4.3 s
  coarse: [2, 5, 8, 11],
  none: [],
} as const satisfies Readonly<Record<string, readonly number[]>>

export type Buckets = keyof typeof CHOSEN
export const BUCKET_WORDS = Object.keys(CHOSEN) as readonly Buckets[]

/** The bounds of such histograms, in seconds. */
export function boundsOf(buckets: Buckets): number[] {
  return CHOSEN[buckets].map((i) => LATENCY_BOUNDS[i] as number)
}

/** What such a histogram counts, of all buckets. */
export function countsOf(buckets: Buckets, all: ArrayLike<number>): number[] {
  let from = 0
  return [...CHOSEN[buckets], BOUNDS].map((last) => {
    let count = 0
    for (; from <= last; from++) count += all[from] ?? 0
    return count
  })
}
