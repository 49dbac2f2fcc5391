// The order in which rows are shown, by values of any type.
import { describe, expect, test } from 'vitest'
import type { TableDef } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shown, tableOf } from './table-of.js'

const opens = (...names: string[]): RowSpec[] =>
  names.map((name, i) => ({ type: 'openat', tid: i + 1, ret: 3, params: { dirfd: -100, name, flags: 0, mode: 0 } }))

const byName: TableDef = { keys: ['thread.tid'], columns: [{ field: 'evt.arg.name', title: 'Name' }] }

describe('texts', () => {
  const rows = opens('/b', '/a', '/b', '/c', '/a')
  test('are sorted from z to a, equal ones in the order of their first events', () => {
    expect(shown(byName, rows).map((r) => r[0])).toEqual([4, 1, 3, 2, 5])
  })

  test('are sorted from a to z in ascending order', () => {
    const up = { ...byName, sort: { column: 0, ascending: true } }
    expect(shown(up, rows).map((r) => r[0])).toEqual([2, 5, 1, 3, 4])
  })

  test('are sorted by their characters, not by the numbers that they contain', () => {
    expect(shown(byName, opens('10', '9', '100')).map((r) => r[1])).toEqual(['9', '100', '10'])
  })
})

describe('numbers', () => {
  const reads = (...results: number[]): RowSpec[] => results.map((ret, i) => ({ type: 'read', tid: i + 1, ret }))
  const def: TableDef = { keys: ['thread.tid'], columns: [{ field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum' }] }
  const rows = reads(7, 100, 9, 7, 9)
  test('are sorted in descending order, equal ones in the order of their first events', () => {
    expect(shown(def, rows)).toEqual([
      [2, 100],
      [3, 9],
      [5, 9],
      [1, 7],
      [4, 7],
    ])
  })

  test('are sorted in ascending order, equal ones in the order of their first events', () => {
    const up = { ...def, sort: { column: 0, ascending: true } }
    expect(shown(up, rows).map((r) => r[0])).toEqual([1, 4, 3, 5, 2])
  })

  test('are all shown without a number of rows, none if it is 0', () => {
    expect(tableOf(def, rows).read(1e9)).toHaveLength(5)
    expect(tableOf({ ...def, top: 0 }, rows).read(1e9)).toEqual([])
  })

  test('a direction is specified together with its column', () => {
    const table = tableOf({ ...def, sort: { column: 0, ascending: true } }, rows)
    expect(table.read(1e9, { sort: { column: 0 } }).map((r) => r.keys[0])).toEqual([2, 3, 5, 1, 4])
  })
})

test('rows without a value come last in the order of their first events, in ascending order too', () => {
  const def: TableDef = { keys: ['thread.tid'], columns: [{ field: 'evt.latency', title: 'Time', agg: 'max' }] }
  const rows: RowSpec[] = [
    { type: 'read', tid: 1 },
    { type: 'read', tid: 2, latency: 5 },
    { type: 'read', tid: 3 },
    { type: 'read', tid: 4, latency: 9 },
    { type: 'read', tid: 5 },
  ]
  expect(shown(def, rows).map((r) => r[0])).toEqual([4, 2, 1, 3, 5])
  const up = { ...def, sort: { column: 0, ascending: true } }
  expect(shown(up, rows).map((r) => r[0])).toEqual([2, 4, 1, 3, 5])
})

test('sorting by a column that is not shown falls back to the first one that is', () => {
  const def: TableDef = {
    keys: ['thread.tid'],
    columns: [
      { field: 'evt.latency', title: 'Time', agg: 'sum' },
      { field: 'proc.vpid', title: 'inner', only: 'containers' },
    ],
    sort: { column: 1 },
  }
  const rows: RowSpec[] = [
    { type: 'read', tid: 1, latency: 5 },
    { type: 'read', tid: 2, latency: 9 },
  ]
  expect(shown(def, rows).map((r) => r[0])).toEqual([2, 1])
})
