// The engine compared with the simplest computation over the same events, and the limits of its memory.

import { describe, expect, test } from 'vitest'
import { batchNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { type Aggregation, compileTable, Table, type TableDef } from '../../../src/table/index.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

interface Call {
  type: 'read' | 'write' | 'getppid'
  tid: number
  ret: number
  latency: number | undefined
}

const calls = fc.array(
  fc.record<Call>({
    type: fc.constantFrom('read', 'write', 'getppid'),
    tid: fc.integer({ min: 1, max: 6 }),
    ret: fc.integer({ min: -30, max: 5000 }),
    latency: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined }),
  }),
  { maxLength: 120 },
)

const rows = (list: readonly Call[]): RowSpec[] =>
  list.map(({ type, tid, ret, latency }) => ({ type, tid, ret, ...(latency === undefined ? {} : { latency }) }))

function fill(def: TableDef, list: readonly Call[], maxRows?: number): Table {
  const ctx = context()
  const table = new Table(compileTable(def, { containers: false }), ctx, maxRows)
  walk(rows(list), ctx, (e) => table.add(e))
  return table
}

const KEYS: readonly (readonly ['evt.type' | 'thread.tid', (c: Call) => string | number])[] = [
  ['evt.type', (c) => c.type],
  ['thread.tid', (c) => c.tid],
]

/** Those whose result is a number; histograms: bars.test.ts. */
type Counted = Exclude<Aggregation, 'histogram'>

const NAIVE: Readonly<Record<Counted, (v: number[]) => number | undefined>> = {
  sum: (v) => v.reduce((a, b) => a + b, 0),
  avg: (v) => v.reduce((a, b) => a + b, 0) / v.length,
  rate: (v) => v.reduce((a, b) => a + b, 0) / 4,
  min: (v) => Math.min(...v),
  max: (v) => Math.max(...v),
  last: (v) => v.at(-1),
  count: (v) => v.length,
  distinct: (v) => new Set(v).size,
  p50: (v) => rank(v, 0.5),
  p90: (v) => rank(v, 0.9),
  p99: (v) => rank(v, 0.99),
}

function rank(values: number[], p: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(p * values.length)) - 1]
}

const AGGREGATIONS = Object.keys(NAIVE) as Counted[]

/** Values of percentiles are those of buckets. */
const near = (agg: Aggregation, value: number | undefined) =>
  value !== undefined && agg.startsWith('p') ? Math.abs(value) * 0.033 : 1e-6 * Math.abs(value ?? 0)

describe('every aggregation by any keys equals a simple computation', () => {
  test.each([[[0]], [[1]], [[0, 1]], [[1, 0]], [[]]])('keys %j', (which) => {
    fc.assert(
      fc.property(calls, (list) => {
        const keys = which.map((i) => KEYS[i] as (typeof KEYS)[number])
        const table = fill(
          {
            keys: keys.map(([name]) => name),
            columns: AGGREGATIONS.map((agg) => ({ field: 'evt.latency', title: agg, agg })),
          },
          list,
        )
        const groups = new Map<string, number[]>()
        for (const c of list) {
          const id = keys.map(([, of]) => of(c)).join('\0')
          const values = groups.get(id) ?? []
          groups.set(id, values)
          if (c.latency !== undefined) values.push(c.latency)
        }
        const found = table.read(4e9)
        expect(new Set(found.map((r) => r.id))).toEqual(new Set(groups.keys()))
        for (const row of found) {
          const values = groups.get(row.id) as number[]
          AGGREGATIONS.forEach((agg, i) => {
            const want = values.length === 0 ? undefined : NAIVE[agg](values)
            const have = row.cells[i] as number | undefined
            if (want === undefined) expect(have, agg).toBeUndefined()
            else expect(Math.abs((have as number) - want), `${agg} of ${values}`).toBeLessThanOrEqual(near(agg, want))
          })
        }
      }),
      { numRuns: 60 },
    )
  })
})

test('a filter decides which events count, and only values above 0 are summed if the table specifies this', () => {
  fc.assert(
    fc.property(calls, (list) => {
      const table = fill(
        {
          keys: ['thread.tid'],
          columns: [{ field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum' }],
          filter: 'evt.type in (read, write)',
          positive: true,
        },
        list,
      )
      const want = new Map<number, number>()
      for (const c of list) if (c.type !== 'getppid' && c.ret > 0) want.set(c.tid, (want.get(c.tid) ?? 0) + c.ret)
      const found = table.read(1e9).map((r) => [r.keys[0], r.cells[0]])
      expect(found.map(([, n]) => n)).toEqual([...want.values()].sort((a, b) => b - a))
      expect(new Map(found as [number, number][])).toEqual(want)
    }),
  )
})

test('a second grouping joins the rows of a process', () => {
  const list: RowSpec[] = [
    { type: 'read', tid: 11, pid: 10, ret: 5, latency: 100 },
    { type: 'read', tid: 12, pid: 10, ret: 7, latency: 300 },
    { type: 'read', tid: 20, pid: 20, ret: 1, latency: 50 },
  ]
  const ctx = context()
  const def: TableDef = {
    keys: ['thread.tid'],
    groupBy: ['proc.pid'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Sum', agg: 'sum' },
      { field: 'evt.latency', title: 'Worst', agg: 'max' },
      { field: 'evt.latency', title: 'Threads', agg: 'count', groupAgg: 'count' },
    ],
  }
  const table = new Table(compileTable(def, { containers: false }), ctx)
  walk(list, ctx, (e) => table.add(e))
  expect(table.read(1e9).map((r) => [...r.keys, ...r.cells])).toEqual([
    [10, 12, 300, 2],
    [20, 1, 50, 1],
  ])
})

test('a row whose second key is unknown is in no group', () => {
  const def: TableDef = {
    keys: ['thread.tid'],
    groupBy: ['evt.buffer'],
    columns: [{ field: 'evt.count', title: 'n', agg: 'sum' }],
  }
  const table = fill(def, [{ type: 'getppid', tid: 1, ret: 0, latency: undefined }])
  expect(table.read(1e9)).toEqual([])
})

test('a rate over no time is absent', () => {
  const def: TableDef = { keys: ['evt.type'], columns: [{ field: 'evt.count', title: 'n', agg: 'rate' }] }
  const table = fill(def, [{ type: 'read', tid: 1, ret: 0, latency: undefined }])
  expect([0, -1, 5e8].map((span) => table.read(span)[0]?.cells[0])).toEqual([undefined, undefined, 2])
})

test('a process that started and ended between two samples had a thread', () => {
  const ctx = context()
  const def: TableDef = {
    keys: ['thread.tid'],
    groupBy: ['proc.pid'],
    threads: true,
    columns: [{ field: 'proc.nthreads', title: 'TH', agg: 'max', groupAgg: 'max' }],
  }
  const table = new Table(compileTable(def, { containers: false }), ctx)
  const process = { tid: 300, pid: 300 }
  const list: RowSpec[] = [
    { type: CODE.ks_fork, tid: 100, pid: 100, params: { ...process, vtid: 300, vpid: 300, comm: 'x' } },
    { type: 'read', ...process, ret: 5 },
    { type: 'procexit', ...process },
  ]
  walk(list, ctx, (e) => table.add(e))
  table.sample(ctx.state, batchNs(1e9))
  expect(table.read(1e9).find((r) => r.keys[0] === 300)?.cells).toEqual([1])
})

test('rows are sorted by any column, in both directions, absent values last, and cut to the first ones', () => {
  const table = fill(
    {
      keys: ['thread.tid'],
      columns: [
        { field: 'evt.latency', title: 'Time', agg: 'sum' },
        { field: 'thread.tid', title: 'TID' },
      ],
      top: 2,
    },
    [
      { type: 'read', tid: 1, ret: 0, latency: undefined },
      { type: 'read', tid: 2, ret: 0, latency: 20 },
      { type: 'read', tid: 3, ret: 0, latency: 10 },
    ],
  )
  const tids = (options?: Parameters<Table['read']>[1]) => table.read(1e9, options).map((r) => r.keys[0])
  expect(tids()).toEqual([2, 3])
  expect(tids({ top: 5 })).toEqual([2, 3, 1])
  expect(tids({ sort: { column: 0, ascending: true }, top: 5 })).toEqual([3, 2, 1])
  expect(tids({ sort: { column: 1 } })).toEqual([3, 2])
})

test('beyond its limit of rows a table retains the greatest ones, exactly, and reports how many it dropped', () => {
  const list: RowSpec[] = Array.from({ length: 1000 }, (_, i) => ({ type: 'read', tid: i + 1, latency: i % 2 ? i : 1 }))
  const ctx = context()
  const def: TableDef = { keys: ['thread.tid'], columns: [{ field: 'evt.latency', title: 'Time', agg: 'sum' }] }
  const table = new Table(compileTable(def, { containers: false }), ctx, 64)
  walk(list, ctx, (e) => table.add(e))
  const found = table.read(1e9)
  expect(found.length).toBeLessThanOrEqual(64)
  expect(found.length + table.dropped).toBe(1000)
  expect(found.slice(0, 20).map((r) => r.cells[0])).toEqual(Array.from({ length: 20 }, (_, i) => 999 - 2 * i))
})

test('cleared rows are forgotten', () => {
  const ctx = context()
  const def: TableDef = { keys: ['evt.type'], columns: [{ field: 'evt.count', title: 'Calls', agg: 'sum' }] }
  const table = new Table(compileTable(def, { containers: false }), ctx)
  const read: RowSpec[] = [{ type: 'read' }, { type: 'read' }, { type: 'write' }]
  walk(read, ctx, (e) => table.add(e))
  table.clear()
  walk([{ type: 'read' }], ctx, (e) => table.add(e))
  expect(table.read(1e9).map((r) => [...r.keys, ...r.cells])).toEqual([['read', 1]])
})
