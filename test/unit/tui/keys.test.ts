// Every key in every place: it does something, or shows why it does not.
import { describe, expect, test } from 'vitest'
import { Decoder } from '../../../src/tui/input/decoder.js'
import { type Key, keyId } from '../../../src/tui/input/input.js'
import { BINDINGS, type Command, commandFor, keyName, type Place } from '../../../src/tui/keys/bindings.js'
import { PARTS } from '../../../src/tui/latency-parts.js'
import { newPage } from '../../../src/tui/model/model.js'
import { update } from '../../../src/tui/state/update.js'
import type { Rows } from '../../../src/tui/worker/messages.js'
import { DOWN, ENTER, meterOf, snapshot, Ui, views } from './ui.js'

/** The bytes that a terminal sends for a key. */
const BYTES: Readonly<Record<string, string>> = {
  ...{ up: '\x1b[A', down: '\x1b[B', right: '\x1b[C', left: '\x1b[D', home: '\x1b[H', end: '\x1b[F' },
  ...{ pageup: '\x1b[5~', pagedown: '\x1b[6~', delete: '\x1b[3~', escape: '\x1b', enter: '\r', backspace: '\x7f' },
  ...{ space: ' ', tab: '\t' },
  ...{ f1: '\x1bOP', f2: '\x1bOQ', f3: '\x1bOR', f4: '\x1bOS', f5: '\x1b[15~', f6: '\x1b[17~', f7: '\x1b[18~' },
  ...{ f8: '\x1b[19~', f9: '\x1b[20~', f10: '\x1b[21~', f12: '\x1b[24~', 'shift+f12': '\x1b[24;2~' },
  ...{ 'ctrl+left': '\x1b[1;5D', 'ctrl+right': '\x1b[1;5C', 'alt+left': '\x1b[1;3D', 'alt+right': '\x1b[1;3C' },
  ...{ 'alt+b': '\x1bb', 'alt+f': '\x1bf', 'alt+backspace': '\x1b\x7f' },
}
/** Keys of one name that terminals send as another, or cannot be distinguished from another. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'f24',
  ...BINDINGS.flatMap(({ keys }) => keys.filter((k) => /^shift\+\d$/.test(k))),
])
const bytesOf = (key: string): string =>
  BYTES[key] ?? (/^ctrl\+[a-z]$/.test(key) ? String.fromCharCode(key.charCodeAt(5) - 96) : key)

const meter = meterOf({ retained: 42e9, time: 1_000_000 })
const of = (id: string) =>
  new Ui({ meter, masked: false, pages: [newPage(views.find((v) => v.id === id)!, undefined)] })
const many = Array.from({ length: 60 }, (_, i) => i)

/** A spectrogram of 60 seconds. */
function spectrogram(): Ui {
  const ui = of('spectro_all')
  const begin = (i: number) => 1_764_000_000_000_000_000n + BigInt(i) * 1_000_000_000n
  const rows = many.map((i) => ({
    id: String(i),
    keys: [begin(i), begin(i + 1)],
    cells: new Array<number>(PARTS).fill(i),
  }))
  const report: Rows = { ...snapshot(ui.state.number, []), columns: [], rows, total: rows.length, sort: undefined }
  return ui.do({ kind: 'report', report }).type('\x1b[A\x1b[A')
}

/** The page of an event with more lines than the screen. */
function eventPage(): Ui {
  const ui = of('dig').rows(1, 2, 3).type(ENTER)
  const fields = many.map((i) => [`field.${i}`, 'value'] as const)
  const sections = [{ title: 'Arguments', fields }]
  const id = String(ui.selected)
  return ui.do({ kind: 'report', report: { kind: 'detail', id, title: 'event', sections, data: undefined } })
}

/** A process, with hidden data of its row: when it started. */
function process(): Ui {
  const ui = of('procs')
  const report = snapshot(ui.state.number, [7])
  const rows = report.rows.map((r) => ({ ...r, cells: r.cells.toSpliced(5, 0, 1_790_000_000_000_000_000n) }))
  return ui.do({ kind: 'report', report: { ...report, rows } })
}

interface Where {
  readonly place: Place
  /** somewhere in the middle, so that every move is possible; `atEnd`: some moves are not possible there */
  readonly ui: () => Ui
  readonly atEnd?: readonly Command[]
}
const SIDEWAYS: readonly Command[] = ['left', 'right']
const MOVES: readonly Command[] = ['up', 'down', 'pageUp', 'pageDown', 'home', 'end', ...SIDEWAYS]

const PLACES: Readonly<Record<string, Where>> = {
  'a table': {
    place: 'table',
    ui: () =>
      of('procs')
        .rows(...many)
        .type(`${DOWN}${DOWN}`),
    atEnd: SIDEWAYS,
  },
  'a table below a row': {
    place: 'table',
    ui: () => of('procs').rows(1, 2).type(ENTER).rows(3, 4, 5).type(DOWN),
    atEnd: SIDEWAYS,
  },
  'a list of events': { place: 'data', ui: () => of('dig').rows(1, 2, 3), atEnd: MOVES },
  'a conversation': { place: 'data', ui: () => of('echo').rows(1, 2, 3), atEnd: MOVES },
  'a spectrogram': { place: 'spectrogram', ui: spectrogram },
  'the menu of views': { place: 'menu', ui: () => of('procs').rows(1).type(`v${DOWN}${DOWN}`) },
  'the menu of columns to sort by': { place: 'menu', ui: () => of('procs').rows(1).type('>') },
  'the menu of columns': { place: 'menu', ui: () => of('procs').rows(1).type(`C${DOWN}`) },
  'the menu of actions': { place: 'menu', ui: () => process().type(`a${DOWN}`) },
  'the menu of how data are shown': { place: 'menu', ui: () => of('echo').rows(1).type(`\x1bOQ${DOWN}`) },
  'the help': { place: 'text', ui: () => of('procs').rows(1).type(`?${DOWN}${DOWN}`) },
  'the page about a view': {
    place: 'text',
    ui: () => new Ui({ ...of('procs').state, height: 12 }).rows(1).type(`i${DOWN}${DOWN}`),
  },
  'the page of an event': { place: 'text', ui: () => eventPage().type(`${DOWN}${DOWN}`) },
  'the page of an action': { place: 'text', ui: () => process().type(`a${ENTER}`), atEnd: MOVES },
  'the present screen as a command': { place: 'text', ui: () => of('procs').rows(1).type(`:command${ENTER}`) },
}

/** The key as the decoder reports it. */
function keyOf(id: string): Key {
  const decoder = new Decoder()
  const [input, ...more] = [...decoder.push(Buffer.from(bytesOf(id))), ...decoder.flush()]
  if (input?.type !== 'key' || more.length > 0 || keyId(input) !== id) throw new Error(`${id} is never sent`)
  return input
}

/** Whether pressing it changes anything, or has an effect. */
function answers({ state }: Ui, id: string): boolean {
  const before = { ...state, note: undefined }
  const after = update(before, { kind: 'input', input: keyOf(id), at: 0 })
  return text(after.state) !== text(before) || after.effects.length > 0
}
const text = (s: unknown) => JSON.stringify(s, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))

test.each(Object.entries(PLACES))('every key does something or says why not in %s', (_, { place, ui, atEnd = [] }) => {
  const keys = BINDINGS.flatMap((b) => b.keys).filter((k) => !NEVER_SENT.has(k))
  const silent = [...new Set(keys)].flatMap((key) => {
    const command = commandFor(key, place)
    if (command === undefined || atEnd.includes(command) || answers(ui(), key)) return []
    return [`${key} (${command})`]
  })
  expect(silent).toEqual([])
})

describe('while a line is typed', () => {
  const EDIT = ['left', 'home', 'backspace', 'ctrl+a', 'ctrl+b', 'ctrl+u', 'ctrl+w', 'alt+b', 'ctrl+left', 'alt+left']
  const FORWARD = ['right', 'end', 'delete', 'ctrl+e', 'ctrl+f', 'ctrl+d', 'ctrl+k', 'alt+f', 'ctrl+right', 'alt+right']
  const ALL = [...EDIT, ...FORWARD, 'alt+backspace', 'x', 'space', 'q', '?', 'enter', 'escape']
  const ANYWHERE = ['ctrl+c', 'f10', 'ctrl+z', 'ctrl+l']

  test.each([
    ['a filter', '\\proc.na x', ['tab', 'f2']],
    ['a text', '\\\x1bOQprogram x', ['f2']],
    ['a search', '/program', ['f3']],
    ['a command', ':sort com', ['tab']],
  ])('every key edits %s, or says why not', (_, typed, own) => {
    const ui = () =>
      of('procs')
        .rows(...many)
        .type(`${typed}${BYTES.left}${BYTES.left}`)
    expect([...ALL, ...ANYWHERE, ...own].filter((key) => !answers(ui(), key))).toEqual([])
  })

  test('Ctrl-Z, Ctrl-L, Ctrl-C and F10 have the same effect everywhere', () => {
    const ui = of('procs').rows(1).type(':sort')
    const kinds = ANYWHERE.map((key) => ui.type(bytesOf(key)).effects.at(-1)?.kind)
    expect(kinds).toEqual(['quit', 'quit', 'suspend', 'redraw'])
  })
})

test('the bottom line names keys that are available, and a click on one is the same as the key', () => {
  for (const [name, { ui }] of Object.entries(PLACES)) {
    const line = ui().cells().at(-1) ?? ''
    // letters are text in the menu of views
    expect(line, name).toMatch(name === 'the menu of views' ? /\bF10 Quit/ : /\bq Quit/)
    expect(line, name).toMatch(name.startsWith('the') ? /Esc Close/ : /F1 Help/)
  }
  const menu = of('procs').rows(1).type('v')
  const line = menu.cells().at(-1) ?? ''
  expect(line).toMatch(/Enter Take .*Esc Close/)
  const x = line.indexOf('Close')
  const click = { type: 'mouse', action: 'press', button: 0, x, y: menu.state.height - 1 } as const
  expect(menu.do({ kind: 'input', input: click, at: 0 }).state.overlay).toBeUndefined()
})

test.each([
  ['f12', 'F12'],
  ['shift+f12', 'Shift+F12'],
  ['ctrl+left', 'Ctrl-←'],
  ['alt+right', 'Alt-→'],
  ['ctrl+c', 'Ctrl-C'],
  ['pagedown', 'PgDn'],
  ['G', 'G'],
  ['g', 'g'],
])('the key %s has the name %s', (id, name) => {
  expect(keyName(id)).toBe(name)
})
