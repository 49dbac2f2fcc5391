// Rows of a live table: the selection, ended rows, order, and saved settings.
import { describe, expect, test } from 'vitest'
import { page } from '../../../src/tui/model/model.js'
import type { Meter, RowData, Rows } from '../../../src/tui/worker/messages.js'
import { DOWN, ENTER, snapshot, Ui } from './ui.js'

describe('selection', () => {
  test('it remains on its process while the order changes', () => {
    const ui = new Ui().rows(1, 2, 3, 4, 5).type(DOWN + DOWN)
    expect(ui.selected).toBe(3)
    for (const order of [
      [3, 1, 2, 4, 5],
      [5, 4, 2, 1, 3],
      [2, 5, 3, 1, 4],
      [9, 8, 7, 3, 6],
    ])
      expect(ui.rows(...order).selected).toBe(3)
  })

  test('the window follows a row that the user selected, also to the far end', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    const ui = new Ui().rows(...many).type(DOWN)
    ui.rows(...many.filter((x) => x !== 2), 2)
    expect(ui.selected).toBe(2)
    expect(ui.text()).toContain('program 2\n')
  })

  test('before the user moves, the top of the table stays in view', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    const ui = new Ui().rows(...many).rows(...many.slice(1), 1)
    expect(ui.text()).toContain('program 2\n')
    expect(page(ui.state).top).toBe(0)
  })

  test('moving stops at both ends, and works in a table without rows', () => {
    const ui = new Ui().type(`${DOWN}\x1b[5~\x1b[6~\x1b[Hj k${ENTER}/x`)
    expect(ui.selected).toBeUndefined()
    const some = new Ui().rows(1, 2, 3).type('kk')
    expect(some.selected).toBe(1)
    expect(some.type('\x1b[6~').selected).toBe(3)
    expect(some.type('g').selected).toBe(1)
    expect(some.type('G').selected).toBe(3)
  })
})

describe('rows that end', () => {
  test('remain grey for three snapshots and then disappear', () => {
    const ui = new Ui().rows(1, 2, 3)
    for (let i = 0; i < 3; i++) {
      ui.rows(1)
      expect(ui.state.result?.rows.filter((r) => r.absentFor > 0).map((r) => r.id)).toEqual(['2', '3'])
    }
    ui.rows(1)
    expect(ui.state.result?.rows.map((r) => r.id)).toEqual(['1'])
  })

  test('disappear at once if they were short-lived: the crowd includes them from now on', () => {
    const ui = new Ui()
    const before = snapshot(ui.state.number, [1, 2])
    const report = { ...before, rows: before.rows.map((r): RowData => ({ ...r, young: true })) }
    ui.do({ kind: 'report', report }).rows(1)
    expect(ui.state.result?.rows.map((r) => r.id)).toEqual(['1'])
  })

  test('are ordinary rows again if they return', () => {
    const ui = new Ui().rows(1, 2).rows(1).rows(1, 2)
    expect(ui.state.result?.rows.every((r) => r.absentFor === 0)).toBe(true)
  })
})

describe('sorting', () => {
  test('Shift and a number sort at once, again in the other direction; the worker is informed', () => {
    const ui = new Ui().rows(5, 9, 7).type('!')
    expect(ui.state.result?.rows.map((r) => r.id)).toEqual(['9', '7', '5'])
    ui.type('!')
    expect(ui.state.result?.rows.map((r) => r.id)).toEqual(['5', '7', '9'])
    expect(ui.effects).toContainEqual({
      kind: 'send',
      request: { kind: 'sort', number: ui.state.number, sort: { column: 0, ascending: true } },
    })
  })

  test('a click on a title sorts, a click on a row selects, a double-click opens', () => {
    const ui = new Ui().rows(1, 2, 3)
    const lines = ui.text().split('\n')
    const y = lines.findIndex((l) => l.includes('▼CPU')) + 1
    const x = (lines[y - 1] ?? '').indexOf('PID') + 1
    ui.type(`\x1b[<0;${x};${y}M`)
    expect(ui.state.result?.sort).toEqual({ column: 0, ascending: false })
    ui.type(`\x1b[<0;5;${y + 2}M`, 1000)
    expect(ui.selected).toBe(2)
    ui.type(`\x1b[<0;5;${y + 2}M`, 5000)
    expect(ui.state.pages.length).toBe(1)
    ui.type(`\x1b[<0;5;${y + 2}M`, 5200)
    expect(ui.lastAsk?.filter).toBe('proc.pid=2')
  })

  test('in a menu the wheel moves and a click selects', () => {
    const ui = new Ui().rows(1, 2, 3).type('v')
    ui.type('\x1b[<65;5;10M')
    expect(ui.state.overlay).toMatchObject({ kind: 'views', at: 1 })
    const y =
      ui
        .text()
        .split('\n')
        .findIndex((l) => /^ +Threads /.test(l)) + 1
    ui.type(`\x1b[<0;60;${y}M`)
    expect(ui.state.overlay).toBeDefined()
    ui.type(`\x1b[<0;5;${y}M`)
    expect(ui.state.overlay).toBeUndefined()
    expect(ui.lastAsk?.view).toBe('threads')
  })
})

test('paused numbers do not change until the page continues', () => {
  const ui = new Ui().rows(1, 2).type('p').rows(3, 4)
  expect(ui.text()).toContain('PAUSED')
  expect(ui.text()).toContain('program 1')
  expect(ui.type('p').rows(3, 4).text()).toContain('program 3')
})

test('Enter on a row that has ended shows its calls, if they are retained', () => {
  const retaining = (ns: number | undefined) =>
    new Ui({ meter: { retained: ns } as Meter })
      .rows(1, 2)
      .rows(1)
      .type(DOWN + ENTER).lastAsk
  expect(retaining(5e9)).toMatchObject({ view: 'dig', filter: 'proc.pid=2' })
  expect(retaining(undefined)).toMatchObject({ view: 'threads', filter: 'proc.pid=2' })
})

test('an unchanged row is not drawn again', () => {
  const ui = new Ui()
  const rows = (busy: number) => [
    { id: 'a', keys: [1], cells: [1, 1, 'idle'.repeat(2)] },
    { id: 'b', keys: [2], cells: [2, busy, 'works'.repeat(2)] },
  ]
  const answers = [5, 6].map((busy) => {
    const report: Rows = { ...snapshot(ui.state.number, []), rows: rows(busy), total: 2 }
    return ui.do({ kind: 'report', report: structuredClone(report) }).state.result
  })
  const [first, second] = answers
  expect(second?.columns).toBe(first?.columns)
  expect(second?.rows.find((r) => r.id === 'a')).toBe(first?.rows.find((r) => r.id === 'a'))
  expect(second?.rows.map((r) => r.cells)).toEqual(rows(6).map((r) => r.cells))
})
