// Which calls count, in which series, and with which values.
import { expect, test } from 'vitest'
import { CallTally } from '../../../src/metrics/call-tally.js'
import { dimensionsOf } from '../../../src/metrics/labels.js'
import { type Series, SeriesTable } from '../../../src/metrics/series.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

function tallied(by: readonly string[], limit = 100) {
  const dimensions = dimensionsOf(by)
  const table = new SeriesTable(
    dimensions.flatMap((d) => d.labels.map((l) => l.name)),
    { limit: 20 * (limit + 1), own: 0, each: 18 },
    () => 0,
  )
  const tally = new CallTally(table, dimensions)
  const count = (row: RowSpec, thread?: Thread) => {
    const e = eventOf(row)
    e.thread = thread
    tally.add(e, 0)
  }
  return { table, count }
}

function program(comm: string, container?: Container): Thread {
  const t = new Thread(1, 1, new FdTable())
  t.comm = comm
  t.container = container
  return t
}

const labels = (all: readonly Series[]) => all.map((s) => s.labels)

test('finished calls count, with errors, bytes and latencies; enter events and signals do not', () => {
  const { table, count } = tallied(['call'])
  count({ type: 'read', ret: 100, latency: 5000 })
  count({ type: 'read', ret: -9, latency: 100 })
  count({ type: 'read', ret: 0 })
  count({ type: 'read', enter: true })
  count({ type: 'write', ret: 7 })
  count({ type: 'copy_file_range', ret: 30 })
  count({ type: 'signaldeliver' })
  const [read, write, copied, ...others] = table.all() as [Series, Series, Series]
  expect(labels([read, write, copied])).toEqual([{ call: 'read' }, { call: 'write' }, { call: 'copy_file_range' }])
  expect(others).toEqual([])
  expect([read.calls, read.errors, read.bytes, read.latency]).toEqual([3, 1, { read: 100 }, 5100])
  expect([...read.buckets.slice(0, 4)]).toEqual([1, 0, 1, 0])
  expect([write.bytes, copied.bytes]).toEqual([{ write: 7 }, { read: 30, write: 30 }])
})

test('threads count with their process, processes of one program together', () => {
  const { table, count } = tallied(['program'])
  const main = program('java')
  const worker = new Thread(2, 1, main.fdTable, main)
  worker.comm = 'pool-1-thread-7'
  count({ type: 'read' }, main)
  count({ type: 'read' }, worker)
  count({ type: 'read' }, program('java'))
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([['java', 3]])
})

test('a process that runs another program counts with the new program', () => {
  const { table, count } = tallied(['program'])
  const t = program('sh')
  count({ type: 'read' }, t)
  t.comm = 'ls'
  count({ type: 'read' }, t)
  expect(labels(table.all())).toEqual([{ program: 'sh' }, { program: 'ls' }])
})

test('containers have their names, their ids until a name is known, and pods; the host has neither', () => {
  const { table, count } = tallied(['container', 'pod'])
  const c = new Container('0123456789ab', '', 'docker')
  const t = program('x', c)
  count({ type: 'read' }, t)
  const pod = { 'io.kubernetes.pod.name': 'shop-1', 'io.kubernetes.pod.namespace': 'shop' }
  c.info = { ...unnamed('0123456789ab', 'docker'), name: 'web', labels: pod }
  count({ type: 'read' }, t)
  count({ type: 'read' }, program('x'))
  expect(labels(table.all())).toEqual([
    { container: '0123456789ab' },
    { container: 'web', namespace: 'shop', pod: 'shop-1' },
    {},
  ])
})

test('control characters in names are escaped, and different names remain different series', () => {
  const { table, count } = tallied(['program'])
  for (const comm of ['a\x1b[2J', 'a\\x1b[2J', 'b\n', 'c\udcff']) count({ type: 'read' }, program(comm))
  const names = table.all().map((s) => s.labels.program)
  expect(names).toEqual(['a\\x1b[2J', 'b\\n', 'c\\xff'])
})

test('beyond the limit calls count as other, and none is lost when series are folded', () => {
  const { table, count } = tallied(['program', 'call'], 2)
  const t = program('x')
  for (const type of ['read', 'write', 'close', 'read', 'close']) count({ type }, t)
  expect(table.all().map((s) => [s.labels.call, s.calls])).toEqual([
    ['read', 2],
    ['write', 1],
    ['other', 2],
  ])
})
