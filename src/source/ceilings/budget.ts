// How many events a second may be recorded so that a capture costs what --max-cpu allows. A controller without a model of the costs:
// what fits is what was recorded, times the cost that is aimed at, divided by the cost that was measured. That is right for whatever
// an event costs, and the cost of ksys itself and of counting what is left out only makes it need some more steps. A single second
// that is expensive proves nothing: ksys begins, a container does, what exists is read anew.

/** What a capture used, and what became of the events, in about a second. */
export interface Use {
  /** CPUs: of ksys and of its programs in the kernel together */
  readonly cost: number
  /** events a second */
  readonly recorded: number
  readonly leftOut: number
}

/** What is known of costs so far. */
export interface Budget {
  /** events a second that are to be recorded; Infinity: as many as come */
  readonly rate: number
  /** seconds in a row that were above the limit */
  readonly above: number
  /** so many times the events would have fitted into the last one */
  readonly factor: number
}

export const NO_BUDGET: Budget = { rate: Number.POSITIVE_INFINITY, above: 0, factor: 1 }

/** s between two steps of the controller */
export const STEP = 1

/** The part of the limit that is aimed at: where half or more is left out, and where nearly all fits. */
const AIM = 0.86
const AIM_ALL = 0.96
/** A step goes so far (an exponent) towards what the last second asks for, and within these bounds. */
const GAIN = 0.85
const LOWEST = 0.75
const HIGHEST = 2
/** So many seconds in a row above the limit are believed: the budget is at once what fits by the last two. */
const BELIEVED = 3
/** The same where there was no budget yet. */
const FIRST = 2
/** s of CPU time that an event takes, or less: a second with so many that they reach the limit by that is believed at once. */
const CHEAP = 1e-6
/** How a budget grows in each second in which nothing is left out, until it is as good as any number. */
const UNUSED = 1.1
const MOST = 1e8
/** s of CPU time that no event takes: what costs more than the limit with fewer events is not their cost. */
const DEAREST = 5e-5

/** The least budget (events a second) for a limit (CPUs). */
export function leastBudget(limit: number): number {
  return limit / DEAREST
}

/** The budget after `last` has brought that use. */
export function nextBudget(last: Budget, use: Use, limit: number): Budget {
  const above = use.cost > limit ? last.above + 1 : 0
  const factor = aimOf(use, limit) / use.cost
  const rate = Math.max(leastBudget(limit), rateAfter(last, use, { above, factor, limit }))
  return { rate: rate > MOST ? Number.POSITIVE_INFINITY : rate, above, factor }
}

/** CPUs */
function aimOf({ recorded, leftOut }: Use, limit: number): number {
  const all = recorded + leftOut
  const kept = all > 0 ? recorded / all : 1
  return limit * (AIM + (AIM_ALL - AIM) * Math.max(0, 2 * kept - 1))
}

interface Step {
  readonly above: number
  readonly factor: number
  readonly limit: number
}

function rateAfter(last: Budget, { recorded, leftOut }: Use, { above, factor, limit }: Step): number {
  const { rate } = last
  if (above === 0 && leftOut === 0) return rate * UNUSED
  // the milder of two seconds: the other one may be expensive for once
  const milder = Math.max(factor, last.factor)
  if (rate === Number.POSITIVE_INFINITY) {
    if (above > 0 && recorded * CHEAP > limit) return recorded * factor
    return above >= FIRST ? recorded * milder : rate
  }
  if (above >= BELIEVED) return Math.min(rate, recorded) * milder
  return rate * Math.min(HIGHEST, Math.max(LOWEST, factor ** GAIN))
}
