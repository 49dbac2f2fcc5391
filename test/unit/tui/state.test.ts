// The reducer: what a person does, and what the worker reports, change the screen as they should.
import { describe, expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/index.js'
import { screenLines } from '../../../src/tui/draw/screen.js'
import { Decoder } from '../../../src/tui/input/decoder.js'
import { BINDINGS, commandFor } from '../../../src/tui/keys/bindings.js'
import { REMEMBERED } from '../../../src/tui/state/history.js'
import { type Effect, newPage, page, type UiState } from '../../../src/tui/state/model.js'
import { askAgain, commandLine, literal, wholeFilter } from '../../../src/tui/state/question.js'
import { selectedRow } from '../../../src/tui/state/selection.js'
import { type Action, update } from '../../../src/tui/state/update.js'
import type { ColumnInfo, RowData, Rows } from '../../../src/tui/worker/messages.js'
import { loadViews } from '../../../src/views/index.js'

const views = await loadViews()

/** A UI that effects are collected of. */
class Ui {
  state: UiState
  readonly effects: Effect[] = []

  constructor(over: Partial<UiState> = {}) {
    const view = views.find((v) => v.id === 'procs') ?? views[0]!
    const start: UiState = {
      width: 120,
      height: 20,
      views,
      wanted: { containers: false },
      inside: { containers: false },
      refresh: 1000,
      file: undefined,
      filter: '',
      source: { kind: 'source', live: true, label: '', host: 'host', inside: { containers: false } },
      meter: undefined,
      own: 0,
      pages: [newPage(view, undefined)],
      number: 0,
      answer: undefined,
      refused: undefined,
      held: false,
      history: [],
      mouse: true,
      search: '',
      overlay: undefined,
      note: undefined,
      damaged: false,
      failed: undefined,
      click: undefined,
    }
    this.state = { ...start, ...over }
    this.take(askAgain(this.state))
  }

  do(a: Action): this {
    return this.take(update(this.state, a))
  }

  /** Types bytes as a terminal sends them. */
  type(bytes: string, at = 0): this {
    const d = new Decoder()
    for (const input of [...d.push(Buffer.from(bytes)), ...d.flush()]) this.do({ kind: 'input', input, at })
    return this
  }

  /** A snapshot with these pids, in this order, cpu falling. */
  rows(...pids: number[]): this {
    return this.do({ kind: 'report', report: snapshot(this.state.number, pids) })
  }

  text(): string {
    return screenLines(this.state)
      .map((l) =>
        l
          .map(([t]) => t)
          .join('')
          .trimEnd(),
      )
      .join('\n')
  }

  get selected(): unknown {
    return selectedRow(this.state)?.keys[0]
  }

  get lastAsk() {
    const asks = this.effects.flatMap((e) => (e.kind === 'send' && e.request.kind === 'ask' ? [e.request] : []))
    return asks.at(-1)
  }

  private take({ state, effects }: ReturnType<typeof update>): this {
    this.state = state
    this.effects.push(...effects)
    return this
  }
}

const column = (title: string, right: boolean, width = 8): ColumnInfo => ({
  title,
  field: title,
  unit: right ? 'count' : 'text',
  width,
  right,
  doc: '',
})
const COLUMNS = [column('PID', true), column('CPU', true), column('Command', false, 0)]

let clock = 1000

function snapshot(number: number, pids: readonly number[]): Rows {
  const rows: RowData[] = pids.map((pid, i) => ({
    id: String(pid),
    keys: [pid],
    cells: [pid, 100 - i, `program ${pid}`, '/bin/program', 'shell', 'program'],
  }))
  return {
    kind: 'rows',
    number,
    columns: COLUMNS,
    rows,
    total: rows.length,
    sort: { column: 1, ascending: false },
    span: 1e9,
    time: clock++,
    progress: undefined,
    cancelled: false,
  }
}

const DOWN = '\x1b[B'
const ENTER = '\r'
const BACK = '\x7f'

describe('selection', () => {
  test('it stays on its process while the order changes', () => {
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

  test('the window follows a row that the person chose, also to the far end', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    const ui = new Ui().rows(...many).type(DOWN)
    ui.rows(...many.filter((x) => x !== 2), 2)
    expect(ui.selected).toBe(2)
    expect(ui.text()).toContain('program 2\n')
  })

  test('before the person moved, the top of the table stays in view', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    const ui = new Ui().rows(...many).rows(...many.slice(1), 1)
    expect(ui.text()).toContain('program 2\n')
    expect(page(ui.state).top).toBe(0)
  })

  test('moving stops at both ends, and a table without rows is survived', () => {
    const ui = new Ui().type(`${DOWN}\x1b[5~\x1b[6~\x1b[Hj k${ENTER}/x`)
    expect(ui.selected).toBeUndefined()
    const some = new Ui().rows(1, 2, 3).type('kk')
    expect(some.selected).toBe(1)
    expect(some.type('\x1b[6~').selected).toBe(3)
    expect(some.type('g').selected).toBe(1)
    expect(some.type('G').selected).toBe(3)
  })
})

describe('the way down and back', () => {
  test('Enter asks for the selected row alone, Backspace returns to it', () => {
    const ui = new Ui().rows(1, 2, 3).type(DOWN + ENTER)
    expect(ui.lastAsk).toMatchObject({ view: 'threads', filter: 'proc.pid=2' })
    expect(ui.text()).toContain('Processes › proc.pid=2 Threads')
    ui.rows(21, 22).type(DOWN + BACK)
    expect(ui.lastAsk).toMatchObject({ view: 'procs', filter: '' })
    expect(ui.rows(3, 1, 2).selected).toBe(2)
  })

  test('what was asked before is not shown when its answer comes late', () => {
    const ui = new Ui().rows(1, 2)
    const late = snapshot(ui.state.number, [7, 8])
    ui.type(ENTER).do({ kind: 'report', report: late })
    expect(ui.state.answer).toBeUndefined()
  })

  test('filters of all levels are joined with the person’s own', () => {
    const ui = new Ui({ filter: 'proc.name=a or proc.name=b' }).rows(1).type(ENTER).rows(5).type(ENTER)
    expect(wholeFilter(ui.state)).toBe('(proc.name=a or proc.name=b) and proc.pid=1 and thread.tid=5')
    expect(commandLine(ui.state)).toBe(`ksys ui -v files '${wholeFilter(ui.state)}'`)
  })

  test('views offered below a row are those that fit its selection', () => {
    const ui = new Ui().rows(1).type(ENTER).rows(5).type('v')
    expect(ui.text()).toContain('Select view')
    expect(ui.text()).not.toContain('Syscall Callers')
    ui.type(BACK)
    expect(ui.state.overlay).toBeUndefined()
  })
})

describe('rows that end', () => {
  test('stay grey for three snapshots and are then summed up by program and parent', () => {
    const ui = new Ui().rows(1, 2, 3)
    for (let i = 0; i < 3; i++) {
      ui.rows(1)
      expect(ui.state.answer?.rows.filter((r) => r.gone > 0).map((r) => r.id)).toEqual(['2', '3'])
    }
    ui.rows(1)
    expect(ui.text()).toContain('/bin/program of shell: 2 ended')
    expect(ui.state.answer?.rows.length).toBe(2)
  })

  test('one that comes back is a row again', () => {
    const ui = new Ui().rows(1, 2).rows(1).rows(1, 2)
    expect(ui.state.answer?.rows.every((r) => r.gone === 0)).toBe(true)
  })
})

describe('sorting', () => {
  test('Shift and a number sort at once, again the other way; the worker is told', () => {
    const ui = new Ui().rows(5, 9, 7).type('!')
    expect(ui.state.answer?.rows.map((r) => r.id)).toEqual(['9', '7', '5'])
    ui.type('!')
    expect(ui.state.answer?.rows.map((r) => r.id)).toEqual(['5', '7', '9'])
    expect(ui.effects.at(-1)).toEqual({
      kind: 'send',
      request: { kind: 'sort', number: ui.state.number, sort: { column: 0, ascending: true } },
    })
  })

  test('a click on a title sorts, a click on a row selects, two go in', () => {
    const ui = new Ui().rows(1, 2, 3)
    const lines = ui.text().split('\n')
    const y = lines.findIndex((l) => l.includes('▼CPU')) + 1
    const x = (lines[y - 1] ?? '').indexOf('PID') + 1
    ui.type(`\x1b[<0;${x};${y}M`)
    expect(ui.state.answer?.sort).toEqual({ column: 0, ascending: false })
    ui.type(`\x1b[<0;5;${y + 2}M`, 1000)
    expect(ui.selected).toBe(2)
    ui.type(`\x1b[<0;5;${y + 2}M`, 5000)
    expect(ui.state.pages.length).toBe(1)
    ui.type(`\x1b[<0;5;${y + 2}M`, 5200)
    expect(ui.lastAsk?.filter).toBe('proc.pid=2')
  })

  test('in a menu the wheel marks and a click takes', () => {
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

test('pages of text go to their end and no further', () => {
  const ui = new Ui().rows(1).type('?')
  for (let i = 0; i < 20; i++) ui.type('\x1b[6~')
  const end = ui.text()
  expect(end).not.toContain('more')
  expect(ui.type('\x1b[F').text()).toBe(end)
  expect(ui.type('\x1b[A').text()).not.toBe(end)
  expect(ui.type('\x1b[H').text()).toContain('this page')
})

describe('typing', () => {
  test('a wrong filter is told with its place and changes nothing', () => {
    const ui = new Ui().rows(1).type('\\proc.nam=x\r')
    expect(ui.text()).toMatch(/unknown field 'proc.nam'/)
    expect(ui.text()).toContain('^^^^')
    expect(ui.lastAsk?.filter).toBe('')
    ui.type('\x1b')
    expect(ui.state.overlay).toBeUndefined()
  })

  test('a pasted filter is one line; Enter uses it', () => {
    const ui = new Ui().rows(1).type('\\\x1b[200~proc.name=cat\nand fd.num=1\x1b[201~\r')
    expect(ui.lastAsk?.filter).toBe('proc.name=cat and fd.num=1')
  })

  test('keys of the table are text while a line is typed', () => {
    const ui = new Ui().rows(1, 2).type('/q')
    expect(ui.effects.some((e) => e.kind === 'quit')).toBe(false)
    expect(ui.state.search).toBe('q')
    ui.type('\x1b').type('q')
    expect(ui.effects.at(-1)).toEqual({ kind: 'quit' })
  })

  test('search goes to the row that has the text', () => {
    const ui = new Ui().rows(1, 2, 30, 4, 31).type('/m 3')
    expect(ui.selected).toBe(30)
    ui.type('\rn')
    expect(ui.selected).toBe(31)
    ui.type('n')
    expect(ui.selected).toBe(30)
    expect(ui.type('/nowhere').text()).toContain('no row has "nowhere"')
  })
})

describe('containers and pods', () => {
  const found = (ui: Ui, containers: boolean, pods: boolean) =>
    ui.do({
      kind: 'report',
      report: { kind: 'source', live: true, label: '', host: 'host', inside: { containers, pods } },
    })

  test('their columns come with the first of them; order and selection stay what they were', () => {
    const ui = new Ui().rows(1, 2, 3).type(DOWN).type('#')
    const cpu = ui.lastAsk?.number
    expect(page(ui.state).sort?.column).toBe(2)
    found(ui, true, false)
    expect(ui.lastAsk?.number).toBe((cpu ?? 0) + 1)
    // one more column stands left of the sorted one
    expect(ui.lastAsk).toMatchObject({ inside: { containers: true, pods: false }, sort: { column: 3 } })
    expect(ui.rows(1, 2, 3).selected).toBe(2)
    found(ui, true, true)
    expect(ui.lastAsk?.inside).toEqual({ containers: true, pods: true })
  })

  test('what is paused stays as it is; the next question has them', () => {
    const ui = new Ui().rows(1, 2, 3).type('p')
    const before = ui.lastAsk?.number
    found(ui, true, false)
    expect(ui.lastAsk?.number).toBe(before)
    expect(ui.type(ENTER).lastAsk?.inside.containers).toBe(true)
  })

  test('a file that two containers call the same is gone into for one of them', () => {
    const ui = new Ui({ pages: [newPage(views.find((v) => v.id === 'files')!, undefined)] })
    found(ui, true, false)
    const rows = {
      ...snapshot(ui.state.number, [1]),
      rows: [{ id: 'x', keys: ['0123456789ab:/etc/passwd'], cells: [1] }],
    }
    ui.do({ kind: 'report', report: rows }).type(ENTER)
    expect(wholeFilter(ui.state)).toBe('fd.containername="0123456789ab:/etc/passwd"')
  })
})

test('paused numbers stand still until they go on', () => {
  const ui = new Ui().rows(1, 2).type('p').rows(3, 4)
  expect(ui.text()).toContain('PAUSED')
  expect(ui.text()).toContain('program 1')
  expect(ui.type('p').rows(3, 4).text()).toContain('program 3')
})

test('a table remembers what it showed, and goes back and forth in it', () => {
  const ui = new Ui().rows(1).rows(2).rows(3)
  expect(ui.type('[').text()).toContain('program 2\n')
  expect(ui.type('[').text()).toContain('program 1\n')
  expect(ui.type('[').text()).toContain('nothing older is kept')
  ui.rows(4)
  expect(ui.text()).not.toContain('program 4\n')
  expect(ui.type(']').text()).toContain('program 2\n')
  expect(ui.type('p').text()).toContain('program 4\n')
})

test('what is remembered is bounded', () => {
  const many = Array.from({ length: 2000 }, (_, i) => i + 1)
  const ui = new Ui()
  // another first process each time: the others have another CPU value then
  for (let i = 0; i < 60; i++) ui.rows(...many.slice(i % 2))
  const rows = new Set(ui.state.history.flatMap((a) => a.rows))
  expect(rows.size).toBeLessThanOrEqual(REMEMBERED)
  expect(ui.state.history.length).toBeGreaterThan(10)
  expect(ui.state.history.length).toBeLessThan(60)
  for (let i = 0; i < 100; i++) ui.rows(...many)
  expect(ui.state.history.length).toBeGreaterThan(100)
})

test('what does not change is remembered once', () => {
  const ui = new Ui()
  const rows = (busy: number) => [
    { id: 'a', keys: [1], cells: [1, 1, 'idle'.repeat(2)] },
    { id: 'b', keys: [2], cells: [2, busy, 'works'.repeat(2)] },
  ]
  const at = (busy: number): Rows => ({ ...snapshot(ui.state.number, []), rows: rows(busy), total: 2 })
  for (const busy of [5, 6, 5]) ui.do({ kind: 'report', report: structuredClone(at(busy)) })
  const [first, second, third] = ui.state.history
  expect(second?.columns).toBe(first?.columns)
  expect(second?.rows.find((r) => r.id === 'a')).toBe(first?.rows.find((r) => r.id === 'a'))
  expect(third?.rows.map((r) => r.cells)).toEqual(rows(5).map((r) => r.cells))
  expect(second?.rows.find((r) => r.id === 'b')?.cells[1]).toBe(6)
})

test('values become filters that mean exactly them', () => {
  for (const value of ['a', 'with blank', 'quote " and \\', 'new\nline', '\x1b[31m', "it's", 'é漢', 'a)b', '']) {
    const text = `fd.name=${literal(value)}`
    const [constant] = checkFilter(text, registry).root.kind === 'test' ? constants(text) : []
    expect(constant).toBe(value)
  }
  expect(literal(12)).toBe('12')
})

function constants(text: string): readonly unknown[] {
  const { root } = checkFilter(text, registry)
  return root.kind === 'test' ? root.constants : []
}

test('text of others never drives the terminal', () => {
  const ui = new Ui()
  const evil = snapshot(ui.state.number, [1])
  const cells = [1, 1, 'a\x1b[31mred\x07\u202eb\x9b', '', '', '']
  ui.do({ kind: 'report', report: { ...evil, rows: [{ id: '1', keys: [1], cells }] } })
  expect(ui.text()).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
})

test('every line of every screen fills the terminal exactly, at any size', () => {
  for (const [width, height] of [
    [80, 24],
    [300, 100],
    [41, 9],
    [120, 33],
  ] as const)
    for (const keys of ['', 'v', '>', '?', '\x1b[18~', '\\fd.', '/pro', ':', '\x1b[C\x1b[C']) {
      const ui = new Ui({ width, height }).rows(1, 2, 3).type(keys)
      const lines = screenLines(ui.state)
      expect(lines.length, keys).toBe(height)
      for (const l of lines)
        expect(
          l.reduce((n, [t]) => n + t.length, 0),
          keys,
        ).toBe(width)
    }
})

test('when the capture cannot go on, what was shown stays, with the reason', () => {
  const ui = new Ui().rows(1, 2)
  ui.do({ kind: 'report', report: { kind: 'failed', text: 'the ring is gone\n  at stack', exitCode: 1 } })
  expect(ui.text()).toContain('STOPPED')
  expect(ui.text()).toContain('program 1\n')
  expect(ui.text()).toContain('stopped: the ring is gone   q leaves')
})

test('a terminal of 10x3 gets a sentence', () => {
  const ui = new Ui({ width: 10, height: 3 }).rows(1, 2)
  expect(ui.text().replace(/\s+/g, ' ')).toContain('too small: make it')
})

test('no key has two meanings in one place, and every command has a key', () => {
  const seen = new Set<string>()
  for (const b of BINDINGS)
    for (const k of b.keys)
      for (const p of b.places) {
        expect(seen.has(`${p} ${k}`), `${k} in ${p}`).toBe(false)
        seen.add(`${p} ${k}`)
        expect(commandFor(k, p)).toBe(b.command)
      }
})
