// Watches a limit of memory during a live capture, and drops cached data before ksys is killed (cgroup) or its capture ends (--max-memory).
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { native } from '../source/native.js'
import { OwnMemory } from '../source/own-memory.js'
import type { State } from '../state/state.js'

/** ms between checks, and ms to wait for the effect of a step */
const CHECK_INTERVAL = 500
const STEP_INTERVAL = 3_000
/** Memory is low when less than this share of the limit, or less than this many bytes, are free. */
const LOW_SHARE = 1 / 8
const LOW_BYTES = 24 << 20

/**
 * Bytes of objects, garbage included, above which the garbage of loading is collected at once, and its memory released: thousands of
 * processes exist. What V8 has beyond the objects is no sign of them: each start makes the space for new objects grow to 32 MB in all.
 */
const LARGE_HEAP = 32 << 20

/** A limit of memory. */
export interface LimitedMemory {
  /** names the limit in messages */
  readonly name: string
  /** bytes */
  readonly limit: number
  /** bytes in use; undefined if unknown */
  used(): number | undefined
}

/**
 * Watches a limit until stop(). When memory is low, it first collects JavaScript's garbage and releases freed memory, then also
 * drops data about exited threads and containers. Reports that once.
 */
export class MemoryWatch {
  private readonly timer: NodeJS.Timeout
  private last = Number.NEGATIVE_INFINITY
  private step = 0
  private collect: (() => void) | undefined

  constructor(
    private readonly memory: LimitedMemory,
    private readonly states: readonly State[],
    private readonly report: (sentence: string) => void,
  ) {
    this.timer = setInterval(() => this.check(), CHECK_INTERVAL)
    this.timer.unref()
  }

  /** Watches for all limits: that of --max-memory, if it is set, and that of the cgroup. */
  static forLimits(
    states: readonly State[],
    ceiling: LimitedMemory | undefined,
    report: (sentence: string) => void,
  ): MemoryWatch[] {
    const cgroup = OwnMemory.find()
    const limits = [ceiling, cgroup && { name: 'this cgroup', limit: cgroup.limit, used: () => cgroup.used() }]
    return limits.flatMap((memory) => (memory === undefined ? [] : [new MemoryWatch(memory, states, report)]))
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private check(): void {
    const now = performance.now()
    if (now - this.last < STEP_INTERVAL) return
    const { limit } = this.memory
    const used = this.memory.used()
    if (used === undefined || limit - used > Math.max(limit * LOW_SHARE, Math.min(LOW_BYTES, limit / 4))) {
      this.step = 0
      return
    }
    if (this.collect === undefined) {
      this.report(
        `memory is low: ${megabytes(used)} of the ${megabytes(limit)} MB of ${this.memory.name} are used; ksys drops its data about exited processes and containers to stay below it`,
      )
      this.collect = collector()
    }
    this.last = now
    if (this.step++ > 0) for (const state of this.states) state.forgetEnded()
    this.collect()
    native().trim()
  }
}

/**
 * Makes V8 collect garbage earlier, since a capture may run for a long time beside the observed programs. With 22 MB of live data
 * V8 otherwise uses up to 115 MB. This costs 0.5 % of a CPU under a mixed load. Call it when the processes that exist are loaded: before,
 * V8 would search all of them again for each few megabytes, though nothing is garbage; and what loading them needed is released.
 */
export function optimizeForSize(): void {
  setFlagsFromString('--optimize-for-size')
  if (process.memoryUsage().heapUsed > LARGE_HEAP) collector()()
  native().trim()
}

/** A function that collects all garbage, which Node does not provide by default. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / (1 << 20))
}
