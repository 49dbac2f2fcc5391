// What stands on the bottom line: the keys with a label, and the place in the table.
import { BINDINGS, type Command, commandFor, keyName } from '../keys/bindings.js'
import { cellsText } from '../state/cells.js'
import { followsEnd } from '../state/follow.js'
import { page, type UiState } from '../state/model.js'
import { isRaw } from '../state/query.js'
import { rowsOf, untexted } from '../state/selection.js'
import { layout } from './layout.js'
import { count } from './numbers.js'

/** cells that keys keep beside what is known of cells */
const KEYS = 20

export interface FooterKey {
  readonly command: Command
  readonly key: string
  readonly label: string
  /** cells on the line: [from, to) */
  readonly from: number
  readonly to: number
}

/** The keys of the bottom line and where they stand, as many as fit; how to leave is always among them. */
export function footerKeys(s: UiState): FooterKey[] {
  const { width } = layout(s)
  const items: FooterKey[] = []
  let at = 0
  const room = width - placeOf(s).length
  const place = isRaw(s) ? 'data' : 'table'
  // what a page of data has of its own stands in the place of what the key does elsewhere
  const here = BINDINGS.filter((b) => b.label !== undefined && commandFor(b.keys[0] as string, place) === b.command)
  const all = here.map((b) => {
    const key = keyName(b.keys[0] as string)
    const label = b.command === 'pause' && s.held ? 'Go on' : (b.label as string)
    return { command: b.command, key, label, cells: key.length + label.length + 3 }
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

/** The selected row of how many, and whether it is followed; of a spectrogram what is known of the cells. */
export function placeOf(s: UiState): string {
  const { answer } = s
  if (answer === undefined) return ''
  if (page(s).view.spectrogram !== undefined) {
    const texts = cellsText(s)
    return texts.find((t) => t.length <= s.width - KEYS) ?? (texts.at(-1) as string)
  }
  const there = rowsOf(s).length
  const sent = untexted(s).length
  const all = Math.max(answer.total, answer.rows.length)
  const whole = all > sent ? `${count(all)} (${sent} shown)` : String(sent)
  if (there === 0) return sent === 0 ? ' no rows ' : ` 0 of ${whole} `
  const of = there < sent ? `${there} of ${whole}` : whole
  const sign = page(s).followed || followsEnd(s) ? ' follows' : ''
  return `${sign} ${page(s).at + 1}/${of} `
}
