// Rows between the worker and the UI: of a result only the rows that have changed are sent, the others as their position in the
// result before. Most rows of a machine stay the same from one result to the next.
import type { Cell } from '../../table/types.js'
import type { Report, RowData, Rows } from './messages.js'

/** A result as it is sent: a number is the position of an unchanged row in the rows sent before. */
export interface SentRows extends Omit<Rows, 'rows'> {
  readonly rows: readonly (RowData | number)[]
}

/** A message of the worker as it is sent. */
export type SentReport = Exclude<Report, Rows> | SentRows

/** The worker's end. */
export class RowSender {
  private before = new Map<string, { readonly row: RowData; readonly at: number }>()

  /** The message to send; every message must be sent, in this order. */
  pack(report: Report): SentReport {
    if (report.kind !== 'rows') return report
    const { before } = this
    this.before = new Map(report.rows.map((row, at) => [row.id, { row, at }]))
    const rows = report.rows.map((row) => {
      const sent = before.get(row.id)
      return sent !== undefined && areSameRow(sent.row, row) ? sent.at : row
    })
    return { ...report, rows }
  }
}

/** The UI's end. An unchanged row is the same object as before. */
export class RowReceiver {
  private before: readonly RowData[] = []

  unpack(report: SentReport): Report {
    if (report.kind !== 'rows') return report
    const rows = report.rows.map((row) => (typeof row === 'number' ? (this.before[row] as RowData) : row))
    this.before = rows
    return { ...report, rows }
  }
}

/** Whether two rows with the same id are the same in everything else. */
function areSameRow(a: RowData, b: RowData): boolean {
  return (
    a.parent === b.parent &&
    a.young === b.young &&
    a.group?.count === b.group?.count &&
    areSame(a.cells, b.cells) &&
    areSame(a.keys, b.keys) &&
    (a.subtree === b.subtree ||
      (a.subtree !== undefined && b.subtree !== undefined && areSame(a.subtree, b.subtree))) &&
    (a.group === b.group || areSame(a.group?.by ?? [], b.group?.by ?? []))
  )
}

function areSame(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((cell, i) => cell === b[i])
}
