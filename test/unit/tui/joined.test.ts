// Rows from before and new rows: the latest ones, in their order.
import { expect, test } from 'vitest'
import { JoinedBuilder } from '../../../src/tui/worker/joined-builder.js'
import { NEWEST } from '../../../src/tui/worker/list-builder.js'
import type { PastRows } from '../../../src/tui/worker/past-rows.js'
import type { ResultBuilder } from '../../../src/tui/worker/view-plan.js'

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ id: String(from + i), keys: [from + i], cells: [(from + i) % 7] }))

/** A result with rows [from, to), of which `before` are from before. */
function joined(before: number, now: number, sort?: JoinedBuilder['sort']): JoinedBuilder {
  const live = { take: () => ({ rows: rows(before, before + now), total: now }) } as unknown as ResultBuilder
  const answer = new JoinedBuilder(live, sort)
  answer.past = { rows: rows(0, before), total: before } as unknown as PastRows
  return answer
}

test('earlier rows precede new ones, as far as they fit', () => {
  const few = joined(30, 10)
  expect(few.take(1, 10_000, undefined)).toMatchObject({ rows: rows(0, 40), total: 40 })
  expect(few.isFull).toBe(false)
  const many = joined(30, NEWEST - 10)
  expect(many.take(1, 10_000, undefined)).toMatchObject({ rows: rows(20, NEWEST + 20), total: NEWEST + 20 })
  const full = joined(30, NEWEST)
  expect(full.take(1, 10_000, undefined).rows).toHaveLength(NEWEST)
  // no more of the earlier rows would be visible
  expect(full.isFull).toBe(true)
})

test('if rows are sorted, all of them are sorted together', () => {
  const { rows: sorted } = joined(10, 10, { column: 0, ascending: false }).take(1, 5, undefined)
  expect(sorted.map((r) => r.cells[0])).toEqual([6, 6, 5, 5, 5])
})
