// Arithmetic on what captures delivered and lost.

import type { Event } from '../model/event.js'
import { addLosses, type Losses, lossesBy, NOTHING_LOST, subtractLosses } from '../schema/losses.js'
import type { CaptureStats } from './source.js'

export const NO_STATS: CaptureStats = { events: 0, lost: 0, late: 0 }

/** The difference between two times of a run. */
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

/** The sum of both. Losses by kind are known if they are known for each that lost any. */
export function addStats(a: CaptureStats, b: CaptureStats): CaptureStats {
  const anyKnown = a.losses !== undefined || b.losses !== undefined
  const leftOut = (a.leftOut ?? 0) + (b.leftOut ?? 0)
  const [first, second] = [lossesOf(a), lossesOf(b)]
  return {
    events: a.events + b.events,
    lost: a.lost + b.lost,
    late: a.late + b.late,
    ...(anyKnown && first && second && { losses: addLosses(first, second) }),
    ...(leftOut > 0 && { leftOut }),
  }
}

/**
 * Statistics of a run, whose states had no room for this many records besides (Capacity). Where the kinds of losses are not known, `lost`
 * counts records of any kind.
 */
export function withStateLost(stats: CaptureStats, records: number): CaptureStats {
  if (records === 0) return stats
  const losses = lossesOf(stats)
  if (losses === undefined) return { ...stats, lost: stats.lost + records }
  return { ...stats, losses: { ...losses, state: losses.state + records } }
}

function lossesOf({ lost, losses }: CaptureStats): Losses | undefined {
  return losses ?? (lost === 0 ? NOTHING_LOST : undefined)
}

/** The losses that a drop event of a live capture reports. */
export function lossesIn(e: Event): Losses {
  return lossesBy((kind) => e.numberOf(kind) ?? 0)
}
