// Coverage gaps: while events are lost, an alert reports it, at most once a second.
import type { CaptureStats } from '../../source/source.js'

/** minimum ms between alerts about losses */
const OFTEN = 1000

/** The events of an interval, seen and missed. */
export interface Uncovered {
  readonly seen: number
  /** lost in the kernel, and only counted because of a ceiling */
  readonly lost: number
  readonly leftOut: number
  /** the fraction of missed events, 0 to 1 */
  readonly share: number
  /** length of the interval (ms) */
  readonly lasted: number
}

export class Coverage {
  private last: CaptureStats
  private reportedAt = performance.now()

  constructor(private readonly stats: () => CaptureStats) {
    this.last = stats()
  }

  /** The gap since the last report; undefined: none, or it is too early for another report. */
  look(now = performance.now()): Uncovered | undefined {
    const lasted = now - this.reportedAt
    if (lasted < OFTEN) return undefined
    return this.take(lasted, now)
  }

  /** The gap at the end, without a minimum interval. */
  rest(now = performance.now()): Uncovered | undefined {
    return this.take(now - this.reportedAt, now)
  }

  private take(lasted: number, now: number): Uncovered | undefined {
    const { last } = this
    const stats = this.stats()
    const seen = stats.events - last.events
    const lost = stats.lost - last.lost
    const leftOut = (stats.leftOut ?? 0) - (last.leftOut ?? 0)
    this.last = stats
    this.reportedAt = now
    if (lost + leftOut <= 0) return undefined
    return { seen, lost, leftOut, share: (lost + leftOut) / (seen + lost + leftOut), lasted }
  }
}

/** The text of the alert. */
export function uncoveredText({ lost, leftOut, share, lasted }: Uncovered): string {
  const parts = [
    lost > 0 && `${lost} events were lost`,
    leftOut > 0 && `${leftOut} were only counted because of a ceiling`,
  ].filter((part) => part !== false)
  const percent = (share * 100).toFixed(share < 0.1 ? 2 : 0)
  return `Falco internal: syscall event drop. ${parts.join(' and ')} in ${(lasted / 1000).toFixed(1)} s, ${percent} % of all: rules did not see them`
}
