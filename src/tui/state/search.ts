// Finds a row by a text in it, or by number: its place in the table, or the number of its event.

import { shownColumns } from '../layout/columns.js'
import { hasText, rowsOf, selectedAt } from '../layout/rows.js'
import type { Step } from '../model/model.js'
import { page, type ShownRow, step, type UiState } from '../model/model.js'
import { uncovered } from './fold.js'
import { select } from './selection.js'

/**
 * Selects the next row (with -1 the previous one) that contains the search text; `here`: starting with the present row.
 */
export function findNext(s: UiState, direction: 1 | -1, here = false): UiState {
  const rows = rowsOf(s)
  if (s.search === '') return { ...s, note: 'no search text yet: / starts a search' }
  if (rows.length === 0) return s
  const from = selectedAt(rows, page(s))
  const columns = shownColumns(s)
  for (let i = here ? 0 : 1; i <= rows.length; i++) {
    const at = (from + direction * i + rows.length * 2) % rows.length
    if (hasText(rows[at] as ShownRow, s.search, columns)) return select(s, at)
  }
  const hidden = (s.result?.rows ?? []).find((r) => hasText(r, s.search, columns))
  if (hidden !== undefined) {
    const open = uncovered(s, hidden)
    return select(
      open,
      rowsOf(open).findIndex((r) => r.id === hidden.id),
    )
  }
  return { ...s, note: `no row has "${s.search}"` }
}

/** Goes to the row at that place, or with `#` to the event of that number; otherwise returns why it cannot. */
export function goTo(s: UiState, text: string): Step | string {
  const [, mark, digits] = /^(#?)(\d+)$/.exec(text) ?? []
  if (digits === undefined) return ':goto takes the place of a row, or # and the number of an event: 120, #4711'
  const number = Number(digits)
  const rows = rowsOf(s)
  if (rows.length === 0) return 'there are no rows yet'
  if (mark !== '#') return step(number < 1 ? s : { ...select(s, number - 1), note: noteFor(number, rows.length) })
  if (page(s).view.table !== undefined) return 'rows of this view are not events: :goto 120 goes to a row'
  const at = rows.findIndex((r) => Number(r.keys[0]) >= number)
  if (at < 0) return `the last event shown is #${rows.at(-1)?.keys[0]}`
  const found = Number(rows[at]?.keys[0])
  return step({
    ...select(s, at),
    note: found === number ? undefined : `#${number} is not shown: this is the next one, #${found}`,
  })
}

function noteFor(number: number, rows: number): string | undefined {
  return number > rows ? `there are only ${rows} rows` : undefined
}
