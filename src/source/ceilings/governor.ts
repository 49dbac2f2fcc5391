// Decides which events are throttled so that a capture stays below its limits. For CPU time it sets how many events each cgroup may
// have (cpu-limit.ts); for memory it drops all events of whole cgroups, the noisiest first. It reports when throttling of a
// cgroup starts and ends.
import type { Ceiling, Ceilings, CgroupCalls, Change, Reading } from './ceilings.js'
import { CpuLimit, type Interval } from './cpu-limit.js'
import { type Levels, UNLIMITED } from './levels.js'
import { ThrottledCgroups } from './throttled.js'

/** s between two decisions */
const STEP = 1
/** The same in the first seconds of a capture: then only the programs' cost decides, because ksys itself is still starting. */
const FIRST_STEP = 0.2
const FIRST = 2
/** Fractions of the memory limit: memory is short above SHORT, and throttling ends below ROOM. */
const SHORT = 0.9
const ROOM = 0.75
/** s to wait for the effect of freeing caches, which are freed first */
const GIVEN = 4
/** s without an event above a limit in the kernel after which throttling by the kernel has ended */
const QUIET = 1.5

const NOTHING: CgroupCalls = { recorded: 0, leftOut: 0, others: 0, othersLeftOut: 0 }

/** What a cgroup did in an interval, in events per second. */
interface Rate extends CgroupCalls {
  readonly cgroup: number
}

export class Governor {
  /** the limit that is exceeded although nothing is left to throttle */
  hopeless: Ceiling | undefined
  /** CPUs that the capture used in the last interval */
  cost = 0
  private readonly throttled = new ThrottledCgroups()
  /** start of the interval over which the cost is measured */
  private first: Reading | undefined
  /** the counts when limits in the kernel were last checked; initially the start of the capture */
  private counted: Pick<Reading, 'at' | 'cgroups'> = { at: 0, cgroups: new Map() }
  private readonly cpuLimit: CpuLimit | undefined
  /** capture time (s) since which memory is short */
  private shortSince: number | undefined
  /** for cgroups limited by the kernel: when an event was last throttled (s) */
  private readonly limitedAt = new Map<number, number>()

  /** cpus: of the machine; filtered: some events do not pass the filter, and these can be throttled first. */
  constructor(
    private readonly ceilings: Ceilings,
    cpus: number,
    private readonly filtered: boolean,
  ) {
    const { cpu, calls = Number.POSITIVE_INFINITY } = ceilings
    if (cpu !== undefined) this.cpuLimit = new CpuLimit(cpu * cpus, calls)
  }

  /** events per second that each cgroup may have from now on */
  get levels(): Levels {
    return this.cpuLimit?.levels ?? UNLIMITED
  }

  /** Returns the changes to make. behind: events recorded before the last change are still being processed, so the cost is not meaningful. */
  take(r: Reading, behind: boolean): Change[] {
    const limited = this.limited(r)
    this.cpuLimit?.charge(r)
    if (behind || this.first === undefined) this.first = r
    const { first } = this
    const seconds = r.at - first.at
    const starting = first.at < FIRST
    if (seconds < (starting ? FIRST_STEP : STEP)) return limited
    this.first = r
    const rates = ratesOf(first, r)
    this.cost = (r.cpu - first.cpu) / seconds
    const cost = starting ? (r.programs - first.programs) / seconds : this.cost
    const counted = rates.filter(({ cgroup }) => this.throttled.get(cgroup)?.ceiling !== 'max-memory')
    this.limitCpu({ seconds, cost, starting, rates: counted })
    return [...limited, ...this.limitMemory(rates, r)]
  }

  /** Sets the counts at the time when a decision took effect in the kernel. */
  countsAtChange(r: Reading): void {
    this.counted = r
  }

  /** Whether some cgroup is recorded in part: its recorded events change descriptors while others are throttled. */
  get leavesSome(): boolean {
    return [...this.throttled.entries()].some(([, t]) => t.leaves === 'others' || t.ceiling !== 'max-memory')
  }

  throttles(cgroup: number): boolean {
    return this.throttled.get(cgroup) !== undefined
  }

  /** Ends all throttling, including limits that the kernel has applied until now. */
  end(r: Reading): Change[] {
    const limited = this.limited(r)
    const ended = [...this.throttled.entries()].flatMap(
      ([cgroup]) => this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup)) ?? [],
    )
    return [...limited, ...ended]
  }

  private limitCpu(interval: Interval): void {
    const { cpuLimit } = this
    if (cpuLimit === undefined) return
    cpuLimit.decide(interval)
    if (cpuLimit.hopeless) this.hopeless = 'max-cpu'
    else if (this.hopeless === 'max-cpu') this.hopeless = undefined
  }

  /** --max-memory: drops one more cgroup at a time while memory is short, because the effect of each shows later. */
  private limitMemory(rates: readonly Rate[], r: Reading): Change[] {
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
    return this.throttleAs(cgroup, r.at, { ceiling: 'max-memory', leaves, before: r.cgroups.get(cgroup) ?? NOTHING }, r)
  }

  /** Ends throttling for memory. */
  private released(r: Reading): Change[] {
    return [...this.throttled.entries()]
      .filter(([, t]) => t.ceiling === 'max-memory' && r.at - t.since >= t.least)
      .flatMap(([cgroup]) => this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup)) ?? [])
  }

  /** Cgroups that the kernel itself has started or stopped limiting to a level or to a number of calls per second. */
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
      changes.push(...this.throttleAs(cgroup, counted.at, { ceiling: this.limiting(leaves), leaves, before }, r))
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

  /** The ceiling for which the kernel currently limits cgroups. */
  private limiting(leaves: Change['leaves']): Ceiling {
    const { calls } = this.ceilings
    const level = leaves === 'all' ? this.levels.shown : this.levels.others
    return calls === undefined || level < calls ? 'max-cpu' : 'max-calls'
  }

  /** Changes how a cgroup is throttled. */
  private throttleAs(cgroup: number, at: number, how: Parameters<ThrottledCgroups['start']>[2], r: Reading): Change[] {
    const ended = this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup))
    const started = this.throttled.start(cgroup, at, how)
    return ended === undefined ? [started] : [ended, started]
  }
}

function ratesOf(first: Reading, last: Reading): Rate[] {
  const seconds = last.at - first.at
  return [...last.cgroups].map(([cgroup, calls]) => {
    const before = first.cgroups.get(cgroup) ?? NOTHING
    const rate = (key: keyof CgroupCalls) => Math.max(0, calls[key] - before[key]) / seconds
    return {
      cgroup,
      recorded: rate('recorded'),
      leftOut: rate('leftOut'),
      others: rate('others'),
      othersLeftOut: rate('othersLeftOut'),
    }
  })
}
