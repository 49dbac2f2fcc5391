// What identifies a row: values of any type, several of them, and how they are stored.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { TableDef } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shown, tableOf } from './table-of.js'

const count = { field: 'evt.count', title: 'n', agg: 'sum' } as const
const read = (tid: number, data: string): RowSpec => ({
  type: 'read',
  tid,
  ret: data.length,
  params: { fd: 3, data },
})

test('equal bytes are one row, different ones are not', () => {
  const rows = shown({ keys: ['evt.buffer'], columns: [count] }, [read(1, 'ab'), read(1, 'cd'), read(2, 'ab')])
  expect(rows).toEqual([
    ['ab', 2],
    ['cd', 1],
  ])
})

test('raw arguments may be keys, whatever their type', () => {
  const rows = shown({ keys: ['evt.rawarg.data'], columns: [count] }, [read(1, 'ab'), read(1, 'cd'), read(2, 'ab')])
  expect(rows).toEqual([
    ['ab', 2],
    ['cd', 1],
  ])
})

/** A process of its own; its ancestors are those of its parent and the parent. */
const born = (pid: number, ptid: number): RowSpec => ({
  type: CODE.ks_fork,
  tid: ptid,
  params: { tid: pid, pid, vtid: pid, vpid: pid, ptid, comm: `p${pid}` },
})
const family = [born(6, 5), born(7, 6), born(8, 6)]

test('equal lists are one row', () => {
  const calls: RowSpec[] = [6, 7, 8, 7].map((tid) => ({ type: 'getppid', tid }))
  const rows = shown({ keys: ['proc.apid'], columns: [count], filter: 'evt.type=getppid' }, [...family, ...calls])
  expect(rows).toEqual([
    ['6,5', 3],
    ['5', 1],
  ])
})

test('the latest bytes of a row are copied from the event', () => {
  const def: TableDef = {
    keys: ['thread.tid'],
    columns: [
      { field: 'evt.buffer', title: 'Data' },
      { field: 'evt.buffer', title: 'Different', agg: 'distinct' },
    ],
  }
  const rows = tableOf(def, [read(1, 'ab'), read(1, 'ab'), read(2, 'cd'), read(2, 'ef')]).read(1e9)
  const texts = rows.map((r) => [r.keys[0], Buffer.from(r.cells[0] as Uint8Array).toString(), r.cells[1]])
  expect(texts.sort()).toEqual([
    [1, 'ab', 1],
    [2, 'ef', 2],
  ])
})

test('the latest list of a row is copied from the event', () => {
  const def: TableDef = {
    keys: ['thread.tid'],
    columns: [
      { field: 'proc.apid', title: 'Ancestors' },
      { field: 'proc.apid', title: 'Different', agg: 'distinct' },
    ],
    filter: 'evt.type=getppid',
  }
  const calls: RowSpec[] = [7, 6, 7, 6].map((tid) => ({ type: 'getppid', tid }))
  expect(shown(def, [...family, ...calls])).toEqual([
    [7, [6, 5], 1],
    [6, [5], 1],
  ])
})

test('three keys distinguish values that differ in any of them', () => {
  const all = ['read', 'write'].flatMap((type) =>
    [11, 12].flatMap((tid) => [0, 1, 2].map((ret): RowSpec => ({ type, tid, ret }))),
  )
  const def: TableDef = {
    keys: ['evt.type', 'thread.tid', 'evt.rawarg.res'],
    columns: [count],
  }
  const rows = shown(def, [...all, ...all])
  expect(rows).toHaveLength(12)
  expect(new Set(rows.map((r) => r.slice(0, 3).join())).size).toBe(12)
  expect(rows.every((r) => r[3] === 2)).toBe(true)
})

test('an event without a key is no row, and one with an empty text is none if only values above 0 count', () => {
  const rows = [read(1, 'ab'), { type: 'getppid', tid: 2, ret: 1 }]
  expect(shown({ keys: ['evt.buffer'], columns: [count] }, rows)).toEqual([['ab', 1]])
  const open = (name: string): RowSpec => ({
    type: 'openat',
    ret: 3,
    params: { dirfd: -100, name, flags: 0, mode: 0 },
  })
  const def: TableDef = { keys: ['evt.rawarg.name'], columns: [count] }
  expect(shown(def, [open(''), open('/x')])).toHaveLength(2)
  expect(shown({ ...def, positive: true }, [open(''), open('/x')])).toEqual([['/x', 1]])
})

test('a key shown as a column has the value of the key', () => {
  const def: TableDef = {
    keys: ['evt.type', 'thread.tid'],
    columns: [count, { field: 'thread.tid', title: 'TID' }, { field: 'evt.type', title: 'Call' }],
  }
  expect(shown(def, [read(1, 'a'), read(1, 'b'), { type: 'write', tid: 2 }])).toEqual([
    ['read', 1, 2, 1, 'read'],
    ['write', 2, 1, 2, 'write'],
  ])
})

test('a key that is also counted has the number of its values', () => {
  const def: TableDef = { keys: ['evt.type'], columns: [{ field: 'evt.type', title: 'n', agg: 'count' }] }
  expect(shown(def, [read(1, 'a'), read(2, 'b')])).toEqual([['read', 2]])
})
