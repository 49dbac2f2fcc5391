// Commands after a colon, the search text of rows, the way back with Esc, columns, and what is saved of these.
import { describe, expect, test } from 'vitest'
import { NAMED } from '../../../src/tui/keys/named.js'
import { page } from '../../../src/tui/model/model.js'
import type { Settings } from '../../../src/tui/settings/settings.js'
import { columnsOf } from '../../../src/views/define.js'
import { BACK, DOWN, ENTER, meterOf, snapshot, Ui, views } from './ui.js'

const ESC = '\x1b'
const F2 = '\x1bOQ'
const CTRL_G = '\x07'

const errorOf = (ui: Ui) => (ui.state.overlay?.kind === 'named' ? ui.state.overlay.error : undefined)
const sent = (ui: Ui, kind: string) =>
  ui.effects.flatMap((e) => (e.kind === 'send' && e.request.kind === kind ? [e.request] : []))
const saved = (ui: Ui): Settings | undefined =>
  ui.effects.flatMap((e) => (e.kind === 'save' ? [e.settings] : [])).at(-1)
const shownIds = (ui: Ui) => ui.text().match(/program \d+/g)

describe('commands after a colon', () => {
  test('open a view for the same selection, and set a filter and an order', () => {
    const ui = new Ui().rows(1, 2).type(`:files${ENTER}`)
    expect(ui.lastAsk).toMatchObject({ view: 'files', filter: '' })
    ui.type(`:procs${ENTER}`).rows(1, 2).type(ENTER).rows(7).type(`:connections${ENTER}`)
    expect(ui.lastAsk).toMatchObject({ view: 'connections', filter: 'proc.pid=1' })
    ui.type(`:filter proc.name=cat${ENTER}`)
    expect(ui.lastAsk?.filter).toBe('(proc.name=cat) and proc.pid=1')
    ui.type(`:filter${ENTER}`)
    expect(ui.lastAsk?.filter).toBe('proc.pid=1')
    ui.rows(1).type(`:sort pid${ENTER}`)
    expect(sent(ui, 'sort').at(-1)).toMatchObject({ sort: { column: 0, ascending: false } })
  })

  test.each([
    ['fils', /no command or view 'fils'; did you mean files\?/],
    ['sort comand', /no column 'comand'; did you mean Command/],
    ['filter proc.nam=x', /unknown field 'proc.nam'[\s\S]*\^\^\^/],
    ['theme pink', /themes are auto, dark/],
    ['refresh soon', /:refresh takes a time/],
    ['write', /takes the name of a file/],
    ['quit now', /:quit takes no argument/],
    ['goto last', /takes the place of a row/],
    ['#5', /rows of this view are not events/],
  ])('that are wrong, such as %s, are reported, and nothing else happens', (typed, told) => {
    const ui = new Ui().rows(1, 2)
    const before = ui.effects.length
    expect(errorOf(ui.type(`:${typed}${ENTER}`))).toMatch(told)
    expect(ui.effects.length).toBe(before)
    expect(ui.type(ESC).state.overlay).toBeUndefined()
  })

  test('are completed by Tab: names, views, fields and columns; candidates are listed', () => {
    const typed = (ui: Ui) => (ui.state.overlay?.kind === 'named' ? ui.state.overlay.line.text : undefined)
    const ui = new Ui().rows(1).type(':fil')
    expect(ui.text()).toMatch(/filter +show only events that pass[\s\S]*files +Files/)
    expect(typed(ui.type('t\t'))).toBe('filter ')
    expect(typed(ui.type('proc.pn\t'))).toBe('filter proc.pname')
    expect(typed(ui.type(ESC).type(`:so\tcom\t`))).toBe('sort Command')
    expect(typed(ui.type(ESC).type(`:theme da\t`))).toBe('theme dark')
  })

  test('are all in the help, and none has the name of a view', () => {
    const ids = new Set(views.map((v) => `:${v.id}`))
    expect(NAMED.filter(({ name }) => ids.has(name.split(' ')[0] as string))).toEqual([])
    const ui = new Ui({ height: 200 }).rows(1).type(`:help${ENTER}`)
    const text = ui.text()
    for (const { name } of NAMED) expect(text).toContain(name)
  })

  test('may be numbers that go to rows, with # to events', () => {
    const ui = new Ui().rows(10, 20, 30)
    expect(ui.type(`:3${ENTER}`).selected).toBe(30)
    expect(ui.type(`${CTRL_G}2${ENTER}`).selected).toBe(20)
    expect(ui.type(`:goto 99${ENTER}`).selected).toBe(30)
    expect(ui.state.note).toContain('3 rows')
    const dig = new Ui({ pages: [{ ...page(new Ui().state), view: views.find((v) => v.id === 'dig')! }] }).rows(10, 20)
    expect(dig.type(`:#20${ENTER}`).selected).toBe(20)
    expect(dig.type(`:#11${ENTER}`).state.note).toContain('this is the next one, #20')
  })

  test('write the selection, with the filters of the whole way', () => {
    const ui = new Ui({ filter: 'fd.num=3' }).rows(1).type(ENTER).type(`:write! a b.ksys${ENTER}`)
    expect(sent(ui, 'write')).toEqual([
      { kind: 'write', path: 'a b.ksys', filter: '(fd.num=3) and proc.pid=1', replace: true },
    ])
    const written = (part: number) =>
      ui.do({ kind: 'report', report: { kind: 'written', progress: { path: 'a b.ksys', part } } })
    expect(written(0.4).text()).toContain('writing 40 % (Esc stops)')
    ui.type('q')
    expect(ui.state.note).toContain('is being written')
    written(0.5).type(ESC)
    expect(sent(ui, 'cancel')).toHaveLength(1)
    expect(written(0.6).type('q').effects.at(-1)).toEqual({ kind: 'quit' })
  })
})

describe('a search text for rows', () => {
  test('filters rows while it is typed, F2 changes to the filter language and back', () => {
    const ui = new Ui().rows(1, 2, 31, 33).type(`\\${F2}m 3`)
    expect(shownIds(ui)).toEqual(['program 31', 'program 33'])
    expect(ui.text()).toContain('1/2 of 4')
    expect(shownIds(ui.type('3'))).toEqual(['program 33'])
    expect(ui.type('x').text()).toContain('None of the 4 rows contains the text "m 33x"')
    ui.type(`${BACK}${BACK}${ENTER}`)
    // it also applies to later rows
    expect(shownIds(ui.rows(3, 4))).toContain('program 3')
    expect(shownIds(ui)).not.toContain('program 4')
    expect(ui.text()).toContain('rows with m 3')
    expect(ui.type(`\\${F2}${F2}`).state.overlay).toMatchObject({ kind: 'filter' })
    expect(shownIds(ui.type(ESC).type(ESC))).toContain('program 4')
  })

  test('the selected row is opened, whatever rows above it are hidden', () => {
    const ui = new Ui().rows(1, 2, 3).type(`:text program 3${ENTER}${ENTER}`)
    expect(ui.lastAsk?.filter).toBe('proc.pid=3')
  })
})

test('Esc leaves the innermost state: overlay, reading, moment, search, text, page; never ksys', () => {
  const ui = new Ui({ meter: meterOf({ retained: 60e9, time: 1e12 }) }).rows(1, 2).type(ENTER).rows(5, 6).type('?')
  const steps = [() => ui.state.overlay === undefined]
  ui.type(ESC)
  expect(steps[0]?.()).toBe(true)
  ui.type(`:text program${ENTER}/program${ENTER}[`)
  ui.do({ kind: 'report', report: { ...snapshot(ui.state.number, [5, 6]), progress: 0.5 } })
  ui.type(ESC)
  expect(sent(ui, 'cancel')).toHaveLength(1)
  ui.rows(5, 6).type(ESC)
  expect(ui.state.at).toBeUndefined()
  ui.rows(5, 6).type(ESC)
  expect([ui.state.search, page(ui.state).text]).toEqual(['', 'program'])
  ui.type(ESC)
  expect([page(ui.state).text, ui.state.pages.length]).toEqual(['', 2])
  ui.type(ESC)
  expect(ui.state.pages.length).toBe(1)
  ui.type(ESC + ESC)
  expect(ui.state.note).toContain('q quits')
  expect(ui.effects.some((e) => e.kind === 'quit')).toBe(false)
})

describe('columns', () => {
  const titles = (ui: Ui) =>
    ui
      .text()
      .split('\n')
      .find((l) => /PID|CPU/.test(l))
      ?.replace(/[▼▲]/g, '')
      .trim()
      .split(/\s+/)

  test('can be hidden and moved; their order is saved for this view alone, and hidden ones still sort', () => {
    const ui = new Ui().rows(1, 2).type('C ')
    expect(ui.text()).toMatch(/\[ \] PID[\s\S]*\[x\] CPU/)
    ui.type(`${DOWN}J${ENTER}`)
    expect(titles(ui)).toEqual(['Command', 'CPU'])
    const procs = { columns: { order: ['PID', 'Command', 'CPU'], hidden: ['PID'] } }
    expect(saved(ui)?.views).toEqual({ procs })
    ui.type(`:sort pid${ENTER}`)
    expect(ui.state.result?.sort).toEqual({ column: 0, ascending: false })
    // rows are opened by their keys, shown or not
    expect(ui.type(ENTER).lastAsk?.filter).toBe('proc.pid=1')
    const next = new Ui({ settings: { views: { procs } } }).rows(1)
    expect(titles(next)).toEqual(['Command', 'CPU'])
    expect(titles(next.type(`Cr${ENTER}`))).toEqual(['PID', 'CPU', 'Command'])
  })

  test('remain at least one; those that a settings file does not know are at the positions of the view', () => {
    const ui = new Ui().rows(1).type(`C ${DOWN} ${DOWN} `)
    expect(ui.state.note).toContain('the last column cannot be hidden')
    const unknown = { columns: { order: ['Command', 'GONE'], hidden: ['GONE'] } }
    expect(titles(new Ui({ settings: { views: { procs: unknown } } }).rows(1))).toEqual(['PID', 'CPU', 'Command'])
    const all = { columns: { order: [], hidden: ['PID', 'CPU', 'Command'] } }
    expect(titles(new Ui({ settings: { views: { procs: all } } }).rows(1))).toHaveLength(3)
  })

  test('are distinguished by their titles, however much is shown', () => {
    for (const v of views)
      for (const containers of [true, false]) {
        const shown = columnsOf(v).filter((c) => c.only === undefined || (c.only !== 'default') === containers)
        expect(new Set(shown.map((c) => c.title)).size, v.id).toBe(shown.length)
      }
  })
})

test('order, theme, refresh and mouse are saved, and loaded again', () => {
  const ui = new Ui().rows(1).type(`!:theme light${ENTER}:refresh 2s${ENTER}m`)
  const settings: Settings = {
    theme: 'light',
    refresh: 2000,
    mouse: false,
    views: { procs: { sort: { column: 'PID', ascending: false } } },
  }
  expect(saved(ui)).toEqual(settings)
  expect(ui.effects).toContainEqual({ kind: 'theme', theme: 'light' })
  expect(sent(ui, 'refresh')).toEqual([{ kind: 'refresh', ms: 2000 }])
  expect(new Ui({ settings }).lastAsk?.sort).toMatchObject({ ascending: false })
})

describe('transferred data of programs', () => {
  const of = (ui: Ui, id: string) => ui.type(`:${id}${ENTER}`).rows(1)
  const arms = (ui: Ui) => sent(ui, 'arm').map((r) => r.kind === 'arm' && r.armed)

  test('are masked until B is pressed, with a banner while they are shown; live, buffers are captured meanwhile', () => {
    const ui = of(new Ui().rows(1), 'echo')
    expect(ui.lastAsk?.data).toBe('masked')
    expect(ui.text()).toContain('data masked, B shows them')
    ui.type('B').rows(1)
    expect([ui.lastAsk?.data, arms(ui)]).toEqual(['text', [true]])
    expect(ui.text()).toContain('DATA SHOWN, B masks them')
    ui.type('B').rows(1)
    expect([ui.lastAsk?.data, arms(ui)]).toEqual(['masked', [true, false]])
    const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
    const file = of(new Ui({ file: 'x.ksys', source }).rows(1).type('B').rows(1), 'dig')
    expect([file.lastAsk?.data, arms(file)]).toEqual(['text', []])
  })

  test('are on the page of an event once B was pressed, also if the list itself shows none', () => {
    const requested = (ui: Ui) => sent(ui.type(ENTER), 'detail').map((r) => r.kind === 'detail' && r.data)
    expect(requested(of(new Ui().rows(1), 'http_messages'))).toEqual(['masked'])
    expect(requested(of(new Ui().rows(1), 'http_messages').type('B'))).toEqual(['text'])
  })

  test('e and d lead from a list to the event, and between both pages of the event', () => {
    const ui = of(new Ui().rows(1), 'http_messages').type('d')
    expect(ui.lastAsk).toMatchObject({ view: 'dig', filter: 'evt.num=1' })
    expect(ui.rows(1).type('e').lastAsk).toMatchObject({ view: 'echo', filter: 'evt.num=1' })
    expect(ui.rows(1).type(ESC).lastAsk).toMatchObject({ view: 'http_messages', filter: '' })
  })

  test('F2 changes their style; elsewhere it selects a view', () => {
    const ui = of(new Ui({ masked: false }).rows(1), 'echo').type(F2)
    expect(ui.text()).toMatch(/View data as[\s\S]*• Text[\s\S]*Printable[\s\S]*Hexadecimal/)
    expect(ui.type(`${DOWN}${DOWN}${ENTER}`).lastAsk?.data).toBe('hex')
    expect(of(ui.type(ESC).rows(1), 'dig').type(F2).text()).not.toContain('Printable')
    expect(ui.type(ESC).type('v').text()).toContain('Select view')
    expect(new Ui().rows(1).type(F2).text()).toContain('Select view')
  })
})
