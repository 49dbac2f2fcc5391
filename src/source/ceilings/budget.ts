// How many events per second may be recorded so that a capture costs what --max-cpu allows. A controller without a cost model:
// new budget = recorded events * target cost / measured cost. This holds for any cost per event; the fixed cost of ksys itself and
// the cost of counting throttled events only make it converge in more steps. A single expensive second proves nothing: a container
// may be starting, or existing processes and descriptors are being read again.

/** What a capture used, and how many events were recorded or throttled, in about one second. */
interface Use {
  /** CPUs used by ksys and its programs in the kernel together */
  readonly cost: number
  /** CPUs to stay below the target, because earlier seconds used too much: see debt.ts */
  readonly saved: number
  /** events per second */
  readonly recorded: number
  readonly leftOut: number
}

/** What is known about the cost so far. */
interface Budget {
  /** target of events per second */
  readonly rate: number
  /** consecutive seconds above the limit */
  readonly above: number
  /** by which the events of the last second should be multiplied to meet the target cost */
  readonly factor: number
}

/** Target cost as a fraction of the limit: where half or more of the events are throttled, and where nearly all fit. */
const AIM = 0.86
const AIM_ALL = 0.96
/** Exponent that damps a step towards the value of the last second, and the bounds of a step. */
const GAIN = 0.85
const LOWEST = 0.75
const HIGHEST = 2
/** After this many consecutive seconds above the limit the budget drops at once to what fits according to the last two. */
const BELIEVED = 3
/** Low estimate of an event's CPU time in s. It determines the budget of the start, which also bounds what a sudden load costs. */
const CHEAP = 1e-6
/** Growth of a lower budget in each second in which nothing is throttled. */
const UNUSED = 1.1
/** Saving leaves at least this fraction of the target. */
const LEFT = 0.25
/** s of CPU time that no event exceeds: if fewer events than this implies cost more than the limit, something else is the cause. */
const DEAREST = 5e-5

/** The lowest budget (events per second) for a limit (CPUs). */
export function leastBudget(limit: number): number {
  return limit / DEAREST
}

/** The budget for a limit (CPUs) before any cost is known: a load that it throttles would very likely exceed the limit. */
export function firstBudget(limit: number): Budget {
  return { rate: limit / CHEAP, above: 0, factor: 1 }
}

/** The next budget after a second in which `use` was measured under budget `last`. */
export function nextBudget(last: Budget, use: Use, limit: number): Budget {
  const above = use.cost > limit ? last.above + 1 : 0
  const aim = aimOf(use, limit)
  const factor = Math.max(aim * LEFT, aim - use.saved) / use.cost
  const rate = rateAfter(last, use, { above, factor, limit })
  return { rate: Math.max(leastBudget(limit), rate), above, factor }
}

/** target cost in CPUs */
function aimOf({ recorded, leftOut }: Use, limit: number): number {
  const all = recorded + leftOut
  const share = all > 0 ? recorded / all : 1
  return limit * (AIM + (AIM_ALL - AIM) * Math.max(0, 2 * share - 1))
}

interface Step {
  readonly above: number
  readonly factor: number
  readonly limit: number
}

function rateAfter(last: Budget, { recorded, leftOut }: Use, { above, factor, limit }: Step): number {
  const { rate } = last
  if (above === 0 && leftOut === 0) return Math.max(rate, Math.min(rate * UNUSED, firstBudget(limit).rate))
  // the milder factor of two seconds: either second may be an outlier
  if (above >= BELIEVED) return Math.min(rate, recorded) * Math.max(factor, last.factor)
  return rate * Math.min(HIGHEST, Math.max(LOWEST, factor ** GAIN))
}
