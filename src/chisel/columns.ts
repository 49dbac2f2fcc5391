// Rows of text under titles, for chisels that show everything at once.
import { escapeText } from '../format/text/escape.js'
import { upTo, width } from '../format/text/width.js'

/** A column: what stands above it, the least cells it takes with the blank behind it, and whether it is there with -pc alone. */
export type ColumnSpec = readonly [title: string, width: number, only?: 'containers']

/** Cells of a terminal on which rows are kept to the least widths, so that they stay on their lines. */
const NARROW = 80

/**
 * Lines of a table, the titles first. Columns are as wide as their widest value; on a narrow terminal values are cut at
 * the width of their column. The last column has no width. Unsafe characters are shown.
 */
export function columnLines(
  specs: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  room: number,
): string[] {
  const last = specs.length - 1
  const shown = rows.map((r) => r.map(escapeText))
  const widths = specs.map(([title, least], i) => {
    if (room <= NARROW || i === last) return least
    return shown.reduce((w, r) => Math.max(w, width(r[i] as string) + 1), Math.max(least, title.length + 1))
  })
  const line = (cells: readonly string[]) =>
    cells.map((c, i) => (i === last ? c : padded(c, widths[i] as number))).join('')
  return [line(specs.map(([title]) => title)), ...shown.map(line)]
}

function padded(text: string, cells: number): string {
  const cut = upTo(text, cells - 1)
  return cut + ' '.repeat(cells - width(cut))
}
