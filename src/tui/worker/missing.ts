// What is missing of a capture, as numbers of the header.
import type { CaptureStats } from '../../source/source.js'

export interface Missing {
  /** events lost */
  readonly lost: number
  /** records lost that keep threads and descriptors correct (Losses.state) */
  readonly stateLost: number
  /** events dropped by ceilings */
  readonly leftOut: number
}

export const NOTHING_MISSING: Missing = { lost: 0, stateLost: 0, leftOut: 0 }

/** What is missing of a run, by its statistics; nothing if there is none. */
export function missingIn(stats: CaptureStats | undefined): Missing {
  const { lost = 0, losses, leftOut = 0 } = stats ?? {}
  return { lost, stateLost: losses?.state ?? 0, leftOut }
}

export function addMissing(a: Missing, b: Missing): Missing {
  return { lost: a.lost + b.lost, stateLost: a.stateLost + b.stateLost, leftOut: a.leftOut + b.leftOut }
}
