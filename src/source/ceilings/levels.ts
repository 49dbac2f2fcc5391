// How a budget of events is shared out among cgroups: none may have more than a level, which is the same for all. So those that make
// fewer calls keep them all, and the noisiest pay.

/** Events a second of one cgroup at most: of those that the filter passes, and of others. Infinity: any number. */
export interface Levels {
  readonly shown: number
  readonly others: number
}

/** Events a second that a cgroup would have. */
export interface Demand {
  readonly shown: number
  readonly others: number
}

export const UNLIMITED: Levels = { shown: Number.POSITIVE_INFINITY, others: Number.POSITIVE_INFINITY }

/** The levels at which cgroups have no more events together than the budget: what the filter passes comes first. */
export function levelsOf(demands: readonly Demand[], budget: number): Levels {
  if (budget === Number.POSITIVE_INFINITY) return UNLIMITED
  const shown = demands.map((d) => d.shown)
  const left = Math.max(0, budget - shown.reduce((sum, n) => sum + n, 0))
  return {
    shown: levelOf(shown, budget),
    others: levelOf(
      demands.map((d) => d.others),
      left,
    ),
  }
}

/** What is left where all have what they want is room for whoever wants more. */
function levelOf(demands: readonly number[], budget: number): number {
  const sorted = [...demands].sort((a, b) => a - b)
  let left = budget
  for (const [i, demand] of sorted.entries()) {
    const share = left / (sorted.length - i)
    if (demand > share) return share
    left -= demand
  }
  return (sorted.at(-1) ?? 0) + left
}
