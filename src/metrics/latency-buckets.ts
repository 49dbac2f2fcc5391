// The buckets of latencies, from 1 µs to 17 s, each four times as wide as the one before. Bounds are powers of two in ns, so that
// the BPF programs find a bucket without a loop.

/** The first bound is 2^10 ns, each further one 2^2 times the one before. */
const FIRST = 10
const STEP = 2
const BOUNDS = 13

/** Upper bounds in seconds; one more bucket counts the latencies above all of them. */
export const LATENCY_BOUNDS: readonly number[] = Array.from({ length: BOUNDS }, (_, i) => 2 ** (FIRST + STEP * i) / 1e9)
export const LATENCY_BUCKETS = BOUNDS + 1

/** The bucket of a latency in ns. A latency that equals a bound is counted in the next bucket. */
export function latencyBucket(ns: number): number {
  if (!(ns >= 1024)) return 0
  const power = ns < 0x100000000 ? 31 - Math.clz32(ns) : 63 - Math.clz32(ns / 0x100000000)
  return Math.min(BOUNDS, Math.floor((power - FIRST) / STEP) + 1)
}

/** The bounds that histograms have, by the words of --buckets. */
const CHOSEN = {
  fine: LATENCY_BOUNDS.map((_, i) => i),
  // 16 µs, 1 ms, 67 ms, 4.3 s
  coarse: [2, 5, 8, 11],
  none: [],
  off: [],
} as const satisfies Readonly<Record<string, readonly number[]>>

export type Buckets = keyof typeof CHOSEN
export const BUCKET_WORDS = Object.keys(CHOSEN) as readonly Buckets[]

/** Whether latencies are measured at all: a kernel that counts then runs no program at the start of calls. */
export function measuresLatency(buckets: Buckets): boolean {
  return buckets !== 'off'
}

/** The bounds of a histogram, in seconds. */
export function boundsOf(buckets: Buckets): number[] {
  return CHOSEN[buckets].map((i) => LATENCY_BOUNDS[i] as number)
}

/** The counts of a histogram, merged from all buckets. */
export function countsOf(buckets: Buckets, all: ArrayLike<number>): number[] {
  let from = 0
  return [...CHOSEN[buckets], BOUNDS].map((last) => {
    let count = 0
    for (; from <= last; from++) count += all[from] ?? 0
    return count
  })
}
