// Decides which cgroups are throttled so that a capture stays below its ceilings: the noisiest first, and no more of them than it
// takes. Each ends by itself when its calls would fit again.
import type { Ceiling, Ceilings, CgroupCalls, Change, Reading } from './ceilings.js'
import { ThrottledCgroups } from './throttled.js'

/** s: costs are means over so long a time at most, and at least */
const WINDOW = 1
const ENOUGH = 0.45
/** Something is done from this part of the ceiling on: costs come in bursts. */
const OVER = 1.1
/** Events a second that tell what an event costs; fewer cost little beside all else that ksys does. */
const TELLING = 2000
/** What is aimed at, as a part of a ceiling; memory is short above, and there is room again below. */
const AIM = 0.85
const SHORT = 0.9
const ROOM = 0.75
/** s that caches, which are given up first, have to bring something */
const GIVEN = 4
/** s without an event above the limit of the kernel after which it is over */
const QUIET = 1.5

const NOTHING: CgroupCalls = { recorded: 0, leftOut: 0, state: 0 }

/** What a cgroup did within the window: events a second. */
interface Rate {
  readonly cgroup: number
  readonly recorded: number
  readonly leftOut: number
}

export class Governor {
  /** the one that is passed though nothing is left that would help to leave out */
  hopeless: Ceiling | undefined
  private readonly throttled = new ThrottledCgroups()
  private readings: Reading[] = []
  /** what had been counted when the kernel's own limit was last looked at: at first the capture's start */
  private counted: Pick<Reading, 'at' | 'cgroups'> = { at: 0, cgroups: new Map() }
  /** s of CPU time of one event, about */
  private eachCost = Number.POSITIVE_INFINITY
  /** CPUs and events a second when cgroups were last throttled, until it shows what that has brought */
  private before: { readonly cost: number; readonly recorded: number } | undefined
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
    if (behind) this.readings = []
    this.readings.push(r)
    // two always: who takes events slowly lets more time pass between them
    while (this.readings.length > 2 && r.at - (this.readings[0] as Reading).at > WINDOW) this.readings.shift()
    const first = this.readings[0] as Reading
    if (r.at - first.at < ENOUGH) return limited
    const changes = this.weighed(first, r)
    if (changes.length > 0) this.readings = []
    return [...limited, ...changes]
  }

  /** What came to be counted until a decision had reached the kernel. */
  reached(r: Reading): void {
    this.counted = r
  }

  /** Of some cgroup what the filter passes is recorded while the rest is left out, which tells of its descriptors. */
  get leavesSome(): boolean {
    return [...this.throttled.entries()].some(([, { leaves }]) => leaves === 'others')
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

  /** What the costs of the time between two readings ask for. */
  private weighed(first: Reading, r: Reading): Change[] {
    const cost = (r.cpu - first.cpu) / (r.at - first.at)
    const rates = ratesOf(first, r)
    this.learn(cost, rates)
    const most = (this.ceilings.cpu ?? Number.POSITIVE_INFINITY) * this.cpus
    const { memory = Number.POSITIVE_INFINITY } = this.ceilings
    if (cost > most * OVER) return this.throttle('max-cpu', rates, r, cost, most)
    if (r.memory <= memory * SHORT) this.shortSince = undefined
    else {
      this.shortSince ??= r.at
      if (r.at - this.shortSince < GIVEN) return []
      // one after the other: what one has brought shows later
      this.shortSince = r.at
      return this.throttle('max-memory', rates, r, cost, cost)
    }
    this.hopeless = undefined
    return this.released(rates, r, most * AIM - cost, r.memory <= memory * ROOM)
  }

  /**
   * What an event costs: at most all that there was of costs, for each that was recorded; and what came to be saved when fewer were.
   * Other costs are in both, so the least that was found is nearest to the truth. It is found anew while nobody is throttled: other
   * calls may be made than before, which cost more.
   */
  private learn(cost: number, rates: readonly Rate[]): void {
    const { before } = this
    const all = recordedIn(rates)
    if (this.throttled.size === 0) this.eachCost = Number.POSITIVE_INFINITY
    if (all > TELLING) this.eachCost = Math.min(this.eachCost, cost / all)
    if (before !== undefined && before.recorded - all > TELLING && before.cost > cost)
      this.eachCost = Math.min(this.eachCost, (before.cost - cost) / (before.recorded - all))
    this.before = undefined
  }

  /**
   * Throttles the noisiest until the cost (CPUs) would be well below `most`, one at least. Nobody where all together would not bring
   * it there: then what they do is not what costs.
   */
  private throttle(ceiling: Ceiling, rates: readonly Rate[], r: Reading, cost: number, most: number): Change[] {
    const all = recordedIn(rates)
    const eachCost = Number.isFinite(this.eachCost) ? this.eachCost : 0
    const noisiest = rates.filter((x) => x.recorded > 0).sort((a, b) => b.recorded - a.recorded)
    const passed = ceiling === 'max-cpu' || r.memory > (this.ceilings.memory ?? 0)
    const useless = noisiest.length === 0 || all * eachCost < cost - most
    this.hopeless = useless && passed ? ceiling : undefined
    if (useless) return []
    const changes: Change[] = []
    this.before = { cost, recorded: all }
    let saved = 0
    for (const { cgroup, recorded } of noisiest) {
      if (changes.length > 0 && cost - saved <= most * AIM) break
      saved += recorded * eachCost
      const leaves = this.filtered && this.throttled.get(cgroup) === undefined ? 'others' : 'all'
      const calls = r.cgroups.get(cgroup) ?? NOTHING
      const ended = this.throttled.end(cgroup, r.at, calls)
      if (ended !== undefined) changes.push(ended)
      changes.push(this.throttled.begin(cgroup, r.at, { ceiling, leaves, before: calls, eachCost }))
    }
    return changes
  }

  /** Ends what fits into the room (CPUs) that there is, the quietest first; memory: there is room of it, too. */
  private released(rates: readonly Rate[], r: Reading, room: number, memory: boolean): Change[] {
    const rateOf = new Map(rates.map((x) => [x.cgroup, x]))
    const may = [...this.throttled.entries()]
      .filter(([, t]) => t.ceiling === 'max-cpu' || (t.ceiling === 'max-memory' && memory))
      .filter(([, t]) => r.at - t.since >= t.least)
      .map(([cgroup, t]) => ({ cgroup, needs: (rateOf.get(cgroup)?.leftOut ?? 0) * t.eachCost }))
      .sort((a, b) => a.needs - b.needs)
    const changes: Change[] = []
    let left = room
    for (const { cgroup, needs } of may) {
      left -= needs
      if (left < 0) break
      const ended = this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup))
      if (ended !== undefined) changes.push(ended)
    }
    return changes
  }

  /** Those that the kernel itself has begun or ceased to limit to `calls` a second. */
  private limited(r: Reading): Change[] {
    const { counted } = this
    this.counted = r
    if (this.ceilings.calls === undefined) return []
    const changes: Change[] = []
    for (const [cgroup, calls] of r.cgroups) {
      const before = counted.cgroups.get(cgroup) ?? NOTHING
      if (calls.leftOut + calls.state === before.leftOut + before.state) continue
      const t = this.throttled.get(cgroup)
      if (t !== undefined && t.ceiling !== 'max-calls') continue
      this.limitedAt.set(cgroup, r.at)
      if (t !== undefined) continue
      const how = { ceiling: 'max-calls', leaves: 'all', before, eachCost: 0 } as const
      changes.push(this.throttled.begin(cgroup, counted.at, how))
    }
    for (const [cgroup, at] of this.limitedAt) {
      if (r.at - at < QUIET) continue
      this.limitedAt.delete(cgroup)
      const t = this.throttled.get(cgroup)
      if (t?.ceiling !== 'max-calls') continue
      const ended = this.throttled.end(cgroup, r.at, r.cgroups.get(cgroup))
      if (ended !== undefined) changes.push(ended)
    }
    return changes
  }
}

function ratesOf(first: Reading, last: Reading): Rate[] {
  const seconds = last.at - first.at
  return [...last.cgroups].map(([cgroup, calls]) => {
    const before = first.cgroups.get(cgroup) ?? NOTHING
    return {
      cgroup,
      recorded: Math.max(0, calls.recorded - before.recorded) / seconds,
      leftOut: Math.max(0, calls.leftOut - before.leftOut) / seconds,
    }
  })
}

function recordedIn(rates: readonly Rate[]): number {
  return rates.reduce((sum, { recorded }) => sum + recorded, 0)
}
