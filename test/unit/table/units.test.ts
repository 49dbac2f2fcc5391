// How cells are printed: the unit of a column whose declaration names none, and texts of each unit.
import { describe, expect, test } from 'vitest'
import { type Column, cellText, compileTable, type Unit } from '../../../src/table/index.js'

const unitOf = (column: Omit<Column, 'title'>): Unit | undefined =>
  compileTable({ keys: ['evt.type'], columns: [{ title: 'x', ...column }] }, { containers: false }).columns[0]?.unit

test.each<[Unit, string, Column['agg']]>([
  ['count', 'evt.latency', 'count'],
  ['count', 'proc.name', 'distinct'],
  ['count', 'evt.count', 'sum'],
  ['count', 'thread.tid', 'max'],
  ['text', 'thread.tid', undefined],
  ['text', 'proc.name', undefined],
  ['text', 'fd.name', undefined],
  ['text', 'evt.failed', undefined],
  ['text', 'evt.failed', 'max'],
  ['text', 'fd.cip', undefined],
  ['text', 'fd.types', undefined],
  ['text', 'proc.apid', undefined],
  ['time', 'evt.latency', 'avg'],
  ['time', 'evt.latency', undefined],
  ['time', 'thread.cputime', 'rate'],
  ['bytes', 'evt.buflen', 'sum'],
  ['bytes', 'evt.buflen.net.in', 'sum'],
  ['percent', 'thread.cpu', 'avg'],
  ['percent', 'thread.cpu.user', undefined],
])('%s is the unit of %s aggregated as %s', (unit, field, agg) => {
  expect(unitOf({ field, ...(agg === undefined ? {} : { agg }) })).toBe(unit)
})

test('the unit in a declaration takes precedence', () => {
  expect(unitOf({ field: 'evt.latency', agg: 'rate', unit: 'timepct' })).toBe('timepct')
})

describe('bytes', () => {
  test.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1.00K'],
    [10 * 1024 - 1, '10.00K'],
    [10 * 1024, '10.0K'],
    [100 * 1024, '100K'],
    [1024 ** 2, '1.00M'],
    [1024 ** 3, '1.00G'],
    [1024 ** 4, '1.00T'],
    [1024 ** 5, '1.00P'],
    [5000 * 1024 ** 5, '5000P'],
    [-1, '-1B'],
    [-2048, '-2.00K'],
    [99.4, '99B'],
  ])('%s are %s', (n, text) => expect(cellText(n, { unit: 'bytes' })).toBe(text))
})

test.each<[unknown, Unit | undefined, string]>([
  [-1_234_567, 'time', '-1.23ms'],
  [0, 'time', '0ns'],
  [1999.6, 'time', '2.00us'],
  [90e9, 'age', '1m30s'],
  [1.005, 'count', '1.00'],
  [7, undefined, '7'],
  [7.5, undefined, '7.50'],
  [true, 'mark', '≥'],
  [false, 'mark', ''],
  [true, 'text', 'true'],
  [12345678901234567890n, 'text', '12345678901234567890'],
  [Uint8Array.of(0x61, 0xe9, 0x0a), 'text', 'aé\n'],
  [['a', 'b'], 'text', 'a,b'],
  [[], 'text', ''],
])('%s as %s is "%s"', (value, unit, text) => {
  expect(cellText(value as never, unit === undefined ? {} : { unit })).toBe(text)
})
