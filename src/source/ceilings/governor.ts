// Decides what is left out so that a capture stays below its ceilings. For CPU time it says how many events each cgroup may have
// (budget.ts, levels.ts); for memory it leaves out cgroups altogether, the noisiest first. It tells since when, and until when,
// something of a cgroup is left out.
import { leastBudget, NO_BUDGET, nextBudget, STEP } from './budget.js'
import type { Ceiling, Ceilings, CgroupCalls, Change, Reading } from './ceilings.js'
import { type Levels, levelsOf, UNLIMITED } from './levels.js'
import { ThrottledCgroups } from './throttled.js'

/** Memory is short above this part of its ceiling, and there is room again below that one. */
const SHORT = 0.9
const ROOM = 0.75
/** s that caches, which are given up first, have to bring something */
const GIVEN = 4
/** s without an event above a limit in the kernel after which that is over */
const QUIET = 1.5
/** s for which CPU time has to stay above its ceiling with the least budget until that is told */
const PASSED = 5

const NOTHING: CgroupCalls = { recorded: 0, leftOut: 0, others: 0, othersLeftOut: 0 }

/** What a cgroup did in a while: events a second. */
interface Rate extends CgroupCalls {
  readonly cgroup: number
}

export class Governor {
  /** the one that is passed though nothing is left that would help to leave out */
  hopeless: Ceiling | undefined
  /** how many events a cgroup may have from now on */
  levels: Levels = UNLIMITED
  /** CPUs that the capture took of late */
  cost = 0
  private readonly throttled = new ThrottledCgroups()
  /** since when costs are measured */
  private first: Reading | undefined
  /** what had been counted when limits in the kernel were last looked at: at first the capture's start */
  private counted: Pick<Reading, 'at' | 'cgroups'> = { at: 0, cgroups: new Map() }
  /** of all cgroups together */
  private budget = NO_BUDGET
  /** s for which the least budget has not been little enough */
  private passed = 0
  /** s since which memory is short */
  private shortSince: number | undefined
  /** of those that the kernel limits: when it last left out something (s) */
  private readonly limitedAt = new Map<number, number>()

  /** cpus: of the machine; filtered: there are events that the filter does not pass, which can be left out first. */
  constructor(
    private readonly ceilings: Ceilings,
    private readonly cpus: number,
    private readonly filtered: boolean,
  ) {}

  /** What is to change. behind: what was recorded before the last change is still being worked on, so costs tell nothing. */
  take(r: Reading, behind: boolean): Change[] {
    const limited = this.limited(r)
    if (behind || this.first === undefined) this.first = r
    const { first } = this
    if (r.at - first.at < STEP) return limited
    this.first = r
    const rates = ratesOf(first, r)
    this.cost = (r.cpu - first.cpu) / (r.at - first.at)
    this.share(rates, r.at - first.at)
    return [...limited, ...this.remembered(rates, r)]
  }

  /** What came to be counted until a decision had reached the kernel. */
  reached(r: Reading): void {
    this.counted = r
  }

  /** A part of some cgroup's events is recorded and tells of its descriptors, the rest is left out. */
  get leavesSome(): boolean {
    return [...this.throttled.entries()].some(([, t]) => t.leaves === 'others' || t.ceiling !== 'max-memory')
  }

  throttles(cgroup: number): boolean {
    return this.throttled.get(cgroup) !== undefined
  }

  /** Ends all that is throttled, and what the kernel has limited until now. */
  end(r: Reading): Change[] {
    const limited = this.limited(r)
    const ended = [...this.throttled.entries()].flatMap(
      ([cgroup]) => this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup)) ?? [],
    )
    return [...limited, ...ended]
  }

  /** --max-cpu: how many events fit, and how many each cgroup may have of them. */
  private share(rates: readonly Rate[], seconds: number): void {
    const { cost } = this
    const { cpu, calls = Number.POSITIVE_INFINITY } = this.ceilings
    if (cpu === undefined) return
    const limit = cpu * this.cpus
    const counted = rates.filter(({ cgroup }) => this.throttled.get(cgroup)?.ceiling !== 'max-memory')
    const recorded = counted.reduce((sum, x) => sum + x.recorded + x.others, 0)
    const leftOut = counted.reduce((sum, x) => sum + x.leftOut + x.othersLeftOut, 0)
    const least = this.budget.rate <= leastBudget(limit)
    this.passed = least && cost > limit ? this.passed + seconds : 0
    if (this.passed >= PASSED) this.hopeless = 'max-cpu'
    else if (this.hopeless === 'max-cpu') this.hopeless = undefined
    this.budget = nextBudget(this.budget, { cost, recorded, leftOut }, limit)
    const demands = counted.map((x) => ({
      shown: Math.min(calls, x.recorded + x.leftOut),
      others: Math.min(calls, x.others + x.othersLeftOut),
    }))
    this.levels = levelsOf(demands, this.budget.rate)
  }

  /** --max-memory: one cgroup after the other is left out while memory is short, as what one has brought shows later. */
  private remembered(rates: readonly Rate[], r: Reading): Change[] {
    const { memory } = this.ceilings
    if (memory === undefined) return []
    if (r.memory <= memory * SHORT) {
      this.shortSince = undefined
      if (this.hopeless === 'max-memory') this.hopeless = undefined
      return r.memory <= memory * ROOM ? this.released(r) : []
    }
    this.shortSince ??= r.at
    if (r.at - this.shortSince < GIVEN) return []
    this.shortSince = r.at
    const noisiest = rates
      .filter((x) => x.recorded + x.others > 0)
      .sort((a, b) => b.recorded + b.others - a.recorded - a.others)[0]
    if (noisiest !== undefined) return this.throttle(noisiest.cgroup, r)
    if (r.memory > memory) this.hopeless = 'max-memory'
    return []
  }

  private throttle(cgroup: number, r: Reading): Change[] {
    const last = this.throttled.get(cgroup)
    const leaves = this.filtered && last?.ceiling !== 'max-memory' ? 'others' : 'all'
    return this.begun(cgroup, r.at, { ceiling: 'max-memory', leaves, before: r.cgroups.get(cgroup) ?? NOTHING }, r)
  }

  /** Ends what was throttled for memory. */
  private released(r: Reading): Change[] {
    return [...this.throttled.entries()]
      .filter(([, t]) => t.ceiling === 'max-memory' && r.at - t.since >= t.least)
      .flatMap(([cgroup]) => this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup)) ?? [])
  }

  /** Those that the kernel itself has begun or ceased to limit to a level, or to so many calls a second. */
  private limited(r: Reading): Change[] {
    const { counted } = this
    this.counted = r
    const changes: Change[] = []
    for (const [cgroup, calls] of r.cgroups) {
      const before = counted.cgroups.get(cgroup) ?? NOTHING
      const shown = calls.leftOut > before.leftOut
      const t = this.throttled.get(cgroup)
      if ((!shown && calls.othersLeftOut <= before.othersLeftOut) || t?.ceiling === 'max-memory') continue
      this.limitedAt.set(cgroup, r.at)
      if (t !== undefined && (t.leaves === 'all' || !shown)) continue
      const leaves = shown ? 'all' : 'others'
      changes.push(...this.begun(cgroup, counted.at, { ceiling: this.limiting(leaves), leaves, before }, r))
    }
    for (const [cgroup, at] of this.limitedAt) {
      if (r.at - at < QUIET) continue
      this.limitedAt.delete(cgroup)
      const t = this.throttled.get(cgroup)
      if (t === undefined || t.ceiling === 'max-memory') continue
      const ended = this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup))
      if (ended !== undefined) changes.push(ended)
    }
    return changes
  }

  /** The ceiling for which the kernel limits cgroups just now. */
  private limiting(leaves: Change['leaves']): Ceiling {
    const { calls } = this.ceilings
    const level = leaves === 'all' ? this.levels.shown : this.levels.others
    return calls === undefined || level < calls ? 'max-cpu' : 'max-calls'
  }

  /** A cgroup is throttled in another way than before. */
  private begun(cgroup: number, at: number, how: Parameters<ThrottledCgroups['begin']>[2], r: Reading): Change[] {
    const ended = this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup))
    const begun = this.throttled.begin(cgroup, at, how)
    return ended === undefined ? [begun] : [ended, begun]
  }
}

function ratesOf(first: Reading, last: Reading): Rate[] {
  const seconds = last.at - first.at
  return [...last.cgroups].map(([cgroup, calls]) => {
    const before = first.cgroups.get(cgroup) ?? NOTHING
    const rate = (of: keyof CgroupCalls) => Math.max(0, calls[of] - before[of]) / seconds
    return {
      cgroup,
      recorded: rate('recorded'),
      leftOut: rate('leftOut'),
      others: rate('others'),
      othersLeftOut: rate('othersLeftOut'),
    }
  })
}
