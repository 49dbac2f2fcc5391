// The retained events of this machine: the capture window of the present capture of all calls and, while recent enough,
// that of the previous one.
import { type BootNs, batchOfBoot, bootNs } from '../../model/time.js'
import type { MemoryBounds, MemorySegment } from '../../trace/memory-trace.js'
import type { CaptureWindow } from './capture-window.js'
import type { EventRange } from './reading.js'

/** Which retained events are wanted. */
export interface PastBounds {
  /** CLOCK_BOOTTIME (ns): from the first (inclusive) to the second (exclusive) */
  readonly from?: BootNs | undefined
  readonly before?: BootNs | undefined
  /** last event number of the present window */
  readonly last?: number
  /** number of the newest events that are enough */
  readonly most?: number
  /** all rows are counted, including those that are not shown */
  readonly all?: boolean
}

/** A segment of a capture window, and which of its events are wanted. */
export interface WantedSegment {
  readonly captureWindow: CaptureWindow
  readonly segment: MemorySegment
  readonly range: EventRange
}

const BOOT = bootNs(0)
const NEVER = bootNs(Number.POSITIVE_INFINITY)
/** two windows together may take this many times the memory of one */
const BOTH = 1.5

export class CaptureWindows {
  /** newest first */
  private windows: CaptureWindow[] = []
  /** windows that are freeing their memory */
  private readonly closing = new Set<Promise<void>>()

  constructor(private readonly bounds: MemoryBounds) {}

  /** The window that records new events. */
  get present(): CaptureWindow | undefined {
    return this.windows[0]
  }

  /** Whether some retained calls have data. */
  get haveData(): boolean {
    return this.windows.some((r) => r.hasData)
  }

  /** The retained events come from two captures. */
  get isSplit(): boolean {
    return this.windows.length > 1
  }

  /** Adds the window of a new capture; of the previous ones only the latest is retained. */
  add(captureWindow: CaptureWindow): void {
    for (const old of this.windows.splice(1)) this.close(old)
    this.windows.unshift(captureWindow)
  }

  has(captureWindow: CaptureWindow): boolean {
    return this.windows.includes(captureWindow)
  }

  /**
   * Length of the retained past in ns; undefined if recording has stopped. Drops the previous window if it is too old
   * or takes too much memory.
   */
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

  /** The retained segments within bounds, newest first. Rejects with TraceError. */
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

  /** Frees all memory, once no copy is in progress. */
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
    from: batchOfBoot(info, from ?? BOOT),
    before: batchOfBoot(info, before ?? NEVER),
    after: most === undefined || !isPresent ? 0 : captureWindow.last - most,
    last: last === undefined || !isPresent ? Number.POSITIVE_INFINITY : last,
  }
}
