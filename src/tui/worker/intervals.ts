// The intervals of a spectrogram. Live they are refreshes; for a file, whose length is unknown until it is read, they
// grow while it is read, so that their number stays limited.

/** Maximum number of rows of a spectrogram. */
export const MOST_INTERVALS = 300

const SECOND = 1e9
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Lengths (ns) of a file's intervals: each is a multiple of the one before */
const LADDER = [
  ...[1e6, 5e6, 10e6, 50e6, 100e6, 500e6, SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND],
  ...[MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 24 * HOUR],
]

export class Intervals {
  /** length of an interval, in ns */
  step: number
  /** start of interval 0 in ns since the epoch, and batch time 0 relative to it */
  private readonly origin: bigint
  private readonly offset: number
  private first: number | undefined

  /** start: ns since the epoch of batch time 0. step: fixed length in ns; undefined: they grow. */
  constructor(
    start: bigint,
    private readonly fixed: number | undefined,
  ) {
    this.step = fixed ?? (LADDER[0] as number)
    const whole = BigInt(fixed ?? (LADDER.at(-1) as number))
    this.offset = Number(start % whole)
    this.origin = start - BigInt(this.offset)
  }

  /** The number of the interval that contains a batch time (ns). */
  at(time: number): number {
    return Math.floor((time + this.offset) / this.step)
  }

  /** Start of an interval: ns since the epoch. */
  begin(at: number): bigint {
    return this.origin + BigInt(at) * BigInt(this.step)
  }

  /**
   * Lengthens the intervals if a batch time (ns) would need more than MOST_INTERVALS; returns how many old ones were
   * merged into each new one, 1 if unchanged.
   */
  grow(time: number): number {
    if (this.fixed !== undefined) return 1
    this.first = Math.min(this.first ?? time, time)
    const before = this.step
    while (this.at(time) - this.at(this.first) >= MOST_INTERVALS)
      this.step = LADDER.find((step) => step > this.step) ?? this.step * 2
    return this.step / before
  }
}
