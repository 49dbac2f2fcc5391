// Merges rows of several segments of a capture into one table: rows of equal keys are aggregated.
import type { Aggregation, Cell } from '../../table/types.js'
import type { RowData } from './messages.js'

/** The merged rows; rows of older segments come first. aggregations: of their cells. */
export function joinRows(rows: readonly RowData[], aggregations: readonly Aggregation[]): RowData[] {
  const known = new Map<string, RowData>()
  for (const row of rows) {
    // ids are prefixed with their segment
    const id = row.keys.join('\0')
    const older = known.get(id)
    const cells =
      older === undefined ? row.cells : row.cells.map((cell, i) => both(aggregations[i], older.cells[i], cell))
    known.set(id, { ...row, id, cells })
  }
  return [...known.values()]
}

/** The aggregate of two values; the newer one if they cannot be aggregated. */
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
