// The list of views is searched by typing.
import { expect, test } from 'vitest'
import { Ui } from './ui.js'

const ESC = '\x1b'
const BACK = '\x7f'
const ENTER = '\r'
const DOWN = '\x1b[B'

/** The names in the list, and the title above them. */
function list(ui: Ui): { title: string; names: string[] } {
  const lines = ui.text().split('\n')
  const from = lines.findIndex((l) => l.startsWith(' Select view'))
  const names = lines.slice(from + 1).map((l) => l.slice(1, 22).replace('•', ' ').trim())
  return { title: lines[from]?.trim() ?? '', names: names.slice(0, -1).filter((n) => n !== '') }
}
const opened = (ui: Ui) => ui.state.pages.at(-1)?.view.id

test('typing in the list of views leaves those with the text in their name or id, and Enter opens the marked one', () => {
  const ui = new Ui().rows(1).type('v')
  expect(list(ui).title).toBe('Select view: type to search')
  ui.type('error')
  expect(list(ui).title).toBe('Select view: error')
  const { names } = list(ui)
  expect(names.length).toBeGreaterThan(1)
  for (const name of names) expect(name).toMatch(/error/i)
  ui.type(DOWN).type(ENTER)
  expect(ui.state.overlay).toBeUndefined()
  expect(ui.state.pages.at(-1)?.view.name).toBe(names[names.indexOf('Errors') + 1])
})

test('letters that are keys elsewhere are text, with blanks; the view whose name begins with it is marked', () => {
  for (const [words, id] of [
    ['THREADS', 'threads'],
    ['i/o by', 'io_by_type'],
    ['queues', 'backlog'],
    ['dns m', 'dns_messages'],
    ['files', 'files'],
  ] as const) {
    const ui = new Ui().rows(1).type('v').type(words)
    expect(list(ui).title, words).toBe(`Select view: ${words}`)
    expect(list(ui).names.length, words).toBeGreaterThan(0)
    ui.type(ENTER)
    expect(opened(ui), words).toBe(id)
  }
})

test('a text in no name finds views by their description', () => {
  const ui = new Ui().rows(1).type('v').type('goes grey').type(BACK.repeat(9)).type('grey')
  expect(list(ui).names).toContain('Processes')
  expect(list(ui).names).not.toContain('DNS')
})

test('Backspace and Esc take the text away first, then they close the list; F2 closes it at once', () => {
  const ui = new Ui().rows(1).type('v')
  const all = list(ui).names
  ui.type('zzz')
  expect(list(ui)).toEqual({ title: 'Select view: zzz   not found', names: [] })
  ui.type(ENTER)
  expect(ui.state.overlay).toBeDefined()
  ui.type(ESC)
  expect(list(ui)).toEqual({ title: 'Select view: type to search', names: all })
  ui.type('x').type(BACK)
  expect(list(ui).names).toEqual(all)
  ui.type(BACK)
  expect(ui.state.overlay).toBeUndefined()
  ui.type('vdns').type('\x1bOQ')
  expect(ui.state.overlay).toBeUndefined()
  expect(opened(ui)).toBe('procs')
})

test('a click takes what the search found, and the bottom line names a key that is no text', () => {
  const ui = new Ui().rows(1).type('v').type('threads')
  const y =
    ui
      .text()
      .split('\n')
      .findIndex((l) => /^ +Threads /.test(l)) + 1
  expect(ui.text()).toContain('F10 Quit')
  ui.type(`\x1b[<0;5;${y}M`)
  expect(opened(ui)).toBe('threads')
})
