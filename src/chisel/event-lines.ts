// A line for each event below titles that are printed once, for chisels that show things as they happen.
import { type ColumnSpec, columnLines } from './columns.js'
import type { ChiselContext, Color } from './context.js'

/**
 * What prints such lines: the titles first, then a row at a time, with a cell for every column. Nothing where programs read. dashed: dashes stand below the titles,
 * as far as the columns go (the last one too).
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
