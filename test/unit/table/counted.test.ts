// The tables that the kernel can compute by counting calls instead of recording them.
import { expect, test } from 'vitest'
import { isCountable } from '../../../src/table/compile.js'
import { type Column, compileTable, type TableDef } from '../../../src/table/index.js'

const calls: Column = { field: 'evt.count', title: 'n', agg: 'sum' }
const base: TableDef = { keys: ['evt.type'], columns: [calls] }
const countable = (more: Partial<TableDef>): boolean =>
  isCountable(compileTable({ ...base, ...more }, { containers: false }))

test.each<[string, Partial<TableDef>]>([
  ['calls by their name', {}],
  ['calls and their names', { columns: [calls, { field: 'evt.type', title: 'Call' }] }],
  ['calls per second', { columns: [{ ...calls, agg: 'rate' }] }],
  ['failed calls', { filter: 'evt.failed=true' }],
  ['calls joined by what they failed with', { groupBy: ['evt.res'] }],
])('the kernel can count %s', (_, more) => expect(countable(more)).toBe(true))

test.each<[string, Partial<TableDef>]>([
  ['calls by thread', { keys: ['thread.tid'] }],
  ['calls by name and thread', { keys: ['evt.type', 'thread.tid'] }],
  ['calls joined by process', { groupBy: ['proc.pid'] }],
  ['calls of a process', { filter: 'proc.name=cat' }],
  ['threads', { threads: true }],
  ['the newest number of calls', { columns: [{ field: 'evt.count', title: 'n' }] }],
  ['names of processes', { columns: [calls, { field: 'proc.name', title: 'Name' }] }],
  ['the greatest latency', { columns: [calls, { field: 'evt.latency', title: 'Worst', agg: 'max' }] }],
  [
    'the sum of a number that differs from call to call',
    { columns: [{ field: 'thread.tid', title: 'x', agg: 'sum' }] },
  ],
  ['different names', { columns: [calls, { field: 'evt.type', title: 'Calls', agg: 'distinct' }] }],
])('the kernel cannot count %s', (_, more) => expect(countable(more)).toBe(false))
