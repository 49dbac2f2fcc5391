// Arithmetic of what captures delivered and lost.
import { addLosses, type Losses, NOTHING_LOST, subtractLosses } from '../schema/losses.js'
import type { CaptureStats } from './source.js'

export const NO_STATS: CaptureStats = { events: 0, lost: 0, late: 0 }

/** What came between two moments of a run. */
export function statsSince(before: CaptureStats, now: CaptureStats): CaptureStats {
  const losses = now.losses && subtractLosses(now.losses, before.losses)
  const leftOut = (now.leftOut ?? 0) - (before.leftOut ?? 0)
  return {
    events: now.events - before.events,
    lost: now.lost - before.lost,
    late: now.late - before.late,
    ...(losses && { losses }),
    ...(leftOut > 0 && { leftOut }),
  }
}

/** What came in both; what was lost is known where it is known of each that lost any. */
export function addStats(a: CaptureStats, b: CaptureStats): CaptureStats {
  const told = a.losses !== undefined || b.losses !== undefined
  const leftOut = (a.leftOut ?? 0) + (b.leftOut ?? 0)
  const [of, more] = [lossesOf(a), lossesOf(b)]
  return {
    events: a.events + b.events,
    lost: a.lost + b.lost,
    late: a.late + b.late,
    ...(told && of && more && { losses: addLosses(of, more) }),
    ...(leftOut > 0 && { leftOut }),
  }
}

function lossesOf({ lost, losses }: CaptureStats): Losses | undefined {
  return losses ?? (lost === 0 ? NOTHING_LOST : undefined)
}
