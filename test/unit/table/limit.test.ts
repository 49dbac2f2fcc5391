// The rows that a table retains if there are more than its limit.
import { expect, test } from 'vitest'
import type { Aggregation, TableDef } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { tableOf } from './table-of.js'

const AGGREGATIONS: readonly Aggregation[] = [
  'sum',
  'avg',
  'min',
  'max',
  'last',
  'count',
  'distinct',
  'p50',
  'p90',
  'p99',
  'rate',
]
const def: TableDef = {
  keys: ['evt.type', 'thread.tid'],
  columns: AGGREGATIONS.map((agg) => ({ field: 'evt.latency', title: agg, agg })),
}
/** Two events of thread i: 1000 i and 3000 i ns. */
const pair = (i: number): RowSpec[] => [
  { type: i % 2 ? 'read' : 'write', tid: i, latency: 1000 * i },
  { type: i % 2 ? 'read' : 'write', tid: i, latency: 3000 * i },
]
const rowsOf = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => pair(from + i)).flat()

test('each retained row has its own values in every column, and later ones are added to them', () => {
  const table = tableOf(def, [...rowsOf(1, 200), ...pair(200), ...pair(199)], { maxRows: 20 })
  const rows = table.read(1e9)
  expect(rows.length).toBeLessThanOrEqual(20)
  expect(rows.length + table.dropped).toBe(200)
  const found = new Map(rows.map((r) => [r.keys[1] as number, r.cells as number[]]))
  for (const [tid, cells] of found) {
    const times = tid >= 199 ? 2 : 1
    const near = (have: number, want: number) => Math.abs(have - want) / want < 0.035
    const [sum, avg, min, max, last, count, distinct, p50, p90, p99, rate] = cells as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    expect([sum, avg, min, max, last, count, distinct, rate]).toEqual([
      4000 * tid * times,
      2000 * tid,
      1000 * tid,
      3000 * tid,
      3000 * tid,
      2 * times,
      2,
      4000 * tid * times,
    ])
    expect([near(p50, 1000 * tid), near(p90, 3000 * tid), near(p99, 3000 * tid)]).toEqual([true, true, true])
  }
  expect(found.has(200) && found.has(199)).toBe(true)
})

test.each([
  ['first', (i: number) => i + 1],
  ['last', (i: number) => 100 - i],
])('the smallest are retained if the table shows the smallest first, if they come %s', (_, tid) => {
  const up: TableDef = { ...def, sort: { column: 0, ascending: true } }
  const rows = Array.from({ length: 100 }, (_, i) => pair(tid(i))).flat()
  const tids = tableOf(up, rows, { maxRows: 20 })
    .read(1e9)
    .map((r) => r.keys[1])
  expect(tids.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('rows stay in the order of their first events', () => {
  const rows = [7, 3, 9, 5, 8, 1, 2].flatMap(pair)
  const table = tableOf(def, rows, { maxRows: 6 })
  const byCount = { sort: { column: AGGREGATIONS.indexOf('count') } }
  expect(table.read(1e9, byCount).map((r) => r.keys[1])).toEqual([7, 9, 8, 2])
})

test.each([[['thread.tid']], [['evt.type', 'thread.tid']]])(
  'a retained row continues, however long ago its last event was: keys %j',
  (keys) => {
    const early = [500, 501, 502].flatMap(pair)
    const rows = tableOf({ ...def, keys }, [...early, ...rowsOf(1, 90), ...early], { maxRows: 20 }).read(1e9)
    expect(rows.slice(0, 3).map((r) => [r.keys.at(-1), r.cells[0]])).toEqual([
      [502, 4000 * 502 * 2],
      [501, 4000 * 501 * 2],
      [500, 4000 * 500 * 2],
    ])
    expect(rows.filter((r) => (r.keys.at(-1) as number) >= 500)).toHaveLength(3)
  },
)

test('a row that replaces a dropped one has none of its data', () => {
  const without: RowSpec = { type: 'read', tid: 900 }
  const rows = tableOf(def, [...rowsOf(1, 6), without], { maxRows: 6 }).read(1e9)
  expect(rows.at(-1)?.keys).toEqual(['read', 900])
  expect(rows.at(-1)?.cells.every((c) => c === undefined)).toBe(true)
})

test('of equal rows the first ones are retained', () => {
  const same = Array.from({ length: 5 }, (_, i): RowSpec => ({ type: 'read', tid: i + 1, latency: 7 }))
  const table = tableOf(def, same, { maxRows: 4 })
  expect(table.read(1e9).map((r) => r.keys[1])).toEqual([1, 2, 5])
  expect(table.dropped).toBe(2)
})

test('as many rows as the limit are all retained', () => {
  const table = tableOf(def, rowsOf(1, 20), { maxRows: 20 })
  expect([table.read(1e9).length, table.dropped]).toEqual([20, 0])
})

test('a row without a value in the sorting column is dropped before one with a value', () => {
  const rows: RowSpec[] = [{ type: 'read', tid: 1 }, ...rowsOf(2, 5)]
  const tids = tableOf(def, rows, { maxRows: 4 })
    .read(1e9)
    .map((r) => r.keys[1])
  expect(tids).toEqual([5, 4, 3])
})

test('a row sorted by text remains among the first ones', () => {
  const byText: TableDef = { keys: ['thread.tid'], columns: [{ field: 'evt.type', title: 'Call' }] }
  const rows = tableOf(byText, rowsOf(1, 5), { maxRows: 4 }).read(1e9)
  expect(rows.map((r) => [r.keys[0], r.cells[0]]).sort()).toEqual([
    [1, 'read'],
    [2, 'write'],
    [5, 'read'],
  ])
})

test('joined rows have the values of the retained ones', () => {
  const joined: TableDef = {
    keys: ['thread.tid'],
    groupBy: ['evt.type'],
    columns: [{ field: 'evt.latency', title: 'Time', agg: 'sum' }],
  }
  const rows = tableOf(joined, rowsOf(1, 5), { maxRows: 4 }).read(1e9)
  expect(rows.map((r) => [r.keys[0], r.cells[0]])).toEqual([
    ['read', 4000 * (3 + 5)],
    ['write', 4000 * 4],
  ])
})

test('after clear() no rows count as dropped, and rows start again in every column', () => {
  const table = tableOf(def, rowsOf(1, 30), { maxRows: 20 })
  expect(table.dropped).toBeGreaterThan(0)
  table.clear()
  expect([table.dropped, table.read(1e9)]).toEqual([0, []])
})
