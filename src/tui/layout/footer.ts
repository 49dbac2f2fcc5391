// The bottom line: labelled keys of the table, or of the overlay that covers it, and the position in the table.
import { BINDINGS, type Command, commandFor, keyName } from '../keys/bindings.js'
import { type Overlay, page, type UiState } from '../model/model.js'
import { isRaw } from '../model/query.js'
import { layout } from './layout.js'
import { isMenu } from './menu.js'
import { count } from './numbers.js'
import { followsEnd, rowsBeforeSearch, rowsOf } from './rows.js'
import { cellsText } from './spectrogram.js'

/** cells reserved for keys beside the text about spectrogram cells */
const KEYS = 20

/** A key and its label. */
interface Named {
  readonly command: Command
  /** as input.ts makes it */
  readonly id: string
  readonly label: string
}

export interface FooterKey extends Named {
  readonly key: string
  /** cells on the line: [from, to) */
  readonly from: number
  readonly to: number
}

/** The keys of the bottom line and their positions, as many as fit; the key that quits is always among them. */
export function footerKeys(s: UiState): FooterKey[] {
  const { width } = layout(s)
  const items: FooterKey[] = []
  let at = 0
  const room = width - placeOf(s).length
  const all = (s.overlay === undefined ? ofTable(s) : ofOverlay(s.overlay)).map((n) => {
    const key = keyName(n.id)
    return { ...n, key, cells: key.length + n.label.length + 3 }
  })
  const leave = all.find((i) => i.command === 'quit')?.cells ?? 0
  let full = false
  for (const { cells, ...item } of all) {
    const quit = item.command === 'quit'
    full ||= !quit && at + cells > room - leave
    if (quit ? at + cells > room : full) continue
    items.push({ ...item, from: at, to: at + cells })
    at += cells
  }
  return items
}

function ofTable(s: UiState): Named[] {
  const place = isRaw(s) ? 'data' : 'table'
  // keys of data pages replace the ones that they override
  return BINDINGS.flatMap(({ command, keys: [id = ''], label }) => {
    if (label === undefined || commandFor(id, place) !== command) return []
    // a file cannot be paused
    if (command === 'pause' && s.file !== undefined) return []
    return [{ command, id, label: command === 'pause' && s.held ? 'Resume' : label }]
  })
}

/** Keys of a line being typed. */
const OF_PROMPTS: readonly Named[] = [
  { command: 'drill', id: 'enter', label: 'OK' },
  { command: 'cancel', id: 'escape', label: 'Cancel' },
]

function ofOverlay(o: Overlay): readonly Named[] {
  if ('line' in o) return OF_PROMPTS
  const place = isMenu(o) ? 'menu' : 'text'
  // in the list of views letters are text
  const shown = (keys: readonly string[]) => (o.kind === 'views' ? keys.find((id) => id.length > 1) : keys[0]) ?? ''
  const keys = BINDINGS.flatMap(({ command, keys, places, over }) => {
    // in the menu of columns several can be chosen; its title explains the keys
    if (over === undefined || !places.includes(place) || (o.kind === 'columns' && command === 'drill')) return []
    return [{ command, id: shown(keys), label: over }]
  })
  return keys.sort((a, b) => Number(a.command === 'quit') - Number(b.command === 'quit'))
}

/**
 * The index of the selected row and the number of rows, and whether the row is followed; for a spectrogram a text about
 * its cells.
 */
export function placeOf(s: UiState): string {
  const { result } = s
  if (result === undefined) return ''
  if (page(s).view.spectrogram !== undefined) {
    const texts = cellsText(s)
    return texts.find((t) => t.length <= s.width - KEYS) ?? (texts.at(-1) as string)
  }
  const there = rowsOf(s).length
  const sent = rowsBeforeSearch(s).length
  const all = Math.max(result.total, result.rows.length)
  const whole = all > sent ? `${count(all)} (${sent} shown)` : String(sent)
  if (there === 0) return sent === 0 ? ' no rows ' : ` 0 of ${whole} `
  const of = there < sent ? `${there} of ${whole}` : whole
  const sign = page(s).followed || followsEnd(s) ? ' follows' : ''
  return `${sign} ${page(s).at + 1}/${of} `
}
