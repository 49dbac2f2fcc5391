// When the bench of costs fails, and what it writes.
import { describe, expect, test } from 'vitest'
import { type Costs, summarize, type ToolCosts } from '../../bench/cost/costs.js'
import { costTables, withTables } from '../../bench/cost/markdown.js'
import { rotated } from '../../bench/cost/rounds.js'
import { plainText } from '../../bench/cost/text.js'
import { regressions, wrongLosses } from '../../bench/cost/verdict.js'

const here = { kernel: '6.18', processor: 'A', cpus: 2 }
const around = (median: number) => ({ median, low: median * 0.95, high: median * 1.05 })
const costs = (tools: Record<string, ToolCosts>, machine = here): Costs => ({
  machine,
  date: '2026-12-01',
  loads: { redis: { title: 'redis', operation: 'a request', bare: 20_000, half: 10_000, rounds: 5, tools } },
})

describe('a mode has become worse', () => {
  const table = costs({ nosuch: { throughput: around(0.9), programs: around(200) } })
  test('if its ratio to bare is, also on another machine', () => {
    const now = costs({ nosuch: { throughput: around(0.7) } }, { ...here, processor: 'B' })
    expect(regressions(now, table)).toMatchObject([{ load: 'redis', tool: 'nosuch', metric: 'throughput' }])
  })
  test('if a call takes longer on the same machine', () => {
    const now = costs({ nosuch: { programs: around(300) } })
    expect(regressions(now, table)).toMatchObject([{ metric: 'programs' }])
    expect(regressions({ ...now, machine: { ...here, kernel: '7.0' } }, table)).toEqual([])
  })
  test('not if the table has no such mode', () =>
    expect(regressions(costs({ rules: { throughput: around(0.1) } }), table)).toEqual([]))
})

describe('losses', () => {
  const tool = { name: 'rules', title: '', command: [] }
  const found = (numbers: ToolCosts, more = {}) => wrongLosses(costs({ rules: numbers }), [{ ...tool, ...more }])
  const lost = { marksMade: { median: 60 }, marksLost: { median: 1 } }
  test('of marked calls are wrong where each must be seen', () => {
    expect(found(lost, { complete: true })).toEqual(['redis, rules: 1 of 60 marked calls were lost'])
    expect(found(lost)).toEqual([])
  })
  test('are wrong if they are not reported', () => {
    expect(found({ callsLost: { median: 10 }, eventsLost: { median: 9 } })).toHaveLength(1)
    expect(found({ callsLost: { median: 10 }, eventsLost: { median: 12 } })).toEqual([])
  })
})

test('losses of rounds are added up, other numbers are medians', () =>
  expect(summarize([{ marksLost: 1, p99: 10 }, { marksLost: 2, p99: 30 }, { p99: 20 }])).toEqual({
    marksLost: { median: 3 },
    p99: { median: 20 },
  }))

test('each tool is the first of a round once', () =>
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round)[0])).toEqual(['a', 'b', 'c', 'a']))

describe('the page', () => {
  const page = 'before\n<!-- generated: costs of real programs -->\nold\n<!-- /generated -->\nafter\n'
  test('has no tables before the first measurement', () =>
    expect(withTables(page, { ...costs({}), loads: {} })).toBe(page.replace('old\n', '')))
  test('has the lost throughput in per cent, with its interval', () => {
    const found = { throughput: { median: 0.85, low: 0.8, high: 1.02 }, p99: { median: 1234 } }
    const text = costTables(costs({ bare: { p99: { median: 1000 } }, nosuch: found }))
    expect(text).toContain('| 15 (−2 to 20) |')
    expect(text).toContain('Linux 6.18, 2026-12-01')
    expect(text).toContain('| 15 (−2 to 20) |  | 1.23 |')
  })
})

test('on a terminal each tool has a line, and columns without a value are left out', () =>
  expect(
    plainText(costs({ bare: { p99: { median: 1000 } }, nosuch: { p99: { median: 2000 }, throughput: around(0.5) } })),
  ).toBe(`redis: a request. Bare 20000 operations/s; half load 10000/s.

        throughput, of bare  p99 us
bare                         1000.0
nosuch  0.500 (0.475-0.525)  2000.0
`))
