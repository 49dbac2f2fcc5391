// Short-lived processes, and the tree of processes, with hand-made processes.
import { describe, expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { RowData, ViewQuery } from '../../../src/tui/worker/messages.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import { related } from '../../../src/tui/worker/tree.js'
import type { View } from '../../../src/views/define.js'
import { loadViews } from '../../../src/views/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { info, World } from '../state/world.js'

const views = await loadViews()
const viewOf = (id: string) => views.find((v) => v.id === id) as View
const SECOND = 1e9
const ms = (n: number) => n * 1e6

/** The rows of a process that `parent` starts at a time (ms): it reads `bytes` and exits after the given ms, or continues. */
function life(pid: number, parent: number, exe: string, from: number, lives: number | undefined, bytes: number) {
  const shared = { vtid: pid, vpid: pid, shared: 0, ptid: parent }
  const rows: RowSpec[] = [
    { type: CODE.ks_fork, tid: parent, time: ms(from), params: { tid: pid, pid, ...shared, comm: exe } },
    { type: 'execve', tid: pid, time: ms(from) + 1, params: { exe, comm: exe, args: [], pid, ptid: parent } },
    { type: 'read', tid: pid, time: ms(from) + 2, ret: bytes, params: { res: bytes, fd: 0, size: bytes } },
  ]
  if (lives !== undefined) rows.push({ type: 'procexit', tid: pid, time: ms(from + lives), params: {} })
  return rows
}

interface Given {
  readonly view?: string
  readonly live?: boolean
  readonly ask?: Partial<ViewQuery>
}

/** The rows over a second in which this happens, with their cells by title. */
function rowsOf(lives: readonly RowSpec[][], { view = 'procs', live = true, ask = {} }: Given = {}) {
  const w = new World()
  const query = {
    filter: '',
    inside: { containers: false },
    sort: undefined,
    apart: false,
    data: 'masked' as const,
    ...ask,
  }
  const plan = planView(viewOf(view), query, 1000)
  const answer = plan.start({ ...context(), info, states: [w.state] }, live)
  answer.prime(w.state, 0)
  const rows = [...lives.flat(), { type: 'getppid', tid: 1, time: ms(999) }]
  w.play(
    rows.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)),
    (e) => answer.add(e),
  )
  answer.keepUp?.(w.state, SECOND)
  answer.sample(w.state, SECOND)
  const titled = (cells: RowData['cells'] = []) => Object.fromEntries(plan.columns.map((c, i) => [c.title, cells[i]]))
  const { rows: told } = answer.take(SECOND, 1000, undefined)
  return told.map((row) => ({ row, is: titled(row.cells), all: titled(row.subtree) }))
}

/** This many curls started by the shell, each of which reads 100 bytes. */
const curls = (n: number, from = 200) =>
  Array.from({ length: n }, (_, i) => life(from + i, 100, 'curl', 10 + i, 5, 100))
const named = (rows: ReturnType<typeof rowsOf>, what: string) =>
  rows.filter(({ is }) => String(is.Command).startsWith(what))

describe('processes that ran for less than a refresh', () => {
  test('are one row by program and parent, with their sums and their common values', () => {
    const rows = rowsOf([...curls(300), life(900, 100, 'wget', 5, 3, 7), life(901, 100, 'server', 5, undefined, 50)])
    const [crowd, ...others] = named(rows, 'curl')
    expect(others).toEqual([])
    expect(crowd?.is).toMatchObject({ Command: 'curl x300 of sh', FILE: 30_000, PPID: 100 })
    expect(crowd?.is.PID).toBeUndefined()
    expect(crowd?.row).toMatchObject({ group: { by: ['curl', 'sh'], count: 300 }, parent: '100' })
    // a single process is no crowd, nor is one that continues
    expect(named(rows, 'wget')[0]).toMatchObject({ is: { PID: 900 }, row: { keys: [900] } })
    expect(named(rows, 'server')[0]?.row).toMatchObject({ id: '901', young: true })
    expect(rows).toHaveLength(5)
  })

  test('retain the id of their row, whether they are one or many', () => {
    const ids = [1, 2, 40].map((n) => named(rowsOf(curls(n, 200 + n)), 'curl').map(({ row }) => row.id))
    expect(ids[0]).toHaveLength(1)
    expect(new Set(ids.flat()).size).toBe(1)
  })

  test('of a file are separate rows if they are few', () => {
    const pids = Array.from({ length: 10 }, (_, i) => 200 + i)
    expect(
      named(rowsOf(curls(10), { live: false }), 'curl')
        .map(({ is }) => is.PID)
        .sort(),
    ).toEqual(pids)
    expect(named(rowsOf(curls(11), { live: false }), 'curl').map(({ is }) => is.Command)).toEqual(['curl x11 of sh'])
  })

  test('are separate rows on request, and if they ran longer', () => {
    expect(named(rowsOf(curls(9), { ask: { apart: true } }), 'curl')).toHaveLength(9)
    const long = [0, 1].map((i) => life(200 + i, 100, 'curl', -500, 1200, 10))
    expect(named(rowsOf(long), 'curl')).toHaveLength(2)
  })

  test('are one row in every view whose rows are processes or threads', () => {
    for (const view of ['procs_cpu', 'procs_fd_usage', 'threads']) {
      const crowds = rowsOf(curls(9), { view }).filter(({ row }) => row.group !== undefined)
      expect(
        crowds.map(({ is }) => is.Command),
        view,
      ).toEqual(['curl x9 of sh'])
    }
  })

  test('are counted only if they pass the filter', () => {
    const some = rowsOf(curls(9), { ask: { filter: 'proc.pid>=204' } })
    expect(named(some, 'curl').map(({ is }) => is.Command)).toEqual(['curl x5 of sh'])
  })
})

describe('the process tree', () => {
  const family = [life(200, 100, 'make', 10, undefined, 1), life(201, 200, 'cc', 20, undefined, 10), ...curls(3, 300)]

  test('each row has its ancestors, and the totals of itself with all of its descendants', () => {
    const by = new Map(rowsOf(family).map((r) => [String(r.is.Command).split(' ')[0], r]))
    expect(['cc', 'make', 'curl'].map((what) => by.get(what)?.row.parent)).toEqual(['200', '100', '100'])
    expect(['make', '/bin/p100', 'cc'].map((what) => by.get(what)?.all.FILE)).toEqual([11, 311, undefined])
  })

  test('if the parent is excluded, its nearest visible ancestor takes its place', () => {
    const rows = rowsOf(family, { ask: { filter: 'proc.name in (sh, cc)' } })
    expect(rows.map(({ row }) => [row.id, row.parent])).toEqual(
      expect.arrayContaining([
        ['100', undefined],
        ['201', '100'],
      ]),
    )
  })

  test('the main thread is the parent of the other threads', () => {
    const thread: RowSpec = {
      type: CODE.ks_fork,
      tid: 100,
      time: 5,
      params: { tid: 150, pid: 100, vtid: 150, vpid: 100, shared: 7, ptid: 1, comm: 'worker' },
    }
    const row = rowsOf([[thread]], { view: 'threads' }).find(({ is }) => is.TID === 150)?.row
    expect(row).toMatchObject({ id: '150', parent: '100' })
  })

  test('a cycle of links loses no process', () => {
    const lives: Record<string, string> = { a: 'b', b: 'a', c: 'a', d: 'c' }
    const rows = Object.keys(lives).map((id): RowData => ({ id, keys: [id], cells: [] }))
    const of = (id: string) => ({ parent: lives[id], began: undefined, lived: undefined, ended: false })
    const told = related(
      rows.map((row) => ({ row, of: [row.id] })),
      of,
      [],
    )
    expect(told.map((r) => r.parent)).toEqual([undefined, 'a', 'a', 'c'])
  })
})
