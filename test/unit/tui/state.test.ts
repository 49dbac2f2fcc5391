// The reducer: actions of the user, and reports of the worker, change the screen correctly.
import { describe, expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/index.js'
import { literal } from '../../../src/filter/literal.js'
import { BINDINGS, commandFor } from '../../../src/tui/keys/bindings.js'
import { newPage, page } from '../../../src/tui/model/model.js'
import { commandLine, drillOf, queryFilter } from '../../../src/tui/model/query.js'
import type { ColumnInfo } from '../../../src/tui/worker/messages.js'
import { BACK, DOWN, ENTER, meterOf, snapshot, Ui, views } from './ui.js'

describe('opening pages and returning', () => {
  test('Enter queries the selected row alone, Backspace returns to it', () => {
    const ui = new Ui().rows(1, 2, 3).type(DOWN + ENTER)
    expect(ui.lastAsk).toMatchObject({ view: 'threads', filter: 'proc.pid=2' })
    expect(ui.text()).toContain('Processes › proc.pid=2 Threads')
    ui.rows(21, 22).type(DOWN + BACK)
    expect(ui.lastAsk).toMatchObject({ view: 'procs', filter: '' })
    expect(ui.rows(3, 1, 2).selected).toBe(2)
  })

  test('the earlier result is shown at once on return, unless the filter has changed', () => {
    const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
    const ui = new Ui({ file: 'x.ksys', source }).rows(1, 2, 3).type(DOWN + ENTER)
    expect(ui.text()).not.toContain('program 2')
    ui.rows(21).type(BACK)
    expect(ui.text()).toContain('program 3')
    expect(ui.selected).toBe(2)
    ui.type(ENTER).rows(21).type('\\proc.name=a\r').type(BACK)
    expect(ui.text()).not.toContain('program')
  })

  test('the result of an earlier query is not shown when it arrives late', () => {
    const ui = new Ui().rows(1, 2)
    const late = snapshot(ui.state.number, [7, 8])
    ui.type(ENTER).do({ kind: 'report', report: late })
    expect(ui.state.result).toBeUndefined()
  })

  test("filters of all levels are combined with the user's own", () => {
    const ui = new Ui({ filter: 'proc.name=a or proc.name=b' }).rows(1).type(ENTER).rows(5).type(ENTER)
    expect(queryFilter(ui.state)).toBe('(proc.name=a or proc.name=b) and proc.pid=1 and thread.tid=5')
    expect(commandLine(ui.state)).toBe(`ksys ui -v files '${queryFilter(ui.state)}'`)
  })

  test('the shell command of a screen has the same privacy options', () => {
    const ui = new Ui({ file: 'x.ksys', captureArguments: ['--no-env', '--redact', 'my rules'], filter: 'proc.name=a' })
    expect(commandLine(ui.state)).toBe("ksys ui -r x.ksys --no-env --redact 'my rules' proc.name=a")
  })

  test('views offered for a row are those that fit its selection', () => {
    const ui = new Ui().rows(1).type(ENTER).rows(5).type('v')
    expect(ui.text()).toContain('Select view')
    expect(ui.text()).not.toContain('Syscall Callers')
    ui.type(BACK)
    expect(ui.state.overlay).toBeUndefined()
  })
})

test('pages of text scroll to their end and no further', () => {
  const ui = new Ui().rows(1).type('?')
  for (let i = 0; i < 20; i++) ui.type('\x1b[6~')
  const end = ui.text()
  expect(end).not.toContain('more')
  expect(ui.type('\x1b[F').text()).toBe(end)
  expect(ui.type('\x1b[A').text()).not.toBe(end)
  expect(ui.type('\x1b[H').text()).toContain('this page')
})

describe('text input', () => {
  test('a wrong filter is reported with its position and changes nothing', () => {
    const ui = new Ui().rows(1).type('\\proc.nam=x\r')
    expect(ui.text()).toMatch(/unknown field 'proc.nam'/)
    expect(ui.text()).toContain('^^^^')
    expect(ui.lastAsk?.filter).toBe('')
    ui.type('\x1b')
    expect(ui.state.overlay).toBeUndefined()
  })

  test('a pasted filter is one line; Enter applies it', () => {
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

  test('search goes to the row with the text', () => {
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

  test('their columns appear with the first of them; order and selection are unchanged', () => {
    const ui = new Ui().rows(1, 2, 3).type(DOWN).type('#')
    const cpu = ui.lastAsk?.number
    expect(page(ui.state).sort?.column).toBe(2)
    found(ui, true, false)
    expect(ui.lastAsk?.number).toBe((cpu ?? 0) + 1)
    // one more column is to the left of the sorted one
    expect(ui.lastAsk).toMatchObject({ inside: { containers: true, pods: false }, sort: { column: 3 } })
    // the rows remain until those with the column arrive, and can be opened by their keys
    expect(ui.text()).toContain('program 2')
    expect(ui.selected).toBe(2)
    expect(ui.rows(1, 2, 3).selected).toBe(2)
    found(ui, true, true)
    expect(ui.lastAsk?.inside).toEqual({ containers: true, pods: true })
  })

  test('those found late in a file appear in existing results, without another query', () => {
    const about = { kind: 'source', live: false, label: 'x', host: '' } as const
    const none = { containers: false, pods: false }
    const ui = new Ui({ file: 'x.ksys', source: { ...about, inside: none } })
    const first = snapshot(ui.state.number, [1])
    const [pid, cpu, command] = first.columns as [ColumnInfo, ColumnInfo, ColumnInfo]
    const container = { ...cpu, title: 'CONTAINER', only: 'containers' } as const
    const cells = [1, 50, 'shop', 'program 1']
    ui.do({
      kind: 'report',
      report: { ...first, columns: [pid, cpu, container, command], rows: [{ id: '1', keys: [1], cells }] },
    })
    expect(ui.lastAsk?.inside).toEqual({ containers: true, pods: true })
    expect(ui.text()).not.toMatch(/CONTAINER|shop/)
    expect(ui.type('/shop').text()).toContain('no row has "shop"')
    ui.type('\x1b>')
    expect(ui.text()).not.toContain('CONTAINER')
    ui.type('\x1b')
    const { number } = ui.state
    ui.do({ kind: 'report', report: { ...about, inside: { containers: true, pods: false } } })
    expect(ui.state.number).toBe(number)
    expect(ui.text()).toMatch(/CONTAINER.*\n.* shop /)
    expect(ui.type('#').state.result?.sort?.column).toBe(2)
  })

  test('what belongs to the host in a file needs no container in the filter', () => {
    const about = { kind: 'source', live: false, label: 'x', host: '' } as const
    const pages = [newPage(views.find((v) => v.id === 'files')!, undefined)]
    for (const [containers, filter] of [
      [false, 'fd.name="/etc/passwd"'],
      [true, 'fd.containername=":/etc/passwd"'],
    ] as const) {
      const inside = { containers, pods: false }
      const ui = new Ui({ pages, file: 'x.ksys', inside, source: { ...about, inside } })
      const rows = [{ id: 'x', keys: [':/etc/passwd'], cells: [1] }]
      ui.do({ kind: 'report', report: { ...snapshot(ui.state.number, [1]), rows } }).type(ENTER)
      expect(queryFilter(ui.state)).toBe(filter)
      expect(ui.text()).toContain('Files › fd.name=/etc/passwd')
    }
  })

  test('a paused page is unchanged; the next query has them', () => {
    const ui = new Ui().rows(1, 2, 3).type('p')
    const before = ui.lastAsk?.number
    found(ui, true, false)
    expect(ui.lastAsk?.number).toBe(before)
    expect(ui.type(ENTER).lastAsk?.inside.containers).toBe(true)
  })

  test('a file with the same name in two containers is opened for one of them', () => {
    const ui = new Ui({ pages: [newPage(views.find((v) => v.id === 'files')!, undefined)] })
    found(ui, true, false)
    const rows = {
      ...snapshot(ui.state.number, [1]),
      rows: [{ id: 'x', keys: ['0123456789ab:/etc/passwd'], cells: [1] }],
    }
    ui.do({ kind: 'report', report: rows }).type(ENTER)
    expect(queryFilter(ui.state)).toBe('fd.containername="0123456789ab:/etc/passwd"')
  })
})

describe('with a filter', () => {
  const file = { kind: 'source', live: false, label: 'x.ksys', host: '', inside: { containers: false } } as const
  const note = (ui: Ui) => /above: (.*)$/m.exec(ui.text())?.[1]

  test('the header shows that it counts everything', () => {
    expect(note(new Ui().rows(1))).toBeUndefined()
    expect(note(new Ui({ filter: 'proc.name=a' }).rows(1))).toBe('the whole machine')
    expect(note(new Ui().rows(1).type(ENTER))).toBe('the whole machine')
    expect(note(new Ui({ filter: 'proc.name=a', file: 'x.ksys', source: file }).rows(1))).toBe('the whole file')
  })

  test('the header shows this next to a long filter, in a narrow terminal', () => {
    for (const width of [40, 80]) {
      const ui = new Ui({ width, filter: `proc.name in (${'a, '.repeat(60)}b)` }).rows(1)
      expect(note(ui)).toBe('unfiltered')
    }
  })

  test('the header shows this on pages with data', () => {
    expect(note(new Ui().rows(1).type('d'))).toBe('the whole machine')
  })
})

test('the path shows a unix socket by its file', () => {
  const kernel = 'ffff8881038e1000->ffff8881038e0400 /run/x.sock'
  const ui = new Ui({ pages: [newPage(views.find((v) => v.id === 'files')!, undefined)] })
  expect(drillOf(ui.state, { keys: [kernel] })).toMatchObject({
    filter: `fd.name="${kernel}"`,
    label: 'fd.name=/run/x.sock',
  })
})

test('values become filters with exactly the same meaning', () => {
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

test('the header omits what does not fit, and cuts no number', () => {
  const meter = meterOf({})
  const line = (width: number, lost: number) =>
    new Ui({ width })
      .do({ kind: 'report', report: { ...meter, lost }, own: 9.4 })
      .text()
      .split('\n')[1]
  expect(line(120, 0)).toMatch(
    /calls 12.0K\/s .*errors 709\/s .*net ↓\S+ ↑\S+\/s .*disk ↓\S+ ↑\S+\/s .*lost 0 .*ksys 9.4% CPU$/,
  )
  expect(line(80, 0)).toMatch(/calls 12.0K\/s .*disk ↓\S+ ↑\S+\/s$/)
  expect(line(80, 7)).toMatch(/calls 12.0K\/s .*disk .*lost 7$/)
  expect(line(40, 7)).toBe(' calls 12.0K/s  errors 709/s  lost 7')
  for (const width of [40, 60, 80, 100, 120]) expect(line(width, 0)).not.toContain('…')
  const throttled = new Ui({ width: 120 }).do({ kind: 'report', report: { ...meter, leftOut: 1_234_567 }, own: 9.4 })
  expect(throttled.text()).toMatch(/lost 0 +throttled 1\.2\dM /)
  const full = new Ui({ width: 120 }).do({ kind: 'report', report: { ...meter, stateLost: 75_000 }, own: 9.4 })
  expect(full.text()).toMatch(/lost 0 +state lost 75\.0K /)
})

test('the header shows the period of the last calls, if there is space for it', () => {
  const kept = (width: number) => new Ui({ width }).do({ kind: 'report', report: meterOf({ retained: 42.3e9 }) })
  const first = (ui: Ui) => ui.text().split('\n')[0]
  expect(first(kept(80))).toMatch(/^ ksys Processes +live, last 42s retained {2}host$/)
  expect(first(kept(40))).toMatch(/^ ksys Processes +live {2}host$/)
  // a path that needs the space
  expect(
    first(
      kept(80)
        .rows(1)
        .type(ENTER + ENTER)
        .rows(5)
        .type(ENTER),
    ),
  ).toMatch(/proc\.pid=1.*live {2}host$/)
  expect(first(new Ui().do({ kind: 'report', report: meterOf({ retained: undefined }) }))).not.toContain('kept')
})

test('the key to quit is on the screen at every width', () => {
  for (const width of [40, 80, 100, 120]) expect(new Ui({ width }).rows(1, 2).text()).toMatch(/F1 Help .*q Quit/)
})

test('the page of an event shows every value completely', () => {
  const ui = new Ui({ width: 60, height: 30, pages: [newPage(views.find((v) => v.id === 'dig')!, undefined)] })
  ui.rows(1).type(ENTER)
  const value = `PATH=${'/a/directory'.repeat(12)}:end`
  const sections = [{ title: 'Arguments', fields: [['env', value]] as const }]
  ui.do({ kind: 'report', report: { kind: 'detail', id: '1', title: 'event 1: execve', sections, data: undefined } })
  expect(ui.text().replace(/\n +/g, '')).toContain(value)
})

test('text of others never controls the terminal', () => {
  const ui = new Ui()
  const evil = snapshot(ui.state.number, [1])
  const cells = [1, 1, 'a\x1b[31mred\x07\u202eb\x9b', '', '', '']
  ui.do({ kind: 'report', report: { ...evil, rows: [{ id: '1', keys: [1], cells }] } })
  expect(ui.text()).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
})

test("every screen has the terminal's lines, none wider than it, bars as wide, at any size", () => {
  for (const [width, height] of [
    [80, 24],
    [300, 100],
    [41, 9],
    [120, 33],
  ] as const)
    for (const keys of ['', 'v', '>', '?', '\x1b[18~', '\\fd.', '/pro', ':', '\x1b[C\x1b[C']) {
      const lines = new Ui({ width, height }).rows(1, 2, 3).type(keys).cells()
      expect(lines.length, keys).toBe(height)
      for (const l of lines) expect(l.length, keys).toBeLessThanOrEqual(width)
      const titles = lines.find((l) => /Select view|Sort by|Esc closes|CPU|Command/.test(l))
      for (const bar of [lines[0], titles]) expect(bar?.length, keys).toBe(width)
    }
})

test('when the capture cannot continue, the screen remains, with the reason', () => {
  const ui = new Ui().rows(1, 2)
  ui.do({ kind: 'report', report: { kind: 'failed', text: 'the ring is gone\n  at stack', exitCode: 1 } })
  expect(ui.text()).toContain('STOPPED')
  expect(ui.text()).toContain('program 1\n')
  expect(ui.text()).toContain('stopped: the ring is gone   q quits')
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

test('after returning to a live page, the earlier rows remain until newer ones arrive', () => {
  const ui = new Ui().rows(1, 2).type(ENTER)
  expect(ui.rows(11).text()).not.toContain('program 2')
  ui.type(BACK)
  expect(ui.text()).toContain('program 2')
  expect(ui.rows(3).text()).toContain('program 3')
})
