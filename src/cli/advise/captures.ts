// Facts about the captures of a run that an advice depends on: what was lost, and whether anything was recorded.
import type { Losses } from '../../advise/write/gaps.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { CaptureStats } from '../../source/source.js'
import { addStats, NO_STATS } from '../../source/stats.js'

export class Captures {
  private stats: CaptureStats = NO_STATS
  private damaged = false

  /** Adds a capture that was read to its end. */
  add(run: CaptureRun): void {
    this.stats = addStats(this.stats, run.stats())
    this.damaged ||= run.source.damage.length > 0
  }

  get losses(): Losses {
    const { lost, losses, leftOut = 0 } = this.stats
    return { lost, enters: losses?.enters ?? 0, leftOut, damaged: this.damaged }
  }
}
