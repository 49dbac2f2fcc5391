// What the rules did not see: while events are lost the stream of alerts says so, once a second at most.
import type { CaptureStats } from '../../source/source.js'

/** ms between two alerts about losses */
const OFTEN = 1000

/** What came of a while. */
export interface Uncovered {
  readonly seen: number
  /** lost in the kernel, and counted instead of recorded as a ceiling asked for it */
  readonly lost: number
  readonly leftOut: number
  /** the part that was not seen, 0 to 1 */
  readonly share: number
  /** ms that it took */
  readonly lasted: number
}

export class Coverage {
  private last: CaptureStats
  private told = performance.now()

  constructor(private readonly stats: () => CaptureStats) {
    this.last = stats()
  }

  /** What was not seen since it was told last; undefined: all was, or it is too early to say something again. */
  look(now = performance.now()): Uncovered | undefined {
    const lasted = now - this.told
    if (lasted < OFTEN) return undefined
    return this.take(lasted, now)
  }

  /** The same at the end, however soon that is. */
  rest(now = performance.now()): Uncovered | undefined {
    return this.take(now - this.told, now)
  }

  private take(lasted: number, now: number): Uncovered | undefined {
    const { last } = this
    const stats = this.stats()
    const seen = stats.events - last.events
    const lost = stats.lost - last.lost
    const leftOut = (stats.leftOut ?? 0) - (last.leftOut ?? 0)
    this.last = stats
    this.told = now
    if (lost + leftOut <= 0) return undefined
    return { seen, lost, leftOut, share: (lost + leftOut) / (seen + lost + leftOut), lasted }
  }
}

/** A sentence for people. */
export function uncoveredText({ lost, leftOut, share, lasted }: Uncovered): string {
  const parts = [
    lost > 0 && `${lost} events were lost`,
    leftOut > 0 && `${leftOut} were counted instead of recorded for a ceiling`,
  ].filter((part) => part !== false)
  const percent = (share * 100).toFixed(share < 0.1 ? 2 : 0)
  return `Falco internal: syscall event drop. ${parts.join(' and ')} in ${(lasted / 1000).toFixed(1)} s, ${percent} % of all: rules did not see them`
}
