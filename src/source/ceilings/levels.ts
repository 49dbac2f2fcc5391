// Divides a budget of events among cgroups: each may have at most a level, which is the same for all. Cgroups with fewer events lose
// none; the noisiest are throttled.

/** Upper limit of events per second of one cgroup: of those that the filter passes, and of others. Infinity: no limit. */
export interface Levels {
  readonly shown: number
  readonly others: number
}

/** Events per second that a cgroup would have without a limit. */
export interface Demand {
  readonly shown: number
  readonly others: number
}

export const UNLIMITED: Levels = { shown: Number.POSITIVE_INFINITY, others: Number.POSITIVE_INFINITY }

/** The levels at which all cgroups together stay within the budget. Events that the filter passes have priority. */
export function levelsOf(demands: readonly Demand[], budget: number): Levels {
  if (budget === Number.POSITIVE_INFINITY) return UNLIMITED
  const shown = demands.map((d) => d.shown)
  const remaining = Math.max(0, budget - shown.reduce((sum, n) => sum + n, 0))
  return {
    shown: levelOf(shown, budget),
    others: levelOf(
      demands.map((d) => d.others),
      remaining,
    ),
  }
}

/** The level for one kind of events. What remains once all demands are met is added to the level, so that the noisiest cgroup may grow. */
function levelOf(demands: readonly number[], budget: number): number {
  const sorted = [...demands].sort((a, b) => a - b)
  let remaining = budget
  for (const [i, demand] of sorted.entries()) {
    const share = remaining / (sorted.length - i)
    if (demand > share) return share
    remaining -= demand
  }
  return (sorted.at(-1) ?? 0) + remaining
}
