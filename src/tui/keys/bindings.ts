// Every key once: what it does, its twin, where it works. The help page, the bottom line and the dispatch are made of it.

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
 * Parts of the screen that have the keys: a table, a page of text, a list to choose from; one of data and a spectrogram, before those of
 * a table.
 */
export type Place = 'table' | 'text' | 'menu' | 'data' | 'spectrogram'

export interface Binding {
  readonly command: Command
  /** ids as input.ts makes them; the first is the one shown */
  readonly keys: readonly string[]
  readonly places: readonly Place[]
  /** word in the bottom line; without it the key is only in the help */
  readonly label?: string
  /** word in the bottom line of a menu or a page of text over the table, where the key works in it */
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
    doc: 'choose another view of the same selection',
  },
  {
    command: 'viewAs',
    keys: ['f2'],
    places: ['data'],
    label: 'View as',
    doc: 'in Echo and Dig: data as text, what of it can be printed, or hexadecimal',
  },
  {
    command: 'filter',
    keys: ['f4', '\\'],
    places: ['table'],
    label: 'Filter',
    doc: 'change the filter, Tab completes field names; F2: only rows that have a text',
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
    doc: 'what can be done with the selected row: its command to copy, or to run with --actions',
  },
  {
    command: 'spectrogram',
    keys: ['f12'],
    places: ['table'],
    label: 'Spectro',
    doc: 'how long the calls of the selection take, over time, as colours',
  },
  {
    command: 'spectrogramOfFiles',
    keys: ['shift+f12', 'f24'],
    places: ['table'],
    doc: 'the same of its calls on files',
  },
  {
    command: 'mark',
    keys: ['space'],
    places: ['spectrogram'],
    doc: 'in a spectrogram: marks a rectangle from here on, whose calls Enter shows; again: none',
  },
  { command: 'sortMenu', keys: ['f9', '>'], places: ['table'], label: 'Sort', doc: 'choose the column to sort by' },
  {
    command: 'columns',
    keys: ['C'],
    places: ['table'],
    doc: 'choose columns: Space shows or hides one, J and K move it; kept for this view',
  },
  { command: 'search', keys: ['/', 'ctrl+f'], places: ['table'], label: 'Search', doc: 'find a row by a text in it' },
  { command: 'next', keys: ['f3', 'n'], places: ['table'], doc: 'the next row with that text' },
  {
    command: 'tree',
    keys: ['t'],
    places: ['table'],
    doc: 'of processes and threads: each below the one that began it, or a list again',
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
    doc: 'in the tree: hide what is below this row, or what is beside it; the row then has the sums of all of them',
  },
  { command: 'unfold', keys: ['+', '='], places: ['table'], doc: 'in the tree: show again what is below this row' },
  {
    command: 'pause',
    keys: ['p', 'space'],
    places: ['table'],
    label: 'Pause',
    doc: 'hold the numbers still, or let them go on',
  },
  { command: 'quit', keys: ['q', 'f10', 'ctrl+c'], places: ALL, label: 'Quit', over: 'Quit', doc: 'leave ksys' },
  { command: 'drill', keys: ['enter'], places: ['table', 'menu'], over: 'Take', doc: 'go into the selected row' },
  { command: 'back', keys: ['backspace'], places: ALL, doc: 'go back up, to the row where you were' },
  {
    command: 'cancel',
    keys: ['escape'],
    places: ALL,
    over: 'Close',
    doc: 'close what is open; stop reading; back to now, or to everything; show all rows; else back up',
  },
  { command: 'up', keys: ['up', 'k'], places: ALL, doc: 'one row up' },
  { command: 'down', keys: ['down', 'j'], places: ALL, doc: 'one row down' },
  { command: 'pageUp', keys: ['pageup', 'ctrl+b'], places: ALL, doc: 'a screen up' },
  { command: 'pageDown', keys: ['pagedown', 'ctrl+d'], places: ALL, doc: 'a screen down' },
  { command: 'home', keys: ['home', 'g'], places: ALL, doc: 'to the first row' },
  { command: 'end', keys: ['end', 'G'], places: ALL, doc: 'to the last row' },
  { command: 'left', keys: ['left'], places: ['table'], doc: 'show what is left of the screen' },
  {
    command: 'right',
    keys: ['right'],
    places: ['table'],
    doc: 'show the columns that did not fit, and what is right of the screen',
  },
  ...SHIFTED.map(
    (c, i): Binding => ({
      command: `sort${i + 1}`,
      keys: [c, `shift+${i + 1}`],
      places: ['table'],
      doc: `sort by the screen's column ${i + 1} (Shift+${i + 1}); again: the other way round`,
    }),
  ),
  {
    command: 'older',
    keys: ['['],
    places: ['table'],
    doc: 'this page as it was a refresh earlier, as far as the last calls are kept (--last); Enter and views stay at that moment',
  },
  { command: 'newer', keys: [']'], places: ['table'], doc: 'a refresh later, up to now' },
  { command: 'muchOlder', keys: ['ctrl+left', 'alt+left'], places: ['table'], doc: 'ten refreshes earlier' },
  { command: 'muchNewer', keys: ['ctrl+right', 'alt+right'], places: ['table'], doc: 'ten refreshes later' },
  {
    command: 'beginSpan',
    keys: ['{'],
    places: ['table'],
    doc: 'a span of the timeline begins at the moment shown: [ and ] go to its end; of a file they go over the timeline',
  },
  {
    command: 'endSpan',
    keys: ['}'],
    places: ['table'],
    doc: 'the span ends at the moment shown, and all views speak of it alone, until Esc; [ and ] move it',
  },
  {
    command: 'arm',
    keys: ['B'],
    places: ['table'],
    doc: 'show data in Echo and Dig, which are masked else; live, arm buffers: those of all calls are kept from now on, so that Echo reaches back; again: mask them, and keep no more',
  },
  { command: 'clear', keys: ['c', 'delete'], places: ['table'], doc: 'forget what was gathered so far' },
  { command: 'named', keys: [':'], places: ['table'], doc: 'run a command: see below' },
  {
    command: 'goto',
    keys: ['ctrl+g'],
    places: ['table'],
    doc: 'go to a row by its place, or with # to an event by its number',
  },
  { command: 'copy', keys: ['y'], places: ['table'], doc: 'copy this screen as a ksys command line' },
  { command: 'mouse', keys: ['m'], places: ['table'], doc: 'mouse on or off (off lets the terminal select text)' },
  { command: 'suspend', keys: ['ctrl+z'], places: ALL, doc: 'back to the shell; fg returns' },
  { command: 'redraw', keys: ['ctrl+l'], places: ALL, doc: 'draw the screen anew' },
]

/** The command that a key gives in a place. */
export function commandFor(key: string, place: Place): Command | undefined {
  const found = byKey.get(key)
  const inTable = () =>
    place === 'data' || place === 'spectrogram' ? found?.find((b) => b.places.includes('table')) : undefined
  return (found?.find((b) => b.places.includes(place)) ?? inTable())?.command
}

/** The keys of a command, the one that is shown first. */
export function keysOf(command: Command): readonly string[] {
  return BINDINGS.find((b) => b.command === command)?.keys ?? []
}

const byKey = new Map<string, Binding[]>()
for (const b of BINDINGS) for (const k of b.keys) byKey.set(k, [...(byKey.get(k) ?? []), b])

const NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  escape: 'Esc',
  space: 'Space',
}
const MODIFIERS: Readonly<Record<string, string>> = { ctrl: 'Ctrl-', alt: 'Alt-', shift: 'Shift+' }

/** A key as people read it. */
export function keyName(id: string): string {
  const [, modifier = '', plain = id] = /^(ctrl|alt|shift)\+(.+)$/.exec(id) ?? []
  if (modifier === '') return NAMES[id] ?? (id.length > 1 ? id[0]?.toUpperCase() + id.slice(1) : id)
  return `${MODIFIERS[modifier]}${keyName(plain.length === 1 ? plain.toUpperCase() : plain)}`
}
