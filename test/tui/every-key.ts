// Presses every key in a view of the UI in a terminal, and returns with Esc each time.

import { ESCAPE_AFTER } from '../../src/tui/input/decoder.js'
import { BINDINGS, type Command, commandFor, type Place } from '../../src/tui/keys/bindings.js'
import type { View } from '../../src/views/define.js'
import type { Terminal } from './terminal.js'

/** Names of keys in tmux. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ up: 'Up', down: 'Down', left: 'Left', right: 'Right', home: 'Home', end: 'End', pageup: 'PPage' },
  ...{ pagedown: 'NPage', delete: 'DC', escape: 'Escape', enter: 'Enter', backspace: 'BSpace', space: 'Space' },
}
const MODIFIERS: Readonly<Record<string, string>> = { ctrl: 'C-', alt: 'M-', shift: 'S-' }

/** Keys that a terminal sends as another key, or does not send. */
const NEVER_SENT = /^(f24|shift\+\d)$/
/** ms after which a word is typed again: an Esc that is read together with the next key is another key */
const SOON = 10_000
/** ms after which an Esc is not part of the next key, and those after which it has changed nothing */
const ALONE = ESCAPE_AFTER + 30
const IN_VAIN = 1500
/** the maximum of ms for the way back */
const PATIENCE = 120_000

/** The ids of the keys of the view; those that empty it are last. */
export function keysIn(view: View): string[] {
  const place: Place = view.spectrogram !== undefined ? 'spectrogram' : view.list?.raw === true ? 'data' : 'table'
  const keys = new Set(BINDINGS.flatMap((b) => b.keys).filter((k) => !NEVER_SENT.test(k)))
  const known = [...keys].filter((k) => commandFor(k, place) !== undefined)
  const clears = (k: string) => Number(commandFor(k, place) === 'clear')
  return known.sort((a, b) => clears(a) - clears(b))
}

function press(t: Terminal, id: string): void {
  const [, modifier = '', plain = id] = /^(ctrl|alt|shift)\+(.+)$/.exec(id) ?? []
  const name = NAMES[plain] ?? (/^f\d+$/.test(plain) ? plain.toUpperCase() : plain)
  if (modifier === '' && NAMES[plain] === undefined && !/^f\d+$/.test(plain)) t.type(id)
  else t.keys(`${MODIFIERS[modifier] ?? ''}${name}`)
}

/** The error of a screen of the UI; undefined: none. */
function faultOf(lines: readonly string[]): string | undefined {
  if (!/^ ksys \S/.test(lines[0] ?? '')) return 'its first line does not say where one is'
  if ((lines.at(-1) ?? '').trim() === '') return 'its last line is empty'
  if (lines.some((l) => /^\s+at .+:\d+:\d+\)?$/.test(l))) return 'there is a stack trace'
  if (lines.some((l) => /[\0-\x1f\x7f]/.test(l))) return 'there are control characters'
  return undefined
}

const whole = (t: Terminal, when: string) => t.until(`a whole screen ${when}`, (l) => faultOf(l) === undefined)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const hasCommand = (lines: readonly string[], word: string) => lines.some((l) => l.startsWith(` :${word}`))
/** A menu, a page of text or another line covers the view: the bottom line has their keys. */
const isOver = (lines: readonly string[]) => /^(Enter|Esc) /.test(lines.at(-1) ?? '')

/** Types a command without running it; whether it is on the screen, or read by something else. */
async function typed(t: Terminal, word: string): Promise<boolean> {
  t.type(`:${word}`)
  for (const end = Date.now() + SOON; Date.now() < end; await pause(40)) {
    const lines = await t.screen()
    if (hasCommand(lines, word)) return true
    if (isOver(lines)) return false
  }
  return false
}

/** Presses Esc, and waits for its effect: nothing may be read together with it. */
async function pressEscape(t: Terminal): Promise<void> {
  const before = (await t.screen()).join('\n')
  t.keys('Escape')
  const end = Date.now() + IN_VAIN
  do await pause(ALONE)
  while (Date.now() < end && (await t.screen()).join('\n') === before)
}

/** Presses Esc until nothing covers the view: a list that is searched first loses what was typed. */
async function escapeAll(t: Terminal): Promise<void> {
  for (let i = 0; i === 0 || (i < 3 && isOver(await t.screen())); i++) await pressEscape(t)
}

/** Returns to the view with Esc alone: there a command can be typed, and the first line has the view and nothing before or below it. */
async function comeBack(t: Terminal, view: View, word: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await escapeAll(t)) {
    if (!(await typed(t, word))) continue
    await pressEscape(t)
    const lines = await t.until(
      `a whole screen of ${view.name} without a command`,
      (l) => !hasCommand(l, word) && faultOf(l) === undefined,
    )
    if ((lines[0] ?? '').startsWith(` ksys ${view.name} `)) return
  }
  throw new Error(`Esc does not come back to ${view.name}:\n${t.lines().join('\n')}`)
}

/** Whether the key shows the same selection in place of the view, with no way back except the view's own name. */
function takesItsPlace(view: View, command: Command): boolean {
  if (view.spectrogram !== undefined) return command === 'spectrogram' || command === 'spectrogramOfFiles'
  return view.list?.raw === true && (command === 'echo' || command === 'dig')
}

/** Presses each key of the view. begin: starts the UI with it, in a shell. Rejects with the error. */
export async function pressAll(t: Terminal, view: View, begin: () => void): Promise<number> {
  const start = async () => {
    begin()
    await t.until(view.name, (l) => (l[0] ?? '').startsWith(` ksys ${view.name} `) && !/^ waiting/.test(l[1] ?? ''))
  }
  await start()
  const keys = keysIn(view)
  for (const [i, key] of keys.entries()) {
    const command = commandFor(key, 'table') as Command
    press(t, key)
    if (command === 'quit') {
      await t.until('the shell', (l) => l.some((x) => x.startsWith('shell> ')) && t.fact('#{alternate_on}') === '0')
      t.type('clear')
      t.keys('Enter')
      await start()
    } else if (command === 'suspend') {
      await t.shows('Stopped')
      t.type('fg')
      t.keys('Enter')
      await whole(t, `of ${view.name} after fg`)
    } else {
      await whole(t, `of ${view.name} after ${key}`)
      if (takesItsPlace(view, command)) {
        t.type(`:${view.id}`)
        t.keys('Enter')
      }
      await comeBack(t, view, `k${i}`)
    }
  }
  t.type('q')
  await t.shows('shell>')
  return keys.length
}
