// A live capture that stays below ceilings: it looks a few times a second what it costs, limits cgroups in the kernel, and tells
// of each change among the events.
import type { EventBatch } from '../../model/batch.js'
import { THROTTLE } from '../../schema/abi.js'
import { captureNow } from '../now.js'
import type { CaptureSource, CaptureStats } from '../source.js'
import { Numbering, type SyntheticRow } from '../synthetic-rows.js'
import { WrappedSource } from '../wrapped.js'
import type { Ceiling, Ceilings, CgroupCalls, Change, Reading } from './ceilings.js'
import { Governor } from './governor.js'
import { type Levels, UNLIMITED } from './levels.js'
import { Refresh } from './refresh.js'

/** s between two looks */
const LOOK = 0.25
/** s that beginning a capture takes, which is not the cost of what it records */
const SETTLES = 1
/** s for which work that is behind is waited for after a change */
const PATIENCE = 5
/** s without an event after which the kernel's entry of a cgroup is given back */
const IDLE = 60
/** Numbers in front of those of cgroups, and those of each: see NativeCapture.ceilings. */
const HEAD = 4
const EACH = 5
/** A level that is lower than this part of the last one leaves work behind that was begun with that. */
const LOWER = 0.9

/** What the kernel side does for ceilings. */
export interface Throttling extends CaptureSource {
  throttle(cgroup: number, how: number): void
  /** events a second of each cgroup from now on, at most */
  limit(levels: Levels): void
  forgetCgroup(cgroup: number): void
  /** as NativeCapture.ceilings */
  ceilings(): Float64Array
  /** Records that keep threads and descriptors true were left out: these are read anew. */
  missed(): void
}

/** What ksys itself uses: s of CPU time so far, and bytes of its own memory now. */
export interface OwnUse {
  cpu(): number
  memory(): number
}

/** What was left out of a cgroup, or of several: events, and the s for which it was throttled. */
export interface ThrottledEvents {
  readonly cgroup: string
  readonly leftOut: number
  readonly lasted: number
  readonly ceilings: ReadonlySet<Ceiling>
}

export interface ThrottledOptions {
  readonly ceilings: Ceilings
  /** CPUs that the machine has: a capture has as many as may ever be plugged in */
  readonly cpus: number
  readonly filtered: boolean
  readonly own: OwnUse
  /** the path of a cgroup, undefined where it is gone */
  readonly pathOf: (cgroup: number) => string | undefined
  /** to be told, once: that a ceiling does not hold, whatever is left out; cost: the part of all CPUs that the capture takes */
  readonly hopeless: (ceiling: Ceiling, cost: number) => void
}

export class ThrottledSource extends WrappedSource {
  private readonly governor: Governor
  private readonly numbering = new Numbering()
  /** the batch behind rows that were put in before it; null: the end */
  private after: EventBatch | null | undefined
  private last: Reading | undefined
  /** of the kernel's programs, at the last reading: runs, those that were timed, their ns, and s of all runs so far */
  private added = { runs: 0, timed: 0, ns: 0, seconds: 0 }
  private levels: Levels = UNLIMITED
  /** when the first batch came (s) */
  private begun: number | undefined
  /** capture time (s) up to which what is delivered was recorded before the last change */
  private changed = Number.NEGATIVE_INFINITY
  private readonly refresh: Refresh
  /** what was left out of cgroups whose entries were given back */
  private forgotten = 0
  private readonly toldHopeless = new Set<Ceiling>()
  private readonly names = new Map<number, string>()
  /** when the calls of a cgroup were last seen to become more (s) */
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
  }

  /** Ends what is throttled; of each cgroup that was, those first that most was left out of. To be asked at the end of a run. */
  sumUpAll(): readonly ThrottledEvents[] {
    this.finish()
    return [...this.summary].map(([cgroup, of]) => ({ cgroup, ...of })).sort((a, b) => b.leftOut - a.leftOut)
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
      return after === null ? undefined : this.numbering.passed(after)
    }
    const batch = await this.source.next()
    if (batch === undefined) return this.ended()
    const now = captureNow(this.info) / 1e9
    this.begun ??= now
    if (now - this.begun < SETTLES || (this.last !== undefined && now - this.last.at < LOOK))
      return this.numbering.passed(batch)
    const reading = this.read(now)
    const changes = this.look(
      reading,
      this.governor.take(reading, this.isBehind(batch, now) || this.refresh.isShowing(now)),
    )
    if (changes.length === 0) return this.numbering.passed(batch)
    this.changed = now
    this.after = batch
    return this.made(changes, this.timeBefore(batch))
  }

  override async close(): Promise<void> {
    this.read(captureNow(this.info) / 1e9)
    await super.close()
  }

  /** Tells what is throttled at the end. */
  private ended(): EventBatch | undefined {
    const changes = this.finish()
    if (changes.length === 0) return undefined
    this.after = null
    return this.made(changes, this.numbering.time)
  }

  /** Ends what is throttled, as nothing more is delivered. */
  private finish(): Change[] {
    const changes = this.governor.end(this.read(captureNow(this.info) / 1e9))
    this.sumUp(changes)
    return changes
  }

  private made(changes: readonly Change[], time: number): EventBatch {
    const rows = changes.map((c) => this.rowOf(c))
    return this.numbering.made(rows, time)
  }

  /** Events from before the last change still come. */
  private isBehind(batch: EventBatch, now: number): boolean {
    if (now - this.changed > PATIENCE) return false
    return batch.count > 0 && (batch.time[0] as number) / 1e9 < this.changed
  }

  private timeBefore(batch: EventBatch): number {
    return batch.count > 0 ? (batch.time[0] as number) : Math.max(this.numbering.time, captureNow(this.info) - 1e9)
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
    // nothing more is counted once the capture is closed
    if (numbers.length === 0 && this.last !== undefined) return this.last
    this.count(runs, timed, ns)
    this.last = { at, cpu: options.own.cpu() + this.added.seconds, memory: options.own.memory(), cgroups }
    if (missed > 0) this.refresh.missed = true
    return this.last
  }

  /** Adds what the programs took since they were last looked at: runs differ from one second to the next. */
  private count(runs: number, timed: number, ns: number): void {
    const { added } = this
    if (timed === added.timed) return
    const each = (ns - added.ns) / (timed - added.timed)
    this.added = { runs, timed, ns, seconds: added.seconds + (each * (runs - added.runs)) / 1e9 }
  }

  /** Does in the kernel what was decided, and what follows from it; returns the changes with all that was left out until then. */
  private look(r: Reading, decided: readonly Change[]): Change[] {
    const changes = this.done(r, decided)
    const { source, governor, options } = this
    if (changes.some((c) => c.change === 'end')) this.refresh.ended = true
    if (this.refresh.isDue(r, governor)) source.missed()
    this.sumUp(changes)
    this.forgetIdle(this.last ?? r)
    const { hopeless } = governor
    if (hopeless !== undefined && !this.toldHopeless.has(hopeless)) {
      this.toldHopeless.add(hopeless)
      options.hopeless(hopeless, governor.cost / options.cpus)
    }
    return changes
  }

  private done(r: Reading, changes: readonly Change[]): Change[] {
    const { source, governor } = this
    if (governor.levels !== this.levels) {
      if (governor.levels.shown < this.levels.shown * LOWER) this.changed = r.at
      this.levels = governor.levels
      source.limit(this.levels)
    }
    for (const { cgroup, change, ceiling, leaves } of changes) {
      // what the kernel limits it has limited already
      if (ceiling === 'max-memory')
        source.throttle(cgroup, change === 'end' ? THROTTLE.NONE : leaves === 'all' ? THROTTLE.ALL : THROTTLE.OTHERS)
    }
    if (!changes.some((c) => c.change === 'end')) return [...changes]
    // calls went on being left out until the kernel was told
    const now = this.read(r.at)
    governor.reached(now)
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

  /** There are so many entries, and cgroups come and go. */
  private forgetIdle(r: Reading): void {
    const kept = new Map(r.cgroups)
    for (const [cgroup, { recorded, leftOut, others, othersLeftOut }] of r.cgroups) {
      const sum = recorded + leftOut + others + othersLeftOut
      const known = this.active.get(cgroup)
      if (known?.sum !== sum) this.active.set(cgroup, { sum, at: r.at })
      else if (r.at - known.at > IDLE && cgroup >= 0 && !this.governor.throttles(cgroup)) {
        this.source.forgetCgroup(cgroup)
        this.active.delete(cgroup)
        this.names.delete(cgroup)
        this.forgotten += leftOut
        kept.delete(cgroup)
      }
    }
    if (kept.size === r.cgroups.size) return
    this.last = { ...r, cgroups: kept }
    this.governor.reached(this.last)
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

function sumOf(r: Reading | undefined, of: keyof CgroupCalls): number {
  return [...(r?.cgroups.values() ?? [])].reduce((sum, calls) => sum + calls[of], 0)
}
