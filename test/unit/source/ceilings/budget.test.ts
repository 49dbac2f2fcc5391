// The controller of --max-cpu on simulated machines: the cost of a second follows from what was recorded in it.
import { describe, expect, test } from 'vitest'
import { firstBudget, leastBudget, nextBudget } from '../../../../src/source/ceilings/budget.js'

/** s of CPU time: for a recorded event, for an omitted one, and for ksys in each second in any case. */
interface Costs {
  readonly each: number
  readonly leftOut: number
  readonly itself: number
}

/** Measured values of a slow machine, of a fast one, and of one on which ksys itself needs half of 5 % of two CPUs. */
const SLOW: Costs = { each: 3e-6, leftOut: 2e-7, itself: 0.01 }
const FAST: Costs = { each: 1e-6, leftOut: 5e-8, itself: 0.004 }
const BUSY: Costs = { each: 3e-6, leftOut: 1e-7, itself: 0.05 }
/** 5 % of two CPUs */
const LIMIT = 0.1

interface Second {
  readonly cost: number
  readonly recorded: number
  readonly leftOut: number
}

/** A capture in steps of a second. noise: the factor that costs are multiplied with. */
class Capture {
  budget: ReturnType<typeof firstBudget>
  private random = 1

  constructor(
    private readonly costs: Costs,
    private readonly limit = LIMIT,
    private readonly noise = 0,
  ) {
    this.budget = firstBudget(limit)
  }

  /** rate: calls a second; more: additional costs (CPUs), as at the start. */
  run(seconds: number, rate: number, more = 0): Second[] {
    return Array.from({ length: seconds }, () => {
      const recorded = Math.min(rate, this.budget.rate)
      const leftOut = rate - recorded
      const { each, leftOut: counted, itself } = this.costs
      const cost = (itself + more + recorded * each + leftOut * counted) * (1 + this.noise * this.next())
      this.budget = nextBudget(this.budget, { cost, saved: 0, recorded, leftOut }, this.limit)
      return { cost, recorded, leftOut }
    })
  }

  /** -1 to 1, the same in each run of the test. */
  private next(): number {
    this.random = (this.random * 48_271) % 2_147_483_647
    return (this.random / 2_147_483_647) * 2 - 1
  }
}

const mean = (seconds: readonly Second[], of: keyof Second) =>
  seconds.reduce((sum, s) => sum + s[of], 0) / seconds.length

/** All of these seconds are between 70 and 100 % of the limit. */
function expectKept(seconds: readonly Second[], limit = LIMIT): void {
  for (const { cost } of seconds) {
    expect(cost / limit).toBeGreaterThan(0.7)
    expect(cost / limit).toBeLessThanOrEqual(1)
  }
}

const COSTS = [SLOW, FAST, BUSY]

describe('a steady load', () => {
  test.each(COSTS.flatMap((costs) => [50_000, 120_000, 300_000].map((rate) => ({ ...costs, rate }))))(
    'of $rate calls a second ($each s each, $itself s itself) costs 70 to 100 % of the limit after ten seconds, or all fits',
    ({ rate, ...costs }) => {
      const capture = new Capture(costs)
      capture.run(10, rate)
      const later = capture.run(60, rate)
      if (costs.itself + rate * costs.each < LIMIT) for (const { leftOut } of later) expect(leftOut).toBe(0)
      else expectKept(later)
    },
  )

  test('has settled: nothing goes up and down any more', () => {
    const capture = new Capture(SLOW)
    capture.run(20, 300_000)
    const recorded = capture.run(60, 300_000).map((s) => Math.round(s.recorded))
    const steps = recorded.slice(1).map((n, i) => Math.sign(n - (recorded[i] as number)))
    expect(new Set(steps.filter((step) => step !== 0)).size).toBeLessThanOrEqual(1)
    expect(recorded.at(-1)).toBe(recorded.at(-2))
  })

  test('close to the limit is recorded completely, also after costs of the start', () => {
    const capture = new Capture(FAST)
    capture.run(3, 90_000, 0.5)
    capture.run(10, 90_000)
    for (const { leftOut } of capture.run(60, 90_000)) expect(leftOut).toBe(0)
  })

  test('slightly above the limit loses little', () => {
    const capture = new Capture(FAST)
    capture.run(10, 110_000)
    const later = capture.run(60, 110_000)
    expectKept(later)
    expect(mean(later, 'leftOut')).toBeLessThan(25_000)
  })

  test('remains near the limit if measurements vary by a fifth from second to second', () => {
    const capture = new Capture(SLOW, LIMIT, 0.2)
    capture.run(10, 300_000)
    const later = capture.run(120, 300_000)
    expect(mean(later, 'cost') / LIMIT).toBeGreaterThan(0.7)
    expect(mean(later, 'cost') / LIMIT).toBeLessThan(0.95)
    for (const { cost } of later) expect(cost / LIMIT).toBeLessThan(1.4)
  })
})

describe('a load that changes', () => {
  test('uses no more than its limit within ten seconds of an increase', () => {
    const capture = new Capture(SLOW)
    capture.run(20, 10_000)
    capture.run(10, 300_000)
    expectKept(capture.run(20, 300_000))
  })

  test('is recorded completely within ten seconds of a decrease', () => {
    for (const costs of COSTS) {
      const capture = new Capture(costs)
      capture.run(30, 300_000)
      capture.run(10, 10_000)
      for (const { leftOut } of capture.run(30, 10_000)) expect(leftOut).toBe(0)
    }
  })

  test('is recognised when it returns: the first second stays within the limit, too', () => {
    const capture = new Capture(SLOW)
    capture.run(20, 300_000)
    capture.run(3, 100)
    const [first] = capture.run(1, 300_000)
    expect(first?.cost).toBeLessThan(LIMIT * 2)
    capture.run(9, 300_000)
    expectKept(capture.run(10, 300_000))
  })

  test('is recorded again within ten seconds if each call becomes cheaper', () => {
    const dear = new Capture({ ...SLOW, each: 3e-5 })
    dear.run(20, 50_000)
    const cheap = new Capture(SLOW)
    cheap.budget = dear.budget
    cheap.run(10, 50_000)
    expectKept(cheap.run(20, 50_000))
  })
})

describe('costs other than those of events', () => {
  test('at the start do not leave a capture that records next to nothing', () => {
    for (const more of [0.1, 0.5, 2]) {
      const capture = new Capture(SLOW)
      capture.run(3, 200, more)
      capture.run(10, 50_000)
      expectKept(capture.run(10, 50_000))
    }
  })

  test('in single seconds take little, also if the seconds before were slightly above the limit', () => {
    const capture = new Capture(SLOW)
    capture.run(20, 300_000)
    const before = capture.budget.rate
    capture.run(2, 300_000, 0.02)
    capture.run(1, 300_000, 0.3)
    expect(capture.budget.rate).toBeGreaterThan(before / 3)
  })

  test('in single seconds are compensated', () => {
    const capture = new Capture(SLOW)
    capture.run(20, 300_000)
    capture.run(1, 300_000, 1)
    capture.run(9, 300_000)
    expectKept(capture.run(10, 300_000))
  })

  test('above the limit by themselves leave the minimum budget, and no more', () => {
    const capture = new Capture({ ...SLOW, itself: 2 * LIMIT })
    capture.run(60, 300_000)
    expect(capture.budget.rate).toBe(leastBudget(LIMIT))
    // enough to see that something runs, and less than the smallest share of the limit by which it is assessed
    expect(capture.budget.rate).toBeGreaterThan(1_000)
    expect(capture.budget.rate * SLOW.each).toBeLessThan(LIMIT * 0.1)
  })
})
