// Spectrograms: the counts in cells, the query for a rectangle of them, and its view.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { latenciesOf, PARTS, partOf } from '../../../src/tui/latency-parts.js'
import { callsIn, rectangleOf } from '../../../src/tui/layout/spectrogram.js'
import { newPage } from '../../../src/tui/model/model.js'
import { Intervals, MOST_INTERVALS } from '../../../src/tui/worker/intervals.js'
import type { RowData } from '../../../src/tui/worker/messages.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import { joinIntervals } from '../../../src/tui/worker/spectrogram-builder.js'
import type { RowSlice, ViewPlan } from '../../../src/tui/worker/view-plan.js'
import type { View } from '../../../src/views/define.js'
import { inMemory, ofFile, ofMemory } from './retained.js'
import { BACK, DOWN, ENTER, Ui, views } from './ui.js'

const BUILD = fileURLToPath(new URL('../../../captures/build.ksys', import.meta.url))
const RIGHT = '\x1b[C'
const F12 = '\x1b[24~'

const viewOf = (id: string) => views.find((v) => v.id === id) as View
const planOf = (id: string, filter = '', refresh = 2) =>
  planView(
    viewOf(id),
    { filter, inside: { containers: false }, sort: undefined, apart: false, data: 'masked' },
    refresh,
  )

/** The UI with a spectrogram on its screen. */
function shown({ rows, total }: RowSlice, over: Partial<Ui['state']> = {}, id = 'spectro_all'): Ui {
  const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
  const ui = new Ui({ file: 'x.ksys', source, pages: [newPage(viewOf(id), undefined)], ...over })
  return report(ui, rows, total)
}

const report = (ui: Ui, rows: readonly RowData[], total = rows.length): Ui =>
  ui.do({
    kind: 'report',
    report: {
      kind: 'rows',
      number: ui.state.number,
      columns: [],
      rows,
      total,
      sort: undefined,
      span: 1e9,
      time: 0,
      progress: undefined,
      cancelled: false,
    },
  })

/** Rows of a second each, with calls at some latencies (ns). */
const seconds = (...calls: readonly (readonly [ns: number, calls: number])[][]): RowData[] =>
  calls.map((all, i) => {
    const cells = new Array<number>(PARTS).fill(0)
    for (const [ns, n] of all) cells[partOf(ns)] = n
    const begin = 1_764_000_000_000_000_000n + BigInt(i) * 1_000_000_000n
    return { id: String(begin), keys: [begin, begin + 1_000_000_000n], cells }
  })

test('each latency is in one part, whose bounds contain it', () => {
  for (let ns = 1; ns < 1e13; ns = Math.ceil(ns * 1.013)) {
    const part = partOf(ns)
    const { from, below } = latenciesOf(part, part)
    expect(from).toBeLessThanOrEqual(ns)
    if (below !== undefined) expect(ns).toBeLessThan(below)
  }
  for (let power = 0; power < 11; power++) expect(latenciesOf(partOf(10 ** power), PARTS).from).toBe(10 ** power)
})

describe('the number of calls of a rectangle is the sum of its cells', () => {
  const MARKS = [
    '',
    DOWN,
    ` ${RIGHT.repeat(3)}`,
    ` ${DOWN.repeat(5)}${RIGHT.repeat(9)}`,
    `\x1b[H \x1b[F${RIGHT.repeat(99)}`,
  ]

  const same = async (answer: (plan: ViewPlan) => Promise<RowSlice>, width: number, id = 'spectro_all') => {
    const whole = await answer(planOf(id))
    for (const keys of MARKS) {
      const ui = shown(whole, { width }, id).type(keys)
      const r = rectangleOf(ui.state)
      const calls = r === undefined ? -1 : callsIn(ui.state, r)
      if (keys.length > 50) expect(calls).toBeGreaterThan(100)
      const filter = ui.type(ENTER).lastAsk?.filter ?? ''
      expect(ui.lastAsk?.view).toBe('dig')
      expect((await answer(planOf('dig', filter))).total, `${keys} at ${width}: ${filter}`).toBe(calls)
    }
  }

  test.each([40, 80, 120, 240])('in a file, in %i cells', (width) => same((plan) => ofFile(BUILD, plan), width))

  test('for the calls on files', () => same((plan) => ofFile(BUILD, plan), 120, 'spectro_file'))

  test('for retained events', async () => {
    const rings = await inMemory(BUILD, 1000)
    expect((await rings.segments({})).length).toBeGreaterThan(2)
    await same((plan) => ofMemory(rings, plan, { all: true }), 120)
    const [kept, file] = [await ofMemory(rings, planOf('spectro_all')), await ofFile(BUILD, planOf('spectro_all'))]
    const calls = ({ rows }: RowSlice) => rows.flatMap((r) => r.cells as number[]).reduce((a, b) => a + b)
    expect(calls(kept)).toBe(calls(file))
    await rings.end()
  })
})

test('intervals of a file grow with it, live ones are refreshes', () => {
  const file = new Intervals(1_764_000_000_123_456_789n, undefined)
  let steps = file.step
  for (let time = 0; time < 30 * 86_400e9; time = (time + 1e6) * 1.1) {
    steps *= file.grow(time)
    expect(file.step).toBe(steps)
    expect(file.at(time) - file.at(0)).toBeLessThan(MOST_INTERVALS)
    expect(Number(file.begin(file.at(time)) - 1_764_000_000_123_456_789n)).toBeLessThanOrEqual(time)
  }
  const live = new Intervals(1_764_000_000_123_456_789n, 2e9)
  expect(live.begin(live.at(5e9))).toBe(1_764_000_004_000_000_000n)
  expect(live.grow(1e15)).toBe(1)
})

test('rows of one interval are joined, and time without calls has rows too', () => {
  const [a, , , d] = seconds([[1000, 1]], [], [], [[1000, 2]]) as [RowData, RowData, RowData, RowData]
  const rows = joinIntervals([d, a, { ...a, id: '-1.x' }])
  expect(rows.map((r) => r.cells[partOf(1000)])).toEqual([2, 0, 0, 2])
  expect(joinIntervals([])).toEqual([])
})

describe('the screen', () => {
  const rows = seconds([[1000, 1]], [[1000, 30]], [[20_000, 20_000]])

  test.each([
    [80, 24],
    [120, 40],
  ])('of %ix%i has the axis, a row for each interval, and at its end a description of the cell', (width, height) => {
    const lines = shown({ rows, total: 3 }, { width, height }).type(DOWN).cells()
    const titles = lines.findIndex((l) => l.startsWith('TIME'))
    expect(lines[titles]).toMatch(/^TIME {6}\|1ns .*\|10us/)
    const cell = (row: number) => (lines[titles + 1 + row] ?? '').slice(10).trim()
    expect([cell(0), cell(1), cell(2)]).toEqual(['.', ';', '@'])
    expect(lines.at(-1)).toMatch(/^F1 Help .* \d\d:\d\d:\d\d \+1\.00s {2}1\.00us\.\.\S+ {2}30 calls $/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
  })

  test('describes the selected rectangle; Space and Esc cancel it', () => {
    const ui = shown({ rows, total: 3 }).type(`${DOWN}${DOWN} \x1b[A\x1b[A${RIGHT.repeat(30)}`)
    expect(ui.text()).toMatch(/\+3\.00s {2}1\.00us\.\.\S+ {2}20031 calls$/)
    expect(ui.type('\x1b').text()).toMatch(/\+1\.00s .* 0 calls$/)
    expect(ui.type(` ${DOWN} `).text()).toMatch(/\+1\.00s .* 0 calls$/)
    expect(ui.type(ENTER).text().split('\n')[0]).toMatch(/Spectrogram › \d\d:\d\d:\d\d \+1\.00s \S+ Dig/)
  })

  test('the mouse selects, and a double-click opens a cell', () => {
    const ui = shown({ rows, total: 3 })
    const at = ui.cells().findIndex((l) => l.startsWith('TIME')) + 1
    const input = (action: string, x: number, y: number, time = 0) =>
      ui.do({ kind: 'input', input: { type: 'mouse', action, button: 0, x, y } as never, at: time })
    input('press', 10, at)
    input('drag', 119, at + 2)
    input('release', 119, at + 2)
    expect(ui.text()).toMatch(/\+3\.00s {2}1ns and more {2}20031 calls$/)
    input('press', 40, at + 1, 1000)
    expect(ui.text()).toMatch(/ 30 calls$/)
    expect(input('press', 40, at + 1, 1100).lastAsk?.view).toBe('dig')
  })

  test('without calls has a message, and has no columns to sort by', () => {
    expect(shown({ rows: [], total: 0 }).text()).toContain('No matching call has a known latency.')
    expect(shown({ rows, total: 3 }).type('>').text()).toContain('Spectrogram has no columns to sort by')
  })

  test('live, its latest row stays in view', () => {
    const many = seconds(...Array.from({ length: 60 }, () => []))
    const source = { kind: 'source', live: true, label: '', host: 'h', inside: { containers: false } } as const
    const ui = shown({ rows: many, total: 60 }, { source, file: undefined })
    expect(ui.state.pages[0]).toMatchObject({ at: 59 })
  })
})

test('F12 is for the selected row, Shift+F12 for its calls on files; Backspace returns to the same place', () => {
  const ui = new Ui().rows(1, 2).type(DOWN).type(F12)
  expect(ui.lastAsk).toMatchObject({ view: 'spectro_all', filter: 'proc.pid=2' })
  expect(report(ui, seconds([[1000, 1]])).type('\x1b[24;2~').lastAsk).toMatchObject({
    view: 'spectro_file',
    filter: 'proc.pid=2',
  })
  expect(report(ui, seconds([[1000, 1]])).type(ENTER).lastAsk?.filter).toMatch(
    /^proc\.pid=2 and \(evt\.rawtime>=.*\) and \(\(evt\.latency>0\) and \(fd\.type=file\)\)$/,
  )
  expect(ui.type(BACK).type(BACK).lastAsk).toMatchObject({ view: 'procs', filter: '' })
})
