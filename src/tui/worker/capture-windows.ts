// What is kept of this machine: the capture window of the present capture of all calls and, while it is recent enough, that of the one before.
import type { MemoryBounds, MemorySegment } from '../../trace/memory-trace.js'
import type { CaptureWindow } from './capture-window.js'
import type { EventRange } from './reading.js'

/** Which events are wanted. */
export interface PastBounds {
  /** CLOCK_BOOTTIME (ns): those from the first on, and before the second */
  readonly from?: number
  readonly before?: number
  /** those of the present capture window up to that number */
  readonly last?: number
  /** so many of the newest are enough */
  readonly most?: number
  /** all that there are count, also those that are not shown */
  readonly all?: boolean
}

/** A part of a capture window, and which of its events are wanted. */
export interface WantedSegment {
  readonly captureWindow: CaptureWindow
  readonly segment: MemorySegment
  readonly range: EventRange
}

/** two capture windows together may take this many times the memory of one */
const BOTH = 1.5

export class CaptureWindows {
  /** newest first */
  private windows: CaptureWindow[] = []
  /** capture windows that give their memory back */
  private readonly closing = new Set<Promise<void>>()

  constructor(private readonly bounds: MemoryBounds) {}

  /** The one that takes what comes. */
  get present(): CaptureWindow | undefined {
    return this.windows[0]
  }

  /** Some of what is kept has data. */
  get haveData(): boolean {
    return this.windows.some((r) => r.hasData)
  }

  /** What is kept is of two captures. */
  get isSplit(): boolean {
    return this.windows.length > 1
  }

  /** A capture begins, and its capture window with it; of those before one is enough. */
  add(captureWindow: CaptureWindow): void {
    for (const old of this.windows.splice(1)) this.close(old)
    this.windows.unshift(captureWindow)
  }

  has(captureWindow: CaptureWindow): boolean {
    return this.windows.includes(captureWindow)
  }

  /** ns up to now that are kept; undefined where nothing more is. Gives up the capture window before when it is too old or there is no room for it. */
  retained(): number | undefined {
    const [present, before] = this.windows
    if (present?.isRecording !== true) return undefined
    if (before === undefined) return present.retained
    const { bytes, time = Number.POSITIVE_INFINITY } = this.bounds
    if (present.retained < time && present.bytes + before.bytes <= bytes * BOTH) return present.now - before.start
    this.windows.pop()
    this.close(before)
    return present.retained
  }

  /** What is kept of what is wanted, newest first. Rejects with TraceError. */
  async segments(bounds: PastBounds): Promise<WantedSegment[]> {
    const all: WantedSegment[] = []
    for (const captureWindow of [...this.windows]) {
      const range = rangeIn(captureWindow, bounds, captureWindow === this.present)
      const segments = await captureWindow.segments()
      const first = segments.findLast((p) => p.from <= range.from)?.offset ?? 0
      for (const segment of segments.toReversed())
        if (segment.offset >= first && segment.from < range.before) all.push({ captureWindow, segment, range })
    }
    return all
  }

  /** Gives all memory back, once nobody reads it. */
  async end(): Promise<void> {
    for (const captureWindow of this.windows.splice(0)) this.close(captureWindow)
    await Promise.all(this.closing)
  }

  private close(captureWindow: CaptureWindow): void {
    const closed = captureWindow.close().finally(() => this.closing.delete(closed))
    this.closing.add(closed)
  }
}

function rangeIn(
  captureWindow: CaptureWindow,
  { from, before, last, most }: PastBounds,
  isPresent: boolean,
): EventRange {
  const { info, first } = captureWindow.capture
  return {
    first,
    from: (from ?? 0) - info.startBoot,
    before: (before ?? Number.POSITIVE_INFINITY) - info.startBoot,
    after: most === undefined || !isPresent ? 0 : captureWindow.last - most,
    last: last === undefined || !isPresent ? Number.POSITIVE_INFINITY : last,
  }
}
