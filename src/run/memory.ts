// A live capture where memory is limited: before the kernel ends ksys for using too much, it gives up what it can do without.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { native } from '../source/native.js'
import { OwnMemory } from '../source/own-memory.js'
import type { State } from '../state/state.js'

/** ms between looks, and for how long a step is given to show what it brought */
const LOOK = 500
const AGAIN = 3_000
/** Memory is short when less than this part of the limit, or so many bytes, are left. */
const PART = 1 / 8
const LEAST = 24 << 20

/** Memory that is limited. */
export interface LimitedMemory {
  /** whose the limit is, for people */
  readonly of: string
  /** bytes */
  readonly limit: number
  /** bytes now; undefined where that is not known any more */
  used(): number | undefined
}

/**
 * Watches over the limit until stop(). Given up are, in this order: what lies about (JavaScript's garbage, freed memory); what is
 * kept of threads and containers that ended. A person is told of it once.
 */
export class MemoryWatch {
  private readonly timer: NodeJS.Timeout
  private last = Number.NEGATIVE_INFINITY
  private step = 0
  private collect: (() => void) | undefined

  constructor(
    private readonly memory: LimitedMemory,
    private readonly states: readonly State[],
    private readonly tell: (sentence: string) => void,
  ) {
    this.timer = setInterval(() => this.look(), LOOK)
    this.timer.unref()
  }

  /** One for each limit: that of --max-memory, if there is one, and that of the cgroup. */
  static where(
    states: readonly State[],
    ceiling: LimitedMemory | undefined,
    tell: (sentence: string) => void,
  ): MemoryWatch[] {
    const cgroup = OwnMemory.find()
    const limits = [ceiling, cgroup && { of: 'this cgroup', limit: cgroup.limit, used: () => cgroup.used() }]
    return limits.flatMap((memory) => (memory === undefined ? [] : [new MemoryWatch(memory, states, tell)]))
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private look(): void {
    const now = performance.now()
    if (now - this.last < AGAIN) return
    const { limit } = this.memory
    const used = this.memory.used()
    if (used === undefined || limit - used > Math.max(limit * PART, Math.min(LEAST, limit / 4))) {
      this.step = 0
      return
    }
    if (this.collect === undefined) {
      this.tell(
        `memory is short: ${megabytes(used)} of the ${megabytes(limit)} MB of ${this.memory.of} are used; what ksys keeps of ended processes and containers is given up, so that it is not ended itself`,
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
 * From now on V8 collects garbage before so much of it lies about: a capture may run for long beside what it is to look at. Of 22 MB
 * that are alive it otherwise makes up to 115 MB; this costs 0.5 % of a processor under a mixed load.
 */
export function keepSmall(): void {
  setFlagsFromString('--optimize-for-size')
}

/** Collects all garbage, which Node does not offer by itself. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / (1 << 20))
}
