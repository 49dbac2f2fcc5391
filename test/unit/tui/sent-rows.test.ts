// Rows between worker and UI: what arrives is what was sent, and unchanged rows are not sent again.

import { describe, expect, test } from 'vitest'
import type { RowData, Rows } from '../../../src/tui/worker/messages.js'
import { RowReceiver, RowSender, type SentReport, type SentRows } from '../../../src/tui/worker/sent-rows.js'
import fc from '../../helpers/properties.js'

const result = (rows: readonly RowData[]): Rows => ({
  kind: 'rows',
  number: 1,
  columns: [],
  rows,
  total: rows.length,
  sort: undefined,
  span: 1e9,
  time: 0,
  progress: undefined,
  cancelled: false,
})
const row = (id: number, cpu: number, more: Partial<RowData> = {}): RowData => ({
  id: String(id),
  keys: [id],
  cells: [id, cpu, `program ${id}`],
  ...more,
})
/** As between two threads. */
const copied = (report: SentReport): SentReport => structuredClone(report)

const cell = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('a', 'b'), fc.constant(undefined))
const cells = fc.array(cell, { minLength: 2, maxLength: 2 })
const anyRow = fc.record(
  {
    id: fc.constantFrom('1', '2', '3', '4'),
    keys: cells,
    cells,
    parent: fc.constantFrom('1', '2'),
    young: fc.constant(true as const),
    subtree: cells,
    group: fc.record({ by: cells, count: fc.integer({ min: 2, max: 3 }) }),
  },
  { requiredKeys: ['id', 'keys', 'cells'] },
)

test('any results arrive as they are', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyRow, { maxLength: 6 }), { maxLength: 6 }), (results) => {
      const sender = new RowSender()
      const receiver = new RowReceiver()
      for (const rows of results) {
        const report = result(rows as RowData[])
        expect(receiver.unpack(copied(sender.pack(report)))).toEqual(report)
      }
    }),
  )
})

describe('of a result', () => {
  test('only the rows that have changed are sent, wherever the others are now', () => {
    const sender = new RowSender()
    sender.pack(result([row(1, 0), row(2, 0), row(3, 0)]))
    const { rows } = sender.pack(result([row(3, 0), row(2, 7), row(1, 0), row(4, 0)])) as SentRows
    expect(rows).toEqual([2, row(2, 7), 0, row(4, 0)])
  })

  test('rows that have not changed are the same objects as before, so that they are not drawn again', () => {
    const sender = new RowSender()
    const receiver = new RowReceiver()
    const arrives = (rows: readonly RowData[]) => receiver.unpack(copied(sender.pack(result(rows)))) as Rows
    const before = arrives([row(1, 0), row(2, 0)])
    const after = arrives([row(1, 0), row(2, 5)])
    expect(after.rows[0]).toBe(before.rows[0])
    expect(after.rows[1]).not.toBe(before.rows[1])
  })
})
