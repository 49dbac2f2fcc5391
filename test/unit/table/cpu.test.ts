// CPU of processes, threads and containers over an interval: the time that all threads used in it, divided by its length.

import { expect, test } from 'vitest'
import { batchNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { cellText, compileTable, Table } from '../../../src/table/index.js'
import type { TableView } from '../../../src/views/define.js'
import { loadViews } from '../../../src/views/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from '../state/world.js'

const SECOND = 1e9
const views = await loadViews()

const report = (time: number, tid: number, ran: number, pid = 100): RowSpec => ({
  type: CODE.ks_times,
  time,
  tid,
  pid,
  params: { ran, user: 3, system: 1, pgft_maj: 0, pgft_min: 0, vm_size: 1, vm_rss: 1, vm_swap: 0 },
})
const born = (time: number, tid: number, pid = 100): RowSpec => ({
  type: CODE.ks_fork,
  time,
  params: { tid, pid, vtid: tid, vpid: pid, ptid: 1, shared: pid === 100 ? 15 : 0, comm: 'x', start: time + 1e12 },
})
const ended = (time: number, tid: number, pid = 100): RowSpec => ({ type: 'procexit', time, tid, pid, params: {} })

/** A thread of 20 ms every 100 ms, starting at `from`. */
const burners = (from: number, count: number): RowSpec[] =>
  Array.from({ length: count }, (_, i) => {
    const at = from + i * 1e8
    const tid = 1000 + from / 1e8 + i
    return [born(at, tid), report(at + 3e7, tid, 2e7), ended(at + 3e7, tid)]
  }).flat()

const start = (id: string, kind: 'live' | 'ksys' | 'scap') => over(id, new World(undefined, { kind }))

function over(id: string, w: World) {
  const view = views.find((v) => v.id === id) as TableView
  const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
  const ctx = { info: w.state.info, states: [w.state], first: { time: batchNs(0) }, format }
  const compiled = compileTable(view.table, { containers: false })
  const table = new Table(compiled, ctx)
  const shown = (title: string, key: number, span: number) => {
    const at = compiled.columns.findIndex((c) => c.title === title)
    const row = table.read(span).find((r) => r.keys[0] === key)
    return row && cellText(row.cells[at], compiled.columns[at] ?? {})
  }
  return { w, table, shown }
}

test.each([
  ['procs', 'CPU'],
  ['procs_cpu', 'TOT'],
])('over a file, short-lived threads count with the time that they used: %s', (id, title) => {
  const { w, table, shown } = start(id, 'ksys')
  table.prime(w.state, batchNs(0))
  w.play(burners(0, 50))
  table.sample(w.state, batchNs(5 * SECOND))
  w.play(burners(5 * SECOND, 50))
  table.sample(w.state, batchNs(10 * SECOND))
  expect(shown(title, 100, 10 * SECOND)).toBe('20.00')
})

test('of thousands of threads that end between two samples none is lost', () => {
  const { w, table, shown } = start('procs', 'ksys')
  for (let i = 0; i < 3000; i += 100) {
    w.play(burners(i * 1e8, 100))
    table.keepUp(w.state, batchNs((i + 100) * 1e8))
  }
  table.sample(w.state, batchNs(300 * SECOND))
  expect(shown('CPU', 100, 300 * SECOND)).toBe('20.00')
})

test('user and system time are parts of the whole', () => {
  const { w, table, shown } = start('procs_cpu', 'ksys')
  w.play(burners(0, 10))
  table.sample(w.state, batchNs(SECOND))
  expect(['TOT', 'USER', 'SYS'].map((title) => shown(title, 100, SECOND))).toEqual(['20.00', '15.00', '5.00'])
})

test('a thread that ran for a part of the interval has used this part of it', () => {
  const { w, table, shown } = start('threads', 'ksys')
  table.prime(w.state, batchNs(0))
  w.play([born(1, 300), report(SECOND, 300, SECOND), report(2 * SECOND, 300, 2 * SECOND), ended(2 * SECOND, 300)])
  for (let i = 3; i <= 10; i++) table.sample(w.state, batchNs(i * SECOND))
  expect(shown('CPU', 300, 10 * SECOND)).toBe('20.00')
})

test('the time that a thread used before the capture does not count', () => {
  const { w, table, shown } = start('procs', 'ksys')
  table.prime(w.state, batchNs(0))
  w.play([report(1, 100, 500 * SECOND), report(SECOND, 100, 500.5 * SECOND)])
  table.sample(w.state, batchNs(SECOND))
  expect(shown('CPU', 100, SECOND)).toBe('50.00')
})

test.each([1, 5])(
  'live, an interval of %i s includes threads that ended within it and nothing of the previous one',
  (seconds) => {
    const { w, table, shown } = start('procs', 'live')
    const span = seconds * SECOND
    table.prime(w.state, batchNs(0))
    for (let i = 0; i < 3; i++) {
      w.play(burners(i * span, 10 * seconds))
      table.sample(w.state, batchNs((i + 1) * span))
      expect(shown('CPU', 100, span)).toBe('20.00')
      table.clear()
    }
  },
)

test('live, a busy thread has its share wherever the intervals end between its reports', () => {
  const { w, table, shown } = start('procs', 'live')
  w.play([report(1, 100, 0), report(SECOND, 100, SECOND / 2)])
  table.prime(w.state, batchNs(SECOND))
  const times = [1.3, 1.6, 1.9, 2.2, 2.5, 4.7]
  let from = 1
  for (const to of times) {
    for (let s = Math.floor(from) + 1; s <= to; s++)
      w.play([report(s * SECOND, 100, (s - 0.5) * SECOND - ((s - 1) * SECOND) / 2)])
    table.sample(w.state, batchNs(to * SECOND))
    expect(shown('CPU', 100, (to - from) * SECOND), `until ${to}`).toBe('50.00')
    table.clear()
    from = to
  }
})

const switched = (time: number, tid: number): RowSpec => ({ type: 'switch', time, tid, pid: tid, params: { next: 0 } })

test.each(['procs', 'procs_cpu', 'threads'])('without CPU times in the capture there is none: %s', (id) => {
  // a thread that slept between two switches, in a capture without those of the idle task
  const { w, table, shown } = start(id, 'scap')
  table.prime(w.state, batchNs(0))
  w.play([switched(1, 100), switched(SECOND, 100)])
  table.sample(w.state, batchNs(SECOND))
  expect(shown(id === 'procs_cpu' ? 'TOT' : 'CPU', 100, SECOND)).toBe('')
})

test('a process of which only the number is known is a row only if it did something', () => {
  const nobody = { ...thread(300), comm: '', exe: '', exepath: '' }
  const w = new World({ ...shell(), threads: [...shell().threads, nobody, { ...nobody, tid: 301, pid: 301 }] }, {})
  const { table } = over('procs', w)
  table.prime(w.state, batchNs(0))
  w.play([report(1, 301, 0, 301), report(SECOND, 301, SECOND / 2, 301)])
  table.sample(w.state, batchNs(SECOND))
  expect(table.read(SECOND).map((r) => r.keys[0])).toEqual(expect.arrayContaining([1, 100, 301]))
  expect(table.read(SECOND).map((r) => r.keys[0])).not.toContain(300)
})
