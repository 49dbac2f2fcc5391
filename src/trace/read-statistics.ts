// Counts the rows of a trace that were read, and has the losses recorded in its end block.
import type { Losses } from '../schema/losses.js'
import type { CaptureStats } from '../source/source.js'
import { lossesOf } from './metadata.js'
import type { Omission } from './omission.js'
import type { SkippedRows } from './skipped-rows.js'

export class ReadStatistics {
  /** rows of all blocks up to the last batch */
  events = 0
  private lost = 0
  private late = 0
  private losses: Losses | undefined
  private leftOut: number | undefined

  /** Counts rows that are not delivered. */
  pass(skipped: SkippedRows, omission: Omission | undefined): void {
    this.events += skipped.rows
    omission?.addSkipped(skipped)
  }

  /** Records the counts in the end block. */
  end(value: unknown): void {
    const { lost, late, losses, leftOut } = lossesOf(value)
    this.lost = lost ?? this.lost
    this.late = late ?? this.late
    this.losses = losses ?? this.losses
    this.leftOut = leftOut ?? this.leftOut
  }

  stats(): CaptureStats {
    const { events, lost, late, losses, leftOut } = this
    return { events, lost, late, ...(losses && { losses }), ...(leftOut && { leftOut }) }
  }
}
