// --max-cpu: how many events per second each cgroup may have (budget.ts, levels.ts) so that the capture uses no more than its share of
// CPU time. What it uses too much is saved in the seconds after (debt.ts).
import { firstBudget, leastBudget, nextBudget } from './budget.js'
import type { CgroupCalls, Reading } from './ceilings.js'
import { Debt } from './debt.js'
import { type Levels, levelsOf } from './levels.js'

/** s for which CPU time must exceed its limit at the lowest budget until that is reported */
const PASSED = 5

/** What happened in an interval. */
export interface Interval {
  /** s */
  readonly seconds: number
  /** CPUs used; while ksys is starting only those of its programs, since they depend on what is recorded */
  readonly cost: number
  readonly starting: boolean
  /** events per second of each cgroup that is not throttled for memory */
  readonly rates: readonly CgroupCalls[]
}

export class CpuLimit {
  /** events per second that each cgroup may have from now on */
  levels: Levels
  /** the lowest budget has exceeded the limit for some time */
  hopeless = false
  private budget: ReturnType<typeof firstBudget>
  private readonly debt: Debt
  private last: Reading | undefined
  /** s for which the cost has exceeded the limit at the lowest budget */
  private passed = 0

  /** limit: CPUs that the capture may use; calls: the limit of events per second of each cgroup */
  constructor(
    private readonly limit: number,
    private readonly calls: number,
  ) {
    this.budget = firstBudget(limit)
    this.debt = new Debt(limit)
    this.levels = levelsOf([], this.budget.rate)
  }

  /** Adds what the capture has used since the last call, also while no decision is made. */
  charge(r: Reading): void {
    const { last } = this
    if (last !== undefined) this.debt.add(r.at - last.at, r.cpu - last.cpu)
    this.last = r
  }

  /** Updates the budget, and the share of each cgroup. */
  decide({ seconds, cost, starting, rates }: Interval): void {
    const { limit, calls } = this
    const recorded = rates.reduce((sum, x) => sum + x.recorded + x.others, 0)
    const leftOut = rates.reduce((sum, x) => sum + x.leftOut + x.othersLeftOut, 0)
    const least = this.budget.rate <= leastBudget(limit)
    this.passed = least && cost > limit ? this.passed + seconds : 0
    this.hopeless = this.passed >= PASSED
    const next = nextBudget(this.budget, { cost, saved: this.debt.saved, recorded, leftOut }, limit)
    if (!starting || next.rate < this.budget.rate) this.budget = next
    const demands = rates.map((x) => ({
      shown: Math.min(calls, x.recorded + x.leftOut),
      others: Math.min(calls, x.others + x.othersLeftOut),
    }))
    this.levels = levelsOf(demands, this.budget.rate)
  }
}
