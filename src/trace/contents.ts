// Counts the contents of a trace while it is written, for its end block: an overview then needs no reading of events.

import type { Event } from '../model/event.js'
import { isSameStart, type Thread } from '../model/thread.js'
import { type BatchNs, batchNs } from '../model/time.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { Overview } from '../source/source.js'

/** Number of processes in the cache of counted ones, a power of two: several for each processor of a large machine. */
const CACHE_SIZE = 1024

export class ContentsCounter {
  private readonly counts = new Float64Array(CODE_LIMIT)
  /** by pid, start times (batch time, ns) of the processes that had it; undefined if not recorded */
  private readonly starts = new Map<number, (number | undefined)[]>()
  private processes = 0
  /** main threads of processes counted last, by the low bits of their id, if their start time was known */
  private readonly counted: (Thread | undefined)[] = new Array(CACHE_SIZE).fill(undefined)
  private first: BatchNs | undefined
  private last = batchNs(Number.NEGATIVE_INFINITY)

  /** defs: definitions by event code. */
  constructor(private readonly defs: readonly (EventDef | undefined)[]) {}

  /** Counts a visible event. */
  add(e: Event): void {
    this.counts[e.type]!++
    const { time } = e
    this.first ??= time
    if (time > this.last) this.last = time
    const leader = e.thread?.leader
    const pid = leader?.pid ?? e.pid
    const at = pid & (CACHE_SIZE - 1)
    if (leader !== undefined && this.counted[at] === leader) return
    const start = leader?.startTime
    if (start !== undefined) this.counted[at] = leader
    if (pid > 0) this.process(pid, start)
  }

  /**
   * Counts each process once. The kernel reuses pids, and hosts have equal ones, so the start time distinguishes
   * processes.
   */
  private process(pid: number, start: number | undefined): void {
    const starts = this.starts.get(pid)
    if (starts === undefined) {
      this.starts.set(pid, [start])
      this.processes++
      return
    }
    if (start === undefined || starts.some((known) => isSameStart(known, start))) return
    const unknown = starts.indexOf(undefined)
    if (unknown >= 0) starts[unknown] = start
    else {
      starts.push(start)
      this.processes++
    }
  }

  contents(): Overview {
    const categories = new Map<string, number>()
    let events = 0
    this.counts.forEach((n, code) => {
      if (n === 0) return
      events += n
      const category = this.defs[code]?.category ?? 'unknown'
      categories.set(category, (categories.get(category) ?? 0) + n)
    })
    const { processes, first, last } = this
    return { events, categories: mostFirst(categories), processes, ...(first !== undefined && { first, last }) }
  }
}

/** Counts by name as an object, largest first. */
function mostFirst(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]))
}

/** Validates an unpacked overview; undefined if it is malformed. */
export function overviewOf(value: unknown): Overview | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { events, categories, processes, first, last } = value as Record<string, unknown>
  if (!isCount(events) || !isCount(processes) || typeof categories !== 'object' || categories === null) return undefined
  const counts = new Map(Object.entries(categories))
  let sum = 0
  for (const n of counts.values()) {
    if (!isCount(n)) return undefined
    sum += n
  }
  if (sum !== events) return undefined
  if (!isTime(first) || !isTime(last)) return events > 0 ? undefined : { events, categories: {}, processes }
  return { events, categories: mostFirst(counts), processes, first, last }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Whether a value is a batch time that can be converted to a date. */
function isTime(value: unknown): value is BatchNs {
  return Number.isFinite(value) && Math.abs(value as number) < 2 ** 63
}
