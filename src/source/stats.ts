// Arithmetic of what captures delivered and lost.
import { subtractLosses } from '../schema/losses.js'
import type { CaptureStats } from './source.js'

export const NO_STATS: CaptureStats = { events: 0, lost: 0, late: 0 }

/** What came between two moments of a run. */
export function statsSince(before: CaptureStats, now: CaptureStats): CaptureStats {
  const losses = now.losses && subtractLosses(now.losses, before.losses)
  return {
    events: now.events - before.events,
    lost: now.lost - before.lost,
    late: now.late - before.late,
    ...(losses && { losses }),
  }
}
