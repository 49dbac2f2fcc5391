// Rows of blocks that a reading passes over: they are counted, not looked at.
import type { BlockHeader } from './format.js'

export interface SkippedRows {
  readonly rows: number
  /** those of them that may be shown, as far as that is known */
  readonly shown: number
  /** batch time (ns) of the last one */
  readonly lastTime: number
}

export function noneSkipped(): SkippedRows {
  return { rows: 0, shown: 0, lastTime: 0 }
}

export function addSkipped(a: SkippedRows, b: SkippedRows): SkippedRows {
  return { rows: a.rows + b.rows, shown: a.shown + b.shown, lastTime: Math.max(a.lastTime, b.lastTime) }
}

/** A whole block; stateShown: those of its rows that keep the state true and may be shown. */
export function skippedIn({ stateRows, restRows, timeMax }: BlockHeader, stateShown: number | undefined): SkippedRows {
  return { rows: stateRows + restRows, shown: restRows + (stateShown ?? 0), lastTime: timeMax }
}
