// The summary of -S.
import { expect, test } from 'vitest'
import { jsonLine } from '../../../src/format/outputs/json.js'
import { Summary } from '../../../src/format/summary.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

function summary(rows: readonly RowSpec[]): Summary {
  const s = new Summary()
  walk(rows, context(), (e) => s.add(e))
  return s
}

const rows: RowSpec[] = [
  ...Array.from({ length: 99 }, (_, i): RowSpec => ({ type: 'read', ret: 1, latency: 1000 + i, params: { fd: 1 } })),
  { type: 'read', ret: -11, latency: 2_000_000, params: { fd: 1 } },
  { type: 'getpid', ret: 5 },
  { type: 'openat', enter: true },
]

test('the summary has calls, errors and latencies of each type of event, the most frequent first', () => {
  const [read, open, getpid] = summary(rows).rows()
  expect(read).toMatchObject({ event: 'read', calls: 100, errors: 1, total: 99 * 1000 + 4851 + 2_000_000 })
  expect(read?.p50).toBeGreaterThan(980)
  expect(read?.p50).toBeLessThan(1120)
  expect(read?.p99).toBeLessThan(1200)
  expect(open).toMatchObject({ event: '> openat', calls: 1, total: undefined })
  expect(getpid).toMatchObject({ event: 'getpid', calls: 1, p50: undefined })
})

test('the table has a header and a line for each type', () => {
  const lines = summary(rows).text().split('\n')
  expect(lines[1]).toMatch(/^Event +Calls +Errors +Total time +p50 +p99$/)
  expect(lines[3]).toMatch(/^read +100 +1 +2\.10ms +1\.\d\dus +1\.\d\dus$/)
  expect(lines.at(-1)).toBe('')
})

test('as JSON, every line is an object with unknown times null', () => {
  const all = summary(rows)
    .values()
    .map((row) => JSON.parse(jsonLine(row)) as Record<string, unknown>)
  expect(all.map((o) => o.event)).toEqual(['read', '> openat', 'getpid'])
  expect(all[2]?.p99).toBeNull()
})
