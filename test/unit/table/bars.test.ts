// Histograms in cells: what they count, how they are drawn, and that percentiles next to them are the same as alone.
import { expect, test } from 'vitest'
import { BARS_TITLE, barsText } from '../../../src/table/cell.js'
import { cellText, type TableDef } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shown } from './table-of.js'

const calls = (type: string, ...latencies: number[]): RowSpec[] => latencies.map((latency) => ({ type, latency }))
const column = (agg: 'p50' | 'p99' | 'histogram') => ({ field: 'evt.latency', title: agg, agg })
const by = (...columns: ReturnType<typeof column>[]): TableDef => ({ keys: ['evt.type'], columns })
const list = (at: Readonly<Record<number, number>>): number[] => {
  const powers = Object.keys(at).map(Number)
  return Array.from({ length: Math.max(...powers) + 1 }, (_, i) => at[i] ?? 0)
}

test('a histogram counts by powers of two, together with any number of percentiles of the same field, in any order', () => {
  const rows = [...calls('getppid', 1000, 1023, 1024, 2 ** 20), ...calls('getuid', 5)]
  const histogram = list({ 9: 2, 10: 1, 20: 1 })
  expect(Object.fromEntries(shown(by(column('histogram')), rows))).toEqual({
    getppid: histogram,
    getuid: list({ 2: 1 }),
  })
  const alone = shown(by(column('p50'), column('p99')), rows)
  for (const order of [
    ['p50', 'p99', 'histogram'],
    ['histogram', 'p50', 'p99'],
  ] as const) {
    const found = shown(by(...order.map(column)), rows).find(([call]) => call === 'getppid') ?? []
    expect(Object.fromEntries(order.map((agg, i) => [agg, found[i + 1]]))).toEqual({
      p50: alone[0]?.[1],
      p99: alone[0]?.[2],
      histogram,
    })
  }
})

test('joined rows have the histogram of all; dropped rows do not change those of others', () => {
  const rows: RowSpec[] = [
    { type: 'getppid', tid: 1, pid: 1, latency: 10 },
    { type: 'getppid', tid: 2, pid: 1, latency: 12 },
    { type: 'getppid', tid: 3, pid: 3, latency: 100 },
  ]
  const joined: TableDef = { ...by(column('histogram')), keys: ['thread.tid'], groupBy: ['proc.pid'] }
  expect(shown(joined, rows)).toEqual([
    [1, list({ 3: 2 })],
    [3, list({ 6: 1 })],
  ])
  const many = Array.from({ length: 9 }, (_, i): RowSpec => ({ type: 'getppid', tid: i + 1, latency: 2 ** (i + 1) }))
  const kept = shown({ ...by(column('p99'), column('histogram')), keys: ['thread.tid'] }, many, { maxRows: 4 })
  for (const [tid, p99, histogram] of kept)
    expect([p99, histogram]).toEqual([2 ** Number(tid), list({ [Number(tid)]: 1 })])
})

test.each<[string, Readonly<Record<number, number>>, string]>([
  ['1 us, 1 ms and 1 s stand under the title', { 10: 1, 20: 1, 30: 1 }, ' █    █    █ '],
  ['what is faster or slower is in the first and the last', { 0: 3, 9: 1, 33: 1, 52: 3 }, '█           █'],
  ['few beside many can be seen', { 12: 1, 20: 1_000_000 }, '  ▁   █      '],
  ['heights are shares of the most', { 10: 8, 12: 4, 14: 2, 16: 1 }, ' █▄▂▁        '],
])('%s', (_, counts, text) => {
  expect(barsText(list(counts))).toBe(text)
  expect(cellText(list(counts), { unit: 'bars' })).toBe(text)
  expect(text.length).toBe(BARS_TITLE.length)
  expect(['1us', '1ms', '1s'].map((t) => BARS_TITLE.indexOf(t))).toEqual([1, 6, 11])
})
