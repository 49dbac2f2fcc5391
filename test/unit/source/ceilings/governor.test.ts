// Which cgroups are throttled, on a simulated machine: its cost follows from what is recorded.
import { describe, expect, test } from 'vitest'
import type { Ceilings, CgroupCalls, Change, Reading } from '../../../../src/source/ceilings/ceilings.js'
import { Governor } from '../../../../src/source/ceilings/governor.js'

const NONE: Ceilings = { cpu: undefined, memory: undefined, calls: undefined }
/** s of CPU time: for a recorded event, for a counted one, and for ksys in each second in any case */
const RECORDED = 1e-6
const COUNTED = 5e-8
const ITSELF = 0.01
const STEP = 0.25

/** Two CPUs whose cgroups (by id) make this many calls a second. */
class Machine {
  readonly governor: Governor
  /** by cgroup, the throttling because of memory */
  readonly throttled = new Map<number, Change['leaves']>()
  readonly changes: Change[] = []
  memory = 50e6
  private at = 0
  private cpu = 0
  private programs = 0
  private readonly counts = new Map<number, CgroupCalls>()

  /** others: the share of calls that the filter does not pass */
  constructor(
    ceilings: Partial<Ceilings>,
    private readonly others = 0,
  ) {
    this.governor = new Governor({ ...NONE, ...ceilings }, 2, others > 0)
  }

  /** Returns the CPUs used in the last of these seconds; each: s of CPU time for a recorded event; itself: CPUs used by ksys in any case. */
  run(seconds: number, rates: Readonly<Record<number, number>>, each = RECORDED, itself = ITSELF): number {
    let last = 0
    for (let t = 0; t < seconds; t += STEP) {
      let programs = 0
      for (const [id, rate] of Object.entries(rates)) programs += this.step(Number(id), rate, each)
      const cost = itself * STEP + programs
      this.programs += programs
      this.cpu += cost
      this.at += STEP
      last = cost / STEP
      for (const c of this.governor.take(this.reading(), false)) this.apply(c)
    }
    return last
  }

  of(id: number): CgroupCalls {
    return this.counts.get(id) ?? { recorded: 0, leftOut: 0, others: 0, othersLeftOut: 0 }
  }

  /** the throttled cgroups, with what is omitted from them */
  get now(): [number, Change['leaves']][] {
    const of = new Map<number, Change['leaves']>()
    for (const c of this.changes)
      if (c.change === 'begin') of.set(c.cgroup, c.leaves)
      else of.delete(c.cgroup)
    return [...of].sort(([a], [b]) => a - b)
  }

  /** s of CPU time since the start */
  get used(): number {
    return this.cpu
  }

  end(): void {
    for (const c of this.governor.end(this.reading())) this.apply(c)
  }

  /** The cost of the calls of a cgroup. */
  private step(id: number, rate: number, each: number): number {
    const { levels } = this.governor
    const leaves = this.throttled.get(id)
    const shown = rate * (1 - this.others) * STEP
    const others = rate * this.others * STEP
    const keptShown = leaves === 'all' ? 0 : Math.min(shown, levels.shown * STEP)
    const keptOthers = leaves !== undefined ? 0 : Math.min(others, levels.others * STEP)
    const last = this.of(id)
    this.counts.set(id, {
      recorded: last.recorded + keptShown,
      leftOut: last.leftOut + shown - keptShown,
      others: last.others + keptOthers,
      othersLeftOut: last.othersLeftOut + others - keptOthers,
    })
    return (keptShown + keptOthers) * each + (shown + others - keptShown - keptOthers) * COUNTED
  }

  private reading(): Reading {
    return { at: this.at, cpu: this.cpu, programs: this.programs, memory: this.memory, cgroups: new Map(this.counts) }
  }

  private apply(c: Change): void {
    this.changes.push(c)
    if (c.ceiling !== 'max-memory') return
    if (c.change === 'begin') this.throttled.set(c.cgroup, c.leaves)
    else this.throttled.delete(c.cgroup)
  }
}

/** CPUs */
const LIMIT = 0.1

function expectUsed(cost: number): void {
  expect(cost / LIMIT).toBeGreaterThan(0.7)
  expect(cost / LIMIT).toBeLessThanOrEqual(1)
}

describe('--max-cpu', () => {
  test('throttles the noisiest cgroup alone if this is enough, and no more than necessary', () => {
    const m = new Machine({ cpu: 0.05 })
    expectUsed(m.run(10, { 1: 500_000, 2: 20_000, 3: 5_000 }))
    expect(m.now).toEqual([[1, 'all']])
    expect(m.of(2).leftOut).toBe(0)
  })

  test('throttles as many cgroups as necessary', () => {
    const m = new Machine({ cpu: 0.05 })
    const noisy = Array.from({ length: 40 }, (_, i) => [i + 1, 10_000] as const)
    const quiet = Array.from({ length: 40 }, (_, i) => [i + 101, 100] as const)
    expectUsed(m.run(10, Object.fromEntries([...noisy, ...quiet])))
    expect(m.now.map(([cgroup]) => cgroup)).toEqual(noisy.map(([cgroup]) => cgroup))
  })

  test('throttles nothing below it', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(10, { 1: 60_000, 2: 10_000 })
    expect(m.changes).toEqual([])
  })

  test('ends by itself, and reports how much was throttled', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(6, { 1: 500_000, 2: 20_000 })
    const { leftOut } = m.of(1)
    m.run(4, { 1: 100, 2: 20_000 })
    expect(m.now).toEqual([])
    const [end] = m.changes.filter((c) => c.change === 'end')
    expect(end).toMatchObject({ cgroup: 1, ceiling: 'max-cpu', leftOut })
    expect(end?.lasted).toBeGreaterThan(2)
  })

  test('does not alternate under a constant load', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(60, { 1: 500_000, 2: 20_000 })
    expect(m.changes).toHaveLength(1)
  })

  test('with a filter, first omits the events that the filter does not pass', () => {
    const m = new Machine({ cpu: 0.05 }, 0.5)
    expectUsed(m.run(10, { 1: 120_000, 2: 1_000 }))
    expect(m.now).toEqual([[1, 'others']])
    expectUsed(m.run(10, { 1: 500_000, 2: 1_000 }))
    expect(m.now).toEqual([
      [1, 'all'],
      [2, 'others'],
    ])
    expect(m.of(2).leftOut).toBe(0)
  })

  test('holds if calls become more expensive', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(5, { 1: 60_000 })
    expectUsed(m.run(20, { 1: 20_000 }, 20 * RECORDED))
    expect(m.now).toEqual([[1, 'all']])
  })

  test('reports that it is exceeded if counting alone costs more', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(30, { 1: 5_000_000, 2: 500 })
    expect(m.now).toEqual([[1, 'all']])
    expect(m.governor.hopeless).toBe('max-cpu')
    m.run(10, { 1: 5_000, 2: 500 })
    expect(m.governor.hopeless).toBe(undefined)
  })

  test('does not report that for a load that it brings below its limit', () => {
    const m = new Machine({ cpu: 0.05 })
    for (let i = 0; i < 60; i++) {
      m.run(1, { 1: i % 20 < 10 ? 1_000_000 : 1_000 })
      expect(m.governor.hopeless).toBe(undefined)
    }
  })

  test('reports throttling that is active at the end', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(6, { 1: 500_000 })
    m.end()
    expect(m.changes.map((c) => c.change)).toEqual(['begin', 'end'])
    expect(m.changes[1]?.leftOut).toBe(m.of(1).leftOut)
  })
})

describe('--max-cpu in the first seconds', () => {
  /** The part of the limit that the first ten seconds use together; their start costs this much CPU time (s) beside the load. */
  function firstTenSeconds(m: Machine, start: number, load: Readonly<Record<number, number>>): number {
    m.run(1, load, RECORDED, ITSELF + start)
    m.run(9, load)
    return m.used / (10 * LIMIT)
  }

  test.each([0, 0.1, 0.3])('holds if the start itself takes %d s of CPU time', (start) => {
    for (const calls of [120_000, 300_000, 1_000_000]) {
      const used = firstTenSeconds(new Machine({ cpu: 0.05 }), start, { 1: calls, 2: 1_000 })
      expect(used).toBeGreaterThan(0.7)
      expect(used).toBeLessThan(1.1)
    }
  })

  test('records a load completely that costs less, however expensive the start is', () => {
    const m = new Machine({ cpu: 0.05 })
    firstTenSeconds(m, 0.6, { 1: 70_000, 2: 10_000 })
    expect(m.changes).toEqual([])
  })

  test('limits calls before anything was measured', () => {
    const m = new Machine({ cpu: 0.05 })
    m.run(STEP, { 1: 1_000_000 })
    expect(m.of(1).recorded).toBeLessThan(LIMIT / RECORDED)
  })
})

describe('--max-memory', () => {
  test('throttles one cgroup after the other while memory is short, and stops when it is not', () => {
    const m = new Machine({ memory: 100e6 })
    m.memory = 95e6
    m.run(6, { 1: 5_000, 2: 2_000 })
    expect([...m.throttled.keys()]).toEqual([1])
    m.run(6, { 1: 5_000, 2: 2_000 })
    expect([...m.throttled.keys()]).toEqual([1, 2])
    expect(m.governor.hopeless).toBe(undefined)
    m.memory = 50e6
    m.run(4, { 1: 5_000, 2: 2_000 })
    expect(m.throttled.size).toBe(0)
  })

  test('is reported as hopeless if it is exceeded although nothing is recorded any more', () => {
    const m = new Machine({ memory: 100e6 })
    m.memory = 120e6
    m.run(20, { 1: 5_000 })
    expect(m.governor.hopeless).toBe('max-memory')
  })
})

describe('two limits', () => {
  test('are independent: nearly full memory does not keep cgroups throttled because of CPU time', () => {
    const m = new Machine({ cpu: 0.05, memory: 100e6 })
    m.memory = 85e6
    m.run(6, { 1: 500_000 })
    expect(m.now).toEqual([[1, 'all']])
    m.run(6, { 1: 100 })
    expect(m.now).toEqual([])
  })
})

describe('--max-calls', () => {
  test('reports limits in the kernel, from their start to their end', () => {
    const governor = new Governor({ ...NONE, calls: 1000 }, 2, false)
    const at = (t: number, leftOut: number): Change[] =>
      governor.take(
        {
          at: t,
          cpu: 0,
          programs: 0,
          memory: 0,
          cgroups: new Map([[7, { recorded: t * 1000, leftOut, others: 0, othersLeftOut: 0 }]]),
        },
        false,
      )
    const changes = [at(0, 0), at(1, 500), at(2, 900), at(3, 900), at(4, 900)].flat()
    expect(changes.map(({ change, cgroup, ceiling, leftOut }) => ({ change, cgroup, ceiling, leftOut }))).toEqual([
      { change: 'begin', cgroup: 7, ceiling: 'max-calls', leftOut: 0 },
      { change: 'end', cgroup: 7, ceiling: 'max-calls', leftOut: 900 },
    ])
  })
})
