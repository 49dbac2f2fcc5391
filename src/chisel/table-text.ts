// A table as chisels print it: the value first, columns padded to 20, a line of dashes.
import { escapeText } from '../format/escape.js'
import { fit, width } from '../format/width.js'
import { cellText } from '../table/cell.js'
import type { CompiledColumn } from '../table/compile.js'
import type { Cell, TableRow } from '../table/types.js'
import { bytesText, spanText } from './units.js'

const WIDTH = 20
const DASHES = 80

/** The lines of a table: titles, dashes, rows. */
export function tableLines(columns: readonly CompiledColumn[], rows: readonly TableRow[]): string[] {
  const line = (texts: readonly string[]) =>
    texts.map((t, i) => (i === texts.length - 1 ? t : padded(t, columns[i]?.width || WIDTH))).join('')
  return [
    line(columns.map((c) => c.title)),
    '-'.repeat(DASHES),
    ...rows.map((r) => line(columns.map((c, i) => escapeText(oldText(r.cells[i], c))))),
  ]
}

function padded(text: string, cells: number): string {
  const cut = fit(text, cells)
  return cut + ' '.repeat(cells - width(cut))
}

/** A cell in the units of old: 1.50KB and 2.17M, 405ms, 0.80%. */
function oldText(value: Cell, column: CompiledColumn): string {
  if (value === undefined) return '<NA>'
  if (typeof value !== 'number') return cellText(value, column)
  switch (column.unit) {
    case 'bytes':
      return bytesText(Math.round(value))
    case 'time':
      return spanText(value)
    case 'percent':
    case 'timepct':
      return `${cellText(value, column)}%`
    default:
      return cellText(value, column)
  }
}
