// The intervals of a spectrogram. Live they are refreshes; of a file, whose length nobody knows before it was read, they become
// longer as it goes on, so that never more than some are needed.

/** Rows of a spectrogram at most. */
export const MOST_INTERVALS = 300

const SECOND = 1e9
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** ns of a file's intervals: each is a multiple of the one before */
const LADDER = [
  ...[1e6, 5e6, 10e6, 50e6, 100e6, 500e6, SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND],
  ...[MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 24 * HOUR],
]

export class Intervals {
  /** ns of one */
  step: number
  /** ns since the epoch from which on they are numbered, and batch time 0 after that */
  private readonly origin: bigint
  private readonly offset: number
  private first: number | undefined

  /** start: ns since the epoch of batch time 0. step: ns of all of them; undefined: they grow. */
  constructor(
    start: bigint,
    private readonly fixed: number | undefined,
  ) {
    this.step = fixed ?? (LADDER[0] as number)
    const whole = BigInt(fixed ?? (LADDER.at(-1) as number))
    this.offset = Number(start % whole)
    this.origin = start - BigInt(this.offset)
  }

  /** The number of the interval that a batch time (ns) is in. */
  at(time: number): number {
    return Math.floor((time + this.offset) / this.step)
  }

  /** When an interval begins: ns since the epoch. */
  begin(at: number): bigint {
    return this.origin + BigInt(at) * BigInt(this.step)
  }

  /**
   * Makes them long enough for a batch time (ns), where there would be more than MOST_INTERVALS; returns how many of those before
   * have become one, 1 when nothing has changed.
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
