// A table as chisels print it: the value first, columns padded to 20, a line of dashes.
import { escapeText } from '../format/text/escape.js'
import { upTo, width } from '../format/text/width.js'
import { cellText } from '../table/cell.js'
import type { CompiledColumn } from '../table/compile.js'
import type { Cell, TableRow } from '../table/types.js'
import { bytesText, spanText } from './units.js'

const WIDTH = 20
const DASHES = 80

/** The lines of a table: titles, dashes, rows. spanNs: the time that it is about. */
export function tableLines(columns: readonly CompiledColumn[], rows: readonly TableRow[], spanNs: number): string[] {
  const line = (texts: readonly string[]) =>
    texts.map((t, i) => (i === texts.length - 1 ? t : padded(t, columns[i]?.width || WIDTH))).join('')
  return [
    line(columns.map((c) => c.title)),
    '-'.repeat(DASHES),
    ...rows.map((r) => line(columns.map((c, i) => escapeText(oldText(r.cells[i], c, spanNs))))),
  ]
}

function padded(text: string, cells: number): string {
  const cut = upTo(text, cells)
  return cut + ' '.repeat(cells - width(cut))
}

/** A cell in the units of old: 1.50KB and 2.17M, 405ms, 0.80%. */
function oldText(value: Cell, column: CompiledColumn, spanNs: number): string {
  if (value === undefined) return '<NA>'
  if (typeof value !== 'number') return cellText(value, column)
  switch (column.unit) {
    case 'bytes':
      return bytesText(Math.round(value))
    case 'time':
      return spanText(value)
    case 'percent':
      return `${cellText(value, column)}%`
    case 'timepct': {
      // a rate is per second already, a sum is not
      const perSecond = column.agg === 'rate' ? value : spanNs > 0 ? (value * 1e9) / spanNs : 0
      return `${cellText(perSecond, column)}%`
    }
    default:
      return cellText(value, column)
  }
}
