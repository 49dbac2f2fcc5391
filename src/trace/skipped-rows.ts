// Counts of rows in blocks that are skipped.
import { type BatchNs, batchNs, laterOf } from '../model/time.js'
import type { BlockHeader } from './format.js'

export interface SkippedRows {
  readonly rows: number
  /** number of visible ones among them, as far as known */
  readonly shown: number
  /** batch time (ns) of the last one */
  readonly lastTime: BatchNs
}

export function noneSkipped(): SkippedRows {
  return { rows: 0, shown: 0, lastTime: batchNs(0) }
}

export function addSkipped(a: SkippedRows, b: SkippedRows): SkippedRows {
  return { rows: a.rows + b.rows, shown: a.shown + b.shown, lastTime: laterOf(a.lastTime, b.lastTime) }
}

/** The counts of a complete block; stateShown: number of visible rows in its state section. */
export function skippedIn({ stateRows, restRows, timeMax }: BlockHeader, stateShown: number | undefined): SkippedRows {
  return { rows: stateRows + restRows, shown: restRows + (stateShown ?? 0), lastTime: timeMax }
}
