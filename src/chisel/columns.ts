// Text tables for chisels: all rows at once, or one line per event.

import { upTo, width } from '../format/text/width.js'
import { escapeText } from '../render/escape.js'
import type { ChiselContext, Color } from './context.js'

/** A column: its title, its minimum width in cells with the blank after it, and 'containers' if it is shown only with -pc. */
export type ColumnSpec = readonly [title: string, width: number, only?: 'containers']

/** Terminals of at most this width (cells) get the minimum widths, so that rows fit on one line. */
const NARROW = 80

/**
 * Lines of a table, starting with the titles. Columns are as wide as their widest value; on a narrow terminal, values are cut
 * at the minimum width of their column. The last column has no width. Unsafe characters are escaped. `columns`: width of the terminal.
 */
export function columnLines(
  specs: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[] {
  const last = specs.length - 1
  const shown = rows.map((r) => r.map(escapeText))
  const widths = specs.map(([title, least], i) => {
    if (columns <= NARROW || i === last) return least
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

/**
 * Prints a table line by line: the titles once, then rows with a cell for every column. Prints nothing if the output is for
 * programs. dashed: dashes below the titles, for the width of each column (including the last).
 */
export function eventLines(
  c: Pick<ChiselContext<never, never>, 'print' | 'paint' | 'json' | 'columns' | 'containers'>,
  all: readonly ColumnSpec[],
  { dashed = false }: { readonly dashed?: boolean } = {},
): { titles(): void; row(cells: readonly string[], color?: Color): void } {
  const isShown = ([, , only]: ColumnSpec) => only === undefined || c.containers
  const columns = all.filter(isShown)
  const line = (cells: readonly string[]) => columnLines(columns, [cells], c.columns)[1] ?? ''
  return {
    titles() {
      if (c.json) return
      c.print(columnLines(columns, [], c.columns)[0] ?? '')
      if (dashed) c.print(line(columns.map(([, cells]) => '-'.repeat(cells - 1))))
    },
    row(cells, color) {
      if (c.json) return
      const text = line(cells.filter((_, i) => isShown(all[i] as ColumnSpec)))
      c.print(color === undefined ? text : c.paint(color, text))
    },
  }
}
