// A line for each event below titles that are printed once, for chisels that show things as they happen.
import { type ColumnSpec, columnLines } from './columns.js'
import type { ChiselContext } from './context.js'

/** What prints such lines: the titles first, then a row at a time. Nothing where programs read. */
export function eventLines(
  c: Pick<ChiselContext<never, never>, 'print' | 'json' | 'columns'>,
  columns: readonly ColumnSpec[],
): { titles(): void; row(cells: readonly string[]): void } {
  return {
    titles() {
      if (!c.json) c.print(columnLines(columns, [], c.columns)[0] ?? '')
    },
    row(cells) {
      if (!c.json) c.print(columnLines(columns, [cells], c.columns)[1] ?? '')
    },
  }
}
