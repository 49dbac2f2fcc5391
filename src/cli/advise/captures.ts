// Facts about the captures of a run that an advice depends on: what was lost, and what their own filters left out.
import type { Losses } from '../../advise/write/gaps.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, FilterError, leavesOut } from '../../filter/index.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { type CaptureStats, UNKNOWN_FILTER } from '../../source/source.js'
import { addStats, NO_STATS } from '../../source/stats.js'

export class Captures {
  private stats: CaptureStats = NO_STATS
  private damaged = false
  private readonly filters = new Map<string, boolean>()

  /** subject: what the run is about; undefined: everything. */
  constructor(private readonly subject: CheckedFilter | undefined) {}

  /** Adds a capture that was read to its end. */
  add(run: CaptureRun): void {
    this.stats = addStats(this.stats, run.stats())
    this.damaged ||= run.source.damage.length > 0
    for (const { info } of run.states)
      for (const filter of info.filters ?? [])
        if (!this.filters.has(filter)) this.filters.set(filter, this.mayLeaveOut(filter))
  }

  /** The text comes from a file: this ksys may not know its fields. */
  private mayLeaveOut(filter: string): boolean {
    if (filter === UNKNOWN_FILTER) return true
    try {
      return leavesOut(checkFilter(filter, registry), this.subject)
    } catch (e) {
      if (e instanceof FilterError) return true
      throw e
    }
  }

  /** The filters that may have left out calls, sorted. */
  private get leavingOut(): string[] {
    return [...this.filters].flatMap(([filter, leaves]) => (leaves ? [filter] : [])).sort()
  }

  get losses(): Losses {
    const { lost, losses, leftOut = 0 } = this.stats
    return { lost, enters: losses?.enters ?? 0, leftOut, damaged: this.damaged, filters: this.leavingOut }
  }
}
