// What is kept of this machine: the ring of the present capture of all calls and, while it is recent enough, that of the one before.
import type { MemoryBounds, Part } from '../../trace/memory-trace.js'
import type { Window } from './reading.js'
import type { Ring } from './ring.js'

/** Which events are wanted. */
export interface Bounds {
  /** CLOCK_BOOTTIME (ns): those from the first on, and before the second */
  readonly from?: number
  readonly before?: number
  /** those of the present ring up to that number */
  readonly last?: number
  /** so many of the newest are enough */
  readonly most?: number
  /** all that there are count, also those that are not shown */
  readonly all?: boolean
}

/** A part of a ring, and which of its events are wanted. */
export interface WantedPart {
  readonly ring: Ring
  readonly part: Part
  readonly window: Window
}

/** two rings together may take this many times the memory of one */
const BOTH = 1.5

export class Rings {
  /** newest first */
  private rings: Ring[] = []
  /** rings that give their memory back */
  private readonly closing = new Set<Promise<void>>()

  constructor(private readonly bounds: MemoryBounds) {}

  /** The one that takes what comes. */
  get present(): Ring | undefined {
    return this.rings[0]
  }

  /** Some of what is kept has data. */
  get haveData(): boolean {
    return this.rings.some((r) => r.hasData)
  }

  /** What is kept is of two captures. */
  get isSplit(): boolean {
    return this.rings.length > 1
  }

  /** A capture begins, and its ring with it; of those before one is enough. */
  add(ring: Ring): void {
    for (const old of this.rings.splice(1)) this.close(old)
    this.rings.unshift(ring)
  }

  has(ring: Ring): boolean {
    return this.rings.includes(ring)
  }

  /** ns up to now that are kept; undefined where nothing more is. Gives up the ring before when it is too old or there is no room for it. */
  kept(): number | undefined {
    const [present, before] = this.rings
    if (present?.takes !== true) return undefined
    if (before === undefined) return present.kept
    const { bytes, time = Number.POSITIVE_INFINITY } = this.bounds
    if (present.kept < time && present.bytes + before.bytes <= bytes * BOTH) return present.now - before.begins
    this.rings.pop()
    this.close(before)
    return present.kept
  }

  /** What is kept of what is wanted, newest first. Rejects with TraceError. */
  async parts(bounds: Bounds): Promise<WantedPart[]> {
    const all: WantedPart[] = []
    for (const ring of [...this.rings]) {
      const window = windowOf(ring, bounds, ring === this.present)
      const parts = await ring.parts()
      const first = parts.findLast((p) => p.from <= window.from)?.offset ?? 0
      for (const part of parts.toReversed())
        if (part.offset >= first && part.from < window.before) all.push({ ring, part, window })
    }
    return all
  }

  /** Gives all memory back, once nobody reads it. */
  async end(): Promise<void> {
    for (const ring of this.rings.splice(0)) this.close(ring)
    await Promise.all(this.closing)
  }

  private close(ring: Ring): void {
    const closed = ring.close().finally(() => this.closing.delete(closed))
    this.closing.add(closed)
  }
}

function windowOf(ring: Ring, { from, before, last, most }: Bounds, isPresent: boolean): Window {
  const { info, first } = ring.capture
  return {
    first,
    from: (from ?? 0) - info.startBoot,
    before: (before ?? Number.POSITIVE_INFINITY) - info.startBoot,
    after: most === undefined || !isPresent ? 0 : ring.last - most,
    last: last === undefined || !isPresent ? Number.POSITIVE_INFINITY : last,
  }
}
