// A live capture that stays below its ceilings: it measures its cost several times a second, limits cgroups in the kernel, and inserts
// a throttle event for each change.

import type { EventBatch } from '../../model/batch.js'
import { addNs, type BatchNs, laterOf } from '../../model/time.js'
import { THROTTLE } from '../../schema/abi.js'
import type { CaptureSource, CaptureStats } from '../source.js'
import { captureNow } from '../source.js'
import { Numbering, type SyntheticRow } from '../synthetic-rows.js'
import { WrappedSource } from '../wrapped.js'
import type { Ceiling, Ceilings, CgroupCalls, Change, Reading } from './ceilings.js'
import { Governor } from './governor.js'
import { type Levels, UNLIMITED } from './levels.js'
import { Refresh } from './refresh.js'

/** s between two measurements */
const LOOK = 0.25
/** s to wait after a change until older events have been processed */
const PATIENCE = 5
/** s without an event after which the kernel's entry of a cgroup is freed */
const IDLE = 60
/** Number of values before those of the cgroups, and of values per cgroup: see NativeCapture.ceilings. */
const HEAD = 4
const EACH = 5
/** If a level falls below this fraction of the last one, the events that are still queued do not match the new level. */
const LOWER = 0.9

/** What the kernel side provides for ceilings. */
export interface Throttling extends CaptureSource {
  throttle(cgroup: number, how: number): void
  /** sets the most events per second of each cgroup from now on */
  limit(levels: Levels): void
  forgetCgroup(cgroup: number): void
  /** as NativeCapture.ceilings */
  ceilings(): Float64Array
  /** Records that keep threads and descriptors correct were throttled: these are to be read again. */
  missed(): void
}

/** What ksys itself uses: s of CPU time so far, and bytes of memory now. */
export interface OwnUse {
  cpu(): number
  memory(): number
}

/** What was throttled in one cgroup, or in several of the same name: events, and seconds of throttling. */
export interface ThrottledEvents {
  readonly cgroup: string
  readonly leftOut: number
  readonly lasted: number
  readonly ceilings: ReadonlySet<Ceiling>
}

interface ThrottledOptions {
  readonly ceilings: Ceilings
  /** CPUs of the machine: a capture counts as many as may ever be plugged in */
  readonly cpus: number
  readonly filtered: boolean
  readonly own: OwnUse
  /** the path of a cgroup; undefined if it was removed */
  readonly pathOf: (cgroup: number) => string | undefined
  /** called once for each ceiling that is exceeded whatever is throttled; cost: the fraction of all CPUs that the capture uses */
  readonly hopeless: (ceiling: Ceiling, cost: number) => void
}

export class ThrottledSource extends WrappedSource {
  private readonly governor: Governor
  private readonly numbering = new Numbering()
  /** the batch to deliver after inserted rows; null: the end */
  private after: EventBatch | null | undefined
  private last: Reading | undefined
  /** cost of the kernel's programs at the last reading: runs, timed runs and their ns, and the estimated s of all runs so far */
  private added = { runs: 0, timed: 0, ns: 0, seconds: 0 }
  private levels: Levels = UNLIMITED
  /** capture time (s) of the last change: events recorded before it may still be delivered */
  private changed = Number.NEGATIVE_INFINITY
  private readonly refresh: Refresh
  /** throttled events of cgroups whose entries were freed */
  private forgotten = 0
  private readonly reportedHopeless = new Set<Ceiling>()
  private readonly names = new Map<number, string>()
  /** the last time (s) at which the counts of a cgroup had grown */
  private readonly active = new Map<number, { sum: number; at: number }>()
  private readonly summary = new Map<string, { leftOut: number; lasted: number; ceilings: Set<Ceiling> }>()

  constructor(
    protected override readonly source: Throttling,
    private readonly options: ThrottledOptions,
  ) {
    super(source)
    const { cpu } = options.ceilings
    this.governor = new Governor(options.ceilings, options.cpus, options.filtered)
    this.refresh = new Refresh(cpu === undefined ? Number.POSITIVE_INFINITY : cpu * options.cpus)
    this.setLevels()
  }

  /** Ends all throttling; returns a summary of each throttled cgroup, the most affected first. Call it at the end of a run. */
  sumUpAll(): readonly ThrottledEvents[] {
    this.finish()
    return [...this.summary].map(([cgroup, sum]) => ({ cgroup, ...sum })).sort((a, b) => b.leftOut - a.leftOut)
  }

  override stats(): CaptureStats {
    const leftOut = sumOf(this.last, 'leftOut') + this.forgotten
    const stats = this.source.stats()
    return { ...stats, events: stats.events + this.numbering.added, ...(leftOut > 0 && { leftOut }) }
  }

  override async next(): Promise<EventBatch | undefined> {
    const { after } = this
    if (after !== undefined) {
      this.after = undefined
      return after === null ? undefined : this.numbering.renumber(after)
    }
    const batch = await this.source.next()
    if (batch === undefined) return this.endOfCapture()
    const now = captureNow(this.info) / 1e9
    if (this.last !== undefined && now - this.last.at < LOOK) return this.numbering.renumber(batch)
    const reading = this.read(now)
    const changes = this.look(
      reading,
      this.governor.take(reading, this.isBehind(batch, now) || this.refresh.isShowing(now)),
    )
    if (changes.length === 0) return this.numbering.renumber(batch)
    this.changed = now
    this.after = batch
    return this.throttleRows(changes, this.timeBefore(batch))
  }

  override async close(): Promise<void> {
    this.read(captureNow(this.info) / 1e9)
    await super.close()
  }

  /** Reports the end of throttling at the end of the capture. */
  private endOfCapture(): EventBatch | undefined {
    const changes = this.finish()
    if (changes.length === 0) return undefined
    this.after = null
    return this.throttleRows(changes, this.numbering.time)
  }

  /** Ends all throttling, because nothing more is delivered. */
  private finish(): Change[] {
    const changes = this.governor.end(this.read(captureNow(this.info) / 1e9))
    this.sumUp(changes)
    return changes
  }

  private throttleRows(changes: readonly Change[], time: BatchNs): EventBatch {
    const rows = changes.map((c) => this.rowOf(c))
    return this.numbering.insert(rows, time)
  }

  /** Whether events recorded before the last change are still being delivered. */
  private isBehind(batch: EventBatch, now: number): boolean {
    if (now - this.changed > PATIENCE) return false
    return batch.count > 0 && (batch.time[0] as number) / 1e9 < this.changed
  }

  private timeBefore(batch: EventBatch): BatchNs {
    return batch.count > 0
      ? (batch.time[0] as BatchNs)
      : laterOf(this.numbering.time, addNs(captureNow(this.info), -1e9))
  }

  private read(at: number): Reading {
    const { source, options } = this
    const numbers = source.ceilings()
    const [runs = 0, timed = 0, ns = 0, missed = 0] = numbers
    const cgroups = new Map<number, CgroupCalls>()
    for (let i = HEAD; i + EACH <= numbers.length; i += EACH) {
      const [cgroup = 0, recorded = 0, leftOut = 0, others = 0, othersLeftOut = 0] = numbers.subarray(i, i + EACH)
      cgroups.set(cgroup, { recorded, leftOut, others, othersLeftOut })
    }
    // nothing more is counted after the capture was closed
    if (numbers.length === 0 && this.last !== undefined) return this.last
    this.count(runs, timed, ns)
    const programs = this.added.seconds
    this.last = { at, cpu: options.own.cpu() + programs, programs, memory: options.own.memory(), cgroups }
    if (missed > 0) this.refresh.missed = true
    return this.last
  }

  /** Adds the time of the programs' runs since the last call. It is estimated from timed runs, whose cost varies from second to second. */
  private count(runs: number, timed: number, ns: number): void {
    const { added } = this
    if (timed === added.timed) return
    const each = (ns - added.ns) / (timed - added.timed)
    this.added = { runs, timed, ns, seconds: added.seconds + (each * (runs - added.runs)) / 1e9 }
  }

  /** Applies decisions in the kernel, with their consequences; returns the changes with the final counts of throttled events. */
  private look(r: Reading, decided: readonly Change[]): Change[] {
    const changes = this.applied(r, decided)
    const { source, governor, options } = this
    if (changes.some((c) => c.change === 'end')) this.refresh.ended = true
    if (this.refresh.isDue(r, governor)) source.missed()
    this.sumUp(changes)
    this.forgetIdle(this.last ?? r)
    const { hopeless } = governor
    if (hopeless !== undefined && !this.reportedHopeless.has(hopeless)) {
      this.reportedHopeless.add(hopeless)
      options.hopeless(hopeless, governor.cost / options.cpus)
    }
    return changes
  }

  private setLevels(): void {
    const { levels } = this.governor
    if (levels === this.levels) return
    this.levels = levels
    this.source.limit(levels)
  }

  private applied(r: Reading, changes: readonly Change[]): Change[] {
    const { source, governor } = this
    if (governor.levels.shown < this.levels.shown * LOWER) this.changed = r.at
    this.setLevels()
    for (const { cgroup, change, ceiling, leaves } of changes) {
      // limits by the kernel are in force already
      if (ceiling === 'max-memory')
        source.throttle(cgroup, change === 'end' ? THROTTLE.NONE : leaves === 'all' ? THROTTLE.ALL : THROTTLE.OTHERS)
    }
    if (!changes.some((c) => c.change === 'end')) return [...changes]
    // events were still throttled until the kernel received the change
    const now = this.read(r.at)
    governor.countsAtChange(now)
    return changes.map((c) => {
      if (c.change !== 'end' || governor.throttles(c.cgroup)) return c
      const more = (now.cgroups.get(c.cgroup)?.leftOut ?? 0) - (r.cgroups.get(c.cgroup)?.leftOut ?? 0)
      return { ...c, leftOut: c.leftOut + Math.max(0, more) }
    })
  }

  private sumUp(changes: readonly Change[]): void {
    for (const c of changes) {
      if (c.change !== 'end') continue
      const name = this.nameOf(c.cgroup)
      const sum = this.summary.get(name) ?? { leftOut: 0, lasted: 0, ceilings: new Set() }
      sum.leftOut += c.leftOut
      sum.lasted += c.lasted
      sum.ceilings.add(c.ceiling)
      this.summary.set(name, sum)
    }
  }

  /** Frees entries of idle cgroups: the number of entries is limited, and cgroups come and go. */
  private forgetIdle(r: Reading): void {
    const retained = new Map(r.cgroups)
    for (const [cgroup, { recorded, leftOut, others, othersLeftOut }] of r.cgroups) {
      const sum = recorded + leftOut + others + othersLeftOut
      const known = this.active.get(cgroup)
      if (known?.sum !== sum) this.active.set(cgroup, { sum, at: r.at })
      else if (r.at - known.at > IDLE && cgroup >= 0 && !this.governor.throttles(cgroup)) {
        this.source.forgetCgroup(cgroup)
        this.active.delete(cgroup)
        this.names.delete(cgroup)
        this.forgotten += leftOut
        retained.delete(cgroup)
      }
    }
    if (retained.size === r.cgroups.size) return
    this.last = { ...r, cgroups: retained }
    this.governor.countsAtChange(this.last)
  }

  private rowOf(c: Change): SyntheticRow {
    const values = [c.change, this.nameOf(c.cgroup), c.ceiling, c.leaves, c.leftOut, Math.round(c.lasted * 1e9)]
    return { event: 'throttle', values, shown: true }
  }

  private nameOf(cgroup: number): string {
    let name = this.names.get(cgroup)
    if (name === undefined) {
      name = cgroup < 0 ? 'others' : (this.options.pathOf(cgroup) ?? `cgroup ${cgroup}`)
      this.names.set(cgroup, name)
    }
    return name
  }
}

function sumOf(r: Reading | undefined, key: keyof CgroupCalls): number {
  return [...(r?.cgroups.values() ?? [])].reduce((sum, calls) => sum + calls[key], 0)
}
