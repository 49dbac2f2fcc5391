// Alerts in the UI: by rule, one by one, and the events around one.

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { firedRules } from '../../../src/rules/fired.js'
import type { RunRules } from '../../../src/run/context.js'
import { SIGNS } from '../../../src/tui/layout/timeline.js'
import { newPage } from '../../../src/tui/model/model.js'
import { Counters } from '../../../src/tui/worker/counters.js'
import { joinRows } from '../../../src/tui/worker/join-rows.js'
import type { Rows } from '../../../src/tui/worker/messages.js'
import { planView, planWithRules } from '../../../src/tui/worker/plan-view.js'
import { AROUND_FIELDS, type View } from '../../../src/views/define.js'
import { rule } from '../../helpers/rule.js'
import { context } from '../fields/evaluate.js'
import { World } from '../state/world.js'
import { inMemory, ofFile, ofMemory } from './retained.js'
import { BACK, DOWN, ENTER, meterOf, Ui, views } from './ui.js'

const view = (id: string) => views.find((v) => v.id === id) as View
const SECOND = 1_000_000_000n
/** ns since the epoch */
const NOON = 1_764_000_100n * SECOND

/** The worker's data about two alerts, one in a container and one on the host. */
function alerts(number: number): Rows {
  const columns = planView(
    view('alert_events'),
    { filter: '', inside: { containers: false }, sort: undefined, apart: false, data: 'text' },
    1000,
  ).columns
  const cells = (n: bigint, container: string, pid: number) => [
    ...['12:00:00.000000000', 'Error', 'Shell', 'sh', 'a shell'],
    ...[NOON + n * SECOND, container, pid, 'host'],
  ]
  const rows = [
    { id: '7', keys: [7], cells: cells(0n, '0123456789ab', 5) },
    { id: '-1.90', keys: [90], cells: cells(9n, 'host', 6) },
  ]
  const more = { sort: undefined, span: 1e9, time: 1, progress: undefined, cancelled: false }
  return { kind: 'rows', number, columns, rows, total: 2, ...more }
}

function events(number: number, ids: readonly string[], progress?: number): Rows {
  const columns = planView(
    view('dig'),
    { filter: '', inside: { containers: false }, sort: undefined, apart: false, data: 'text' },
    1000,
  ).columns
  const rows = ids.map((id) => ({ id, keys: [Number(id.replace(/^-\d+\./, ''))], cells: columns.map(() => id) }))
  return {
    kind: 'rows',
    number,
    columns,
    rows,
    total: ids.length,
    sort: undefined,
    span: 1e9,
    time: 1,
    progress,
    cancelled: false,
  }
}

const FILE = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
const opened = (id: string, over: object = {}) =>
  new Ui({ file: 'x.ksys', source: FILE, rulesFiles: ['rules.yaml'], pages: [newPage(view(id), undefined)], ...over })

function listed(over: object = {}): Ui {
  const ui = opened('alert_events', over)
  return ui.do({ kind: 'report', report: alerts(ui.state.number) })
}

const around = (n: bigint, who: string) =>
  `(evt.rawtime>=${NOON + (n - 1n) * SECOND} and evt.rawtime<=${NOON + (n + 1n) * SECOND}) and (${who})`

describe('Enter on an alert', () => {
  test('shows the events of its container within a second before and after, or on the host those of its process', () => {
    expect(listed().type(ENTER).lastAsk).toMatchObject({
      view: 'dig',
      filter: around(0n, 'container.id="0123456789ab"'),
    })
    expect(listed().type(DOWN + ENTER).lastAsk).toMatchObject({ view: 'dig', filter: around(9n, 'proc.pid=6') })
  })

  test("drops the filters of earlier pages, but not the user's own filter", () => {
    const drill = { field: 'rule.name', filter: 'rule.name=Shell', label: 'rule.name=Shell' }
    const pages = [newPage(view('alerts'), undefined), newPage(view('alert_events'), drill)]
    const ui = listed({ pages, filter: 'fd.type=file' })
    expect(ui.lastAsk?.filter).toBe('(fd.type=file) and rule.name=Shell')
    expect(ui.type(ENTER).lastAsk?.filter).toBe(`(fd.type=file) and ${around(0n, 'container.id="0123456789ab"')}`)
    expect(ui.type(BACK).lastAsk).toMatchObject({ view: 'alert_events', filter: '(fd.type=file) and rule.name=Shell' })
  })

  test('selects its event once it has arrived, unless the user moves', () => {
    const ui = listed().type(ENTER)
    const { number } = ui.state
    ui.do({ kind: 'report', report: events(number, ['1', '2', '3'], 0.5) })
    expect(ui.selected).toBe(1)
    ui.do({ kind: 'report', report: events(number, ['1', '2', '3', '6', '7', '8']) })
    expect(ui.selected).toBe(7)
    const moved = listed().type(ENTER)
    moved.do({ kind: 'report', report: events(moved.state.number, ['1', '2', '3'], 0.5) }).type(DOWN)
    expect(moved.selected).toBe(2)
    moved.do({ kind: 'report', report: events(moved.state.number, ['1', '2', '3', '7']) })
    expect(moved.selected).toBe(2)
  })

  test('works live too, whichever part of the retained events the event is in', () => {
    const live = { kind: 'source', live: true, label: '', host: 'h', inside: { containers: false } } as const
    const ui = listed({ file: undefined, source: live }).type(DOWN + ENTER)
    ui.do({ kind: 'report', report: events(ui.state.number, ['-3.80', '-3.90', '-3.91', '92']) })
    expect(ui.selected).toBe(90)
  })

  test('and then on the event shows its details', () => {
    const ui = listed().type(ENTER)
    ui.do({ kind: 'report', report: events(ui.state.number, ['6', '7', '8']) }).type(ENTER)
    expect(ui.effects.at(-1)).toMatchObject({ kind: 'send', request: { kind: 'detail', id: '7' } })
  })

  test('d shows the event alone', () => {
    expect(listed().type('d').lastAsk).toMatchObject({ view: 'dig', filter: 'evt.num=7' })
  })
})

test('Enter on a rule shows its alerts', () => {
  const ui = opened('alerts')
  const plan = planView(
    view('alerts'),
    { filter: '', inside: { containers: false }, sort: undefined, apart: false, data: 'text' },
    1000,
  )
  const rows = [
    {
      id: 'Write below etc',
      keys: ['Write below etc'],
      cells: [4, 'Warning', 3, 0.5, '12:00', 'Write below etc', 'o'],
    },
  ]
  const more = { total: 1, sort: plan.sort, span: 1e9, time: 1, progress: undefined, cancelled: false }
  ui.do({ kind: 'report', report: { kind: 'rows', number: ui.state.number, columns: plan.columns, rows, ...more } })
  expect(ui.text()).toMatch(/^ ▲P +PRIORITY +COUNT +RATE +LAST +RULE +Output$/m)
  expect(ui.type(ENTER).lastAsk).toMatchObject({ view: 'alert_events', filter: 'rule.name="Write below etc"' })
  expect(ui.type('y').text()).toContain(
    `ksys ui -r x.ksys -v alert_events --rules rules.yaml 'rule.name="Write below etc"'`,
  )
})

test('without rules the pages say how to load some, and promise nothing', () => {
  const source = { kind: 'source', live: true, label: '', host: 'h', inside: { containers: false } } as const
  for (const id of ['alerts', 'alert_events']) {
    const without = opened(id, { rulesFiles: [], file: undefined, source }).rows().text()
    expect(without).toContain('No rule fired. No rules are loaded: start with ksys ui --rules FILE.')
    expect(without).not.toContain('as they happen')
    const given = opened(id, { file: undefined, source }).rows().text()
    expect(given).toContain('No rule fired.')
    expect(given).toContain('as they happen')
    expect(given).not.toContain('--rules FILE')
  }
})

describe('live alerts', () => {
  const SHELL = fileURLToPath(new URL('../../../captures/shell.ksys', import.meta.url))
  const all = [
    rule('Open failed', 'evt.type in (open, openat) and evt.failed=true', { priority: 'Notice', output: '%fd.name' }),
    rule('Program', 'evt.type in (execve, execveat) and evt.failed=false', {
      priority: 'Error',
      output: '%proc.cmdline',
    }),
    rule('Any read', 'evt.type=read', { priority: 'Debug' }),
  ]
  const rules: RunRules = { all, masked: true }
  const query = { filter: '', inside: { containers: false }, sort: undefined, apart: false, data: 'text' } as const
  const plan = (id: string) => planWithRules(planView(view(id), query, 1000), rules)

  test('include all retained events, in whatever parts they are', async () => {
    const wanted = await ofFile(SHELL, plan('alerts'))
    expect(wanted.rows.map((r) => r.keys[0])).toEqual(['Program', 'Open failed', 'Any read'])
    const rate = plan('alerts').columns.findIndex((c) => c.title === 'RATE')
    const cellsOf = (rows: typeof wanted.rows) =>
      rows
        .map(({ id, keys, cells }) => ({ id, keys, cells: cells.filter((_, i) => i !== rate) }))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
    const rings = await inMemory(SHELL, 1500)
    try {
      const { rows } = await ofMemory(rings, plan('alerts'))
      expect(cellsOf(rows)).toEqual(cellsOf(wanted.rows))
    } finally {
      await rings.end()
    }
  })

  test('one by one equal those of the file', async () => {
    const wanted = await ofFile(SHELL, plan('alert_events'))
    expect(wanted.total).toBeGreaterThan(10)
    const rings = await inMemory(SHELL, Number.POSITIVE_INFINITY)
    try {
      const { rows, total } = await ofMemory(rings, plan('alert_events'), { all: true })
      expect(total).toBe(wanted.total)
      expect(rows.map((r) => r.cells)).toEqual(wanted.rows.map((r) => r.cells))
      expect(rows[0]?.cells).toHaveLength(plan('alert_events').columns.length + AROUND_FIELDS.length)
    } finally {
      await rings.end()
    }
  })
})

test('with the same key have the sum of their counts, and the latest values', () => {
  const row = (part: string, key: string, ...cells: (number | string | undefined)[]) => ({
    id: part + key,
    keys: [key],
    cells,
  })
  const rows = [row('-0.', 'a', 1, 'old', 5, 9), row('-1.', 'b', 2, 'b', 1, 1), row('', 'a', 3, undefined, 4, 11)]
  expect(joinRows(rows, ['sum', 'last', 'min', 'max'])).toEqual([
    { id: 'a', keys: ['a'], cells: [4, 'old', 4, 11] },
    { id: 'b', keys: ['b'], cells: [2, 'b', 1, 1] },
  ])
})

test('the timeline has a mark where a rule fired', () => {
  const w = new World()
  const ctx = { ...context(), state: w.state }
  const counters = new Counters(false)
  counters.attach({ ...ctx, rules: firedRules([rule('Close', 'evt.type=close')], ctx) })
  const rows = ['getppid', 'close', 'getppid'].map((type, i) => ({ type, tid: 1, time: i * 4e6 }))
  w.play(rows, (e) => counters.add(e))
  const { marks } = counters.read(1e9, { lost: 0, stateLost: 0, leftOut: 0, retained: undefined, armed: false })
  expect(marks).toEqual([{ bar: 4, kind: 'alert' }])
  const ui = new Ui({
    file: 'x.ksys',
    source: { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } },
  })
  ui.do({ kind: 'report', report: meterOf({ timeline: new Array(109).fill(1), marks, span: 1e9 }) }).rows(1)
  expect(ui.cells()[2]?.[14]).toBe(SIGNS.find((s) => s.kind === 'alert')?.sign)
})
