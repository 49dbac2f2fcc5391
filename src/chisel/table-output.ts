// A table as chisels print it (the value first, columns padded to 20, a line of dashes), and as a value for programs.

import { upTo, width } from '../format/text/width.js'
import { type BatchNs, epochOf } from '../model/time.js'
import { escapeText } from '../render/escape.js'
import type { CaptureInfo } from '../source/source.js'
import { cellText } from '../table/cell.js'
import type { CompiledColumn } from '../table/compile.js'
import type { Cell, TableRow } from '../table/types.js'
import { bytesText, spanText } from './units.js'

const WIDTH = 20
const DASHES = 80

/** The lines of a table: titles, dashes, rows. spanNs: the time that the table covers. */
export function tableLines(columns: readonly CompiledColumn[], rows: readonly TableRow[], spanNs: number): string[] {
  const line = (texts: readonly string[]) =>
    texts.map((t, i) => (i === texts.length - 1 ? t : padded(t, columns[i]?.width || WIDTH))).join('')
  return [
    line(columns.map((c) => c.title)),
    '-'.repeat(DASHES),
    ...rows.map((r) => line(columns.map((c, i) => escapeText(sysdigText(r.cells[i], c, spanNs))))),
  ]
}

function padded(text: string, cells: number): string {
  const cut = upTo(text, cells)
  return cut + ' '.repeat(cells - width(cut))
}

/** A cell in sysdig's units: 1.50KB and 2.17M, 405ms, 0.80%. */
function sysdigText(value: Cell, column: CompiledColumn, spanNs: number): string {
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
      // rates are per second already, sums are not
      const perSecond = column.agg === 'rate' ? value : spanNs > 0 ? (value * 1e9) / spanNs : 0
      return `${cellText(perSecond, column)}%`
    }
    default:
      return cellText(value, column)
  }
}

/** A table as a value: time, rows and columns. Rows have the keys first. `time`: batch time (ns) of the table. */
export function tableValue(
  columns: readonly CompiledColumn[],
  rows: readonly TableRow[],
  info: CaptureInfo,
  time: BatchNs,
): unknown {
  const isKey = (c: CompiledColumn) => c.agg === 'last'
  const order = columns
    .map((_, i) => i)
    .sort((a, b) => Number(isKey(columns[b]!)) - Number(isKey(columns[a]!)) || a - b)
  return {
    ts: String(epochOf(info, time)),
    data: rows.map((r) => order.map((i) => r.cells[i] ?? null)),
    info: order.map((i) => {
      const c = columns[i] as CompiledColumn
      return { name: c.field, desc: c.title, is_key: isKey(c) }
    }),
  }
}
