// All key bindings: command, keys, and where they work. The help page, the bottom line and the dispatch are derived
// from them.

import { GLYPHS } from '../../model/glyphs.js'

export type Command =
  | 'help'
  | 'views'
  | 'viewAs'
  | 'search'
  | 'next'
  | 'filter'
  | 'legend'
  | 'echo'
  | 'dig'
  | 'actions'
  | 'spectrogram'
  | 'spectrogramOfFiles'
  | 'mark'
  | 'sortMenu'
  | 'tree'
  | 'follow'
  | 'fold'
  | 'unfold'
  | 'pause'
  | 'clear'
  | 'arm'
  | 'older'
  | 'newer'
  | 'muchOlder'
  | 'muchNewer'
  | 'beginSpan'
  | 'endSpan'
  | 'quit'
  | 'drill'
  | 'back'
  | 'cancel'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'left'
  | 'right'
  | 'columns'
  | 'named'
  | 'goto'
  | 'command'
  | 'copy'
  | 'mouse'
  | 'suspend'
  | 'redraw'
  | `sort${number}`

/**
 * Where a key works: in a table, a page of text, a list to choose from; keys of data pages and of spectrograms take
 * precedence over those of tables.
 */
export type Place = 'table' | 'text' | 'menu' | 'data' | 'spectrogram'

interface Binding {
  readonly command: Command
  /** ids as input.ts makes them; the first one is shown */
  readonly keys: readonly string[]
  readonly places: readonly Place[]
  /** label in the bottom line; absent: the key is only in the help */
  readonly label?: string
  /** label in the bottom line of a menu or a page of text, where the key works */
  readonly over?: string
  readonly doc: string
}

const ALL: readonly Place[] = ['table', 'text', 'menu']

const SHIFTED = ['!', '@', '#', '$', '%', '^', '&', '*', '(']

export const BINDINGS: readonly Binding[] = [
  { command: 'help', keys: ['f1', '?', 'h'], places: ['table', 'text'], label: 'Help', doc: 'this page' },
  {
    command: 'views',
    keys: ['f2', 'v'],
    places: ['table'],
    label: 'Views',
    doc: 'choose another view of the same selection; typing searches the list',
  },
  {
    command: 'viewAs',
    keys: ['f2'],
    places: ['data'],
    label: 'View as',
    doc: 'in Echo and Dig: show data as text, as printable text only, or in hexadecimal',
  },
  {
    command: 'filter',
    keys: ['f4', '\\'],
    places: ['table'],
    label: 'Filter',
    doc: 'change the filter; Tab completes field names; F2: show only rows that contain a text',
  },
  {
    command: 'echo',
    keys: ['f5', 'e'],
    places: ['table'],
    label: 'Echo',
    doc: 'the data that the selection reads and writes',
  },
  {
    command: 'dig',
    keys: ['f6', 'd'],
    places: ['table'],
    label: 'Dig',
    doc: 'the events of the selection, one by one',
  },
  {
    command: 'legend',
    keys: ['f7', 'i'],
    places: ['table'],
    label: 'Legend',
    doc: 'what this view and its columns mean',
  },
  {
    command: 'actions',
    keys: ['f8', 'a'],
    places: ['table'],
    label: 'Act',
    doc: 'choose an action for the selected row: copy its command, or run it with --actions',
  },
  {
    command: 'spectrogram',
    keys: ['f12'],
    places: ['table'],
    label: 'Spectro',
    doc: 'latencies of the calls of the selection over time, as colours',
  },
  {
    command: 'spectrogramOfFiles',
    keys: ['shift+f12', 'f24'],
    places: ['table'],
    doc: 'the same for its calls on files',
  },
  {
    command: 'mark',
    keys: ['space'],
    places: ['spectrogram'],
    doc: 'in a spectrogram: start to mark a rectangle, whose calls Enter shows; again: remove the mark',
  },
  { command: 'sortMenu', keys: ['f9', '>'], places: ['table'], label: 'Sort', doc: 'choose the column to sort by' },
  {
    command: 'columns',
    keys: ['C'],
    places: ['table'],
    doc: 'choose columns: Space shows or hides one, J and K move it; saved for this view',
  },
  { command: 'search', keys: ['/', 'ctrl+f'], places: ['table'], label: 'Search', doc: 'find a row by a text in it' },
  { command: 'next', keys: ['f3', 'n'], places: ['table'], doc: 'the next row with that text' },
  {
    command: 'tree',
    keys: ['t'],
    places: ['table'],
    doc: 'show processes and threads as a tree below their parents, or as a list again',
  },
  {
    command: 'follow',
    keys: ['f'],
    places: ['table'],
    doc: 'keep this row selected and in view wherever sorting moves it, until you move; in live lists: stay at the end',
  },
  {
    command: 'fold',
    keys: ['-'],
    places: ['table'],
    doc: 'in the tree: fold this row, or its parent if it has no children; the folded row shows the sums of its subtree',
  },
  { command: 'unfold', keys: ['+', '='], places: ['table'], doc: 'in the tree: unfold this row' },
  {
    command: 'pause',
    keys: ['p', 'space'],
    places: ['table'],
    label: 'Pause',
    doc: 'pause the display, or resume it',
  },
  { command: 'quit', keys: ['q', 'f10', 'ctrl+c'], places: ALL, label: 'Quit', over: 'Quit', doc: 'quit ksys' },
  { command: 'drill', keys: ['enter'], places: ['table', 'menu'], over: 'Take', doc: 'go into the selected row' },
  { command: 'back', keys: ['backspace'], places: ALL, doc: 'go back up, to the row where you were' },
  {
    command: 'cancel',
    keys: ['escape'],
    places: ALL,
    over: 'Close',
    doc: 'close a menu or page; stop reading; return to now, or to everything; show all rows; otherwise go back up',
  },
  { command: 'up', keys: ['up', 'k'], places: ALL, doc: 'one row up' },
  { command: 'down', keys: ['down', 'j'], places: ALL, doc: 'one row down' },
  { command: 'pageUp', keys: ['pageup', 'ctrl+b'], places: ALL, doc: 'a screen up' },
  { command: 'pageDown', keys: ['pagedown', 'ctrl+d'], places: ALL, doc: 'a screen down' },
  { command: 'home', keys: ['home', 'g'], places: ALL, doc: 'to the first row' },
  { command: 'end', keys: ['end', 'G'], places: ALL, doc: 'to the last row' },
  { command: 'left', keys: ['left'], places: ['table'], doc: 'scroll left' },
  {
    command: 'right',
    keys: ['right'],
    places: ['table'],
    doc: 'show the columns that did not fit, then scroll right',
  },
  ...SHIFTED.map(
    (c, i): Binding => ({
      command: `sort${i + 1}`,
      keys: [c, `shift+${i + 1}`],
      places: ['table'],
      doc: `sort by the screen's column ${i + 1} (Shift+${i + 1}); again: in reverse`,
    }),
  ),
  {
    command: 'older',
    keys: ['['],
    places: ['table'],
    doc: 'show this page one refresh earlier, as far back as --last retains calls; Enter and views stay at that time',
  },
  { command: 'newer', keys: [']'], places: ['table'], doc: 'one refresh later, up to now' },
  { command: 'muchOlder', keys: ['ctrl+left', 'alt+left'], places: ['table'], doc: 'ten refreshes earlier' },
  { command: 'muchNewer', keys: ['ctrl+right', 'alt+right'], places: ['table'], doc: 'ten refreshes later' },
  {
    command: 'beginSpan',
    keys: ['{'],
    places: ['table'],
    doc: 'start a time span at the time shown: go to its end with [ and ]; for a file they move along the timeline',
  },
  {
    command: 'endSpan',
    keys: ['}'],
    places: ['table'],
    doc: 'end the time span at the time shown: all views show only this span until Esc; [ and ] move it',
  },
  {
    command: 'arm',
    keys: ['B'],
    places: ['table'],
    doc: 'show data in Echo and Dig; live, also arm buffers: record data of all calls; again: mask and disarm',
  },
  { command: 'clear', keys: ['c', 'delete'], places: ['table'], doc: 'discard what was collected so far' },
  { command: 'named', keys: [':'], places: ['table'], doc: 'run a command: see below' },
  {
    command: 'goto',
    keys: ['ctrl+g'],
    places: ['table'],
    doc: 'go to the row at a place, or with # to the event with a number',
  },
  { command: 'copy', keys: ['y'], places: ['table'], doc: 'copy this screen as a ksys command line' },
  { command: 'mouse', keys: ['m'], places: ['table'], doc: 'mouse on or off (off lets the terminal select text)' },
  { command: 'suspend', keys: ['ctrl+z'], places: ALL, doc: 'back to the shell; fg returns' },
  { command: 'redraw', keys: ['ctrl+l'], places: ALL, doc: 'redraw the screen' },
]

/** The command of a key in a place. */
export function commandFor(key: string, place: Place): Command | undefined {
  const found = byKey.get(key)
  const inTable = () =>
    place === 'data' || place === 'spectrogram' ? found?.find((b) => b.places.includes('table')) : undefined
  return (found?.find((b) => b.places.includes(place)) ?? inTable())?.command
}

/** The keys of a command; the first one is shown. */
export function keysOf(command: Command): readonly string[] {
  return BINDINGS.find((b) => b.command === command)?.keys ?? []
}

const byKey = new Map<string, Binding[]>()
for (const b of BINDINGS) for (const k of b.keys) byKey.set(k, [...(byKey.get(k) ?? []), b])

const NAMES: Readonly<Record<string, string>> = {
  ...GLYPHS.keys,
  pageup: 'PgUp',
  pagedown: 'PgDn',
  escape: 'Esc',
  space: 'Space',
}
const MODIFIERS: Readonly<Record<string, string>> = { ctrl: 'Ctrl-', alt: 'Alt-', shift: 'Shift+' }

/** A key's name for display. */
export function keyName(id: string): string {
  const [, modifier = '', plain = id] = /^(ctrl|alt|shift)\+(.+)$/.exec(id) ?? []
  if (modifier === '') return NAMES[id] ?? (id.length > 1 ? id[0]?.toUpperCase() + id.slice(1) : id)
  return `${MODIFIERS[modifier]}${keyName(plain.length === 1 ? plain.toUpperCase() : plain)}`
}
