// Goes to a row by number: its place in the table, or the number of its event.
import { page, type Step, step, type UiState } from './model.js'
import { rowsOf, select } from './selection.js'

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
