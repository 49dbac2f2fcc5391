// What a trace holds, counted while it is written and kept in its end block: whoever asks need not read the events.
import { type EventBatch, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { Capabilities } from '../source/capabilities.js'
import type { Overview } from '../source/source.js'

/** process ids of Linux lie below */
const PID_LIMIT = 1 << 22

export class ContentsCounter {
  private readonly counts = new Float64Array(CODE_LIMIT)
  /** a bit for each process id, and those that no Linux gives */
  private readonly pids = new Uint8Array(PID_LIMIT >> 3)
  private readonly otherPids = new Set<number>()
  /** bits that are set */
  private processes = 0
  private lastPid = 0
  private first: number | undefined
  private last: number | undefined

  /** defs: definitions by event code; has: what the capture has. */
  constructor(
    private readonly defs: readonly (EventDef | undefined)[],
    private readonly has: Pick<Capabilities, 'recorderRows'>,
  ) {}

  /** Counts an event that a reading will show. */
  add(e: Event): void {
    this.counts[e.type]!++
    const pid = e.thread?.pid ?? e.pid
    if (pid === this.lastPid) return
    this.lastPid = pid
    if (pid <= 0) return
    if (pid >= PID_LIMIT) {
      this.otherPids.add(pid)
      return
    }
    const bit = 1 << (pid & 7)
    const byte = this.pids[pid >> 3] as number
    if ((byte & bit) !== 0) return
    this.pids[pid >> 3] = byte | bit
    this.processes++
  }

  /** Notes the times of a batch's rows [from, to) that are kept (see TraceWriter.write). */
  span({ time, flags }: EventBatch, keep: Uint8Array, from: number, to: number): void {
    const kept = (i: number) => keep[i] !== 0
    const begins = (i: number) => keep[i] === 1 && (flags[i]! & ROW.HIDDEN) === 0
    if (this.first === undefined) {
      const counts = this.has.recorderRows ? begins : kept
      for (let i = from; i < to && this.first === undefined; i++) if (counts(i)) this.first = time[i]
    }
    let i = to - 1
    while (i >= from && !kept(i)) i--
    if (i >= from) this.last = time[i]
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
    const processes = this.processes + this.otherPids.size
    const { first, last } = this
    return {
      events,
      categories: mostFirst(categories),
      processes,
      ...(first !== undefined && { first }),
      ...(last !== undefined && { last }),
    }
  }
}

/** Counts by name as an object, the largest first. */
function mostFirst(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]))
}

/** An overview as unpacked, undefined when it is none. */
export function overviewOf(value: unknown): Overview | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { events, categories, processes, first, last } = value as Record<string, unknown>
  if (!isCount(events) || !isCount(processes) || typeof categories !== 'object' || categories === null) return undefined
  const named = new Map(Object.entries(categories))
  let sum = 0
  for (const n of named.values()) {
    if (!isCount(n)) return undefined
    sum += n
  }
  if (sum !== events) return undefined
  if (!isTime(first) || !isTime(last)) return events > 0 ? undefined : { events, categories: {}, processes }
  return { events, categories: mostFirst(named), processes, first, last }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** A batch time that dates can be made of. */
function isTime(value: unknown): value is number {
  return Number.isFinite(value) && Math.abs(value as number) < 2 ** 63
}
