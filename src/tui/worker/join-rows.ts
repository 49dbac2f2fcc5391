// Rows of several parts of a capture as rows of one table: values of one key become one.
import type { Aggregation, Cell } from '../../table/types.js'
import type { RowData } from './messages.js'

/** The rows, of which those of an older part come first; aggregations: of their cells. */
export function joinRows(rows: readonly RowData[], aggregations: readonly Aggregation[]): RowData[] {
  const known = new Map<string, RowData>()
  for (const row of rows) {
    // ids have their part before them
    const id = row.keys.join('\0')
    const older = known.get(id)
    const cells =
      older === undefined ? row.cells : row.cells.map((cell, i) => both(aggregations[i], older.cells[i], cell))
    known.set(id, { ...row, id, cells })
  }
  return [...known.values()]
}

/** One value for two; of what cannot be added the newer one. */
function both(aggregation: Aggregation | undefined, older: Cell, newer: Cell): Cell {
  if (older === undefined || newer === undefined) return newer ?? older
  switch (aggregation) {
    case 'sum':
    case 'count':
      return (older as number) + (newer as number)
    case 'min':
      return older < newer ? older : newer
    case 'max':
      return older > newer ? older : newer
    default:
      return newer
  }
}
