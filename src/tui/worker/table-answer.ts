// The answer of a view that is a table: the aggregation engine, and what rides along with its rows.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { State } from '../../state/state.js'
import { type CompiledColumn, type CompiledTable, compileTable, Table } from '../../table/index.js'
import type { Column, TableDef } from '../../table/types.js'
import type { TableView } from '../../views/define.js'
import { sortRows } from '../rows.js'
import type { Answer, Plan, Taken } from './answer.js'
import { columnInfos, exists } from './columns.js'
import type { RowData, Sort } from './messages.js'

/** Rows of a table that are sent at most. */
const SENT = 2000

export function planTable(view: TableView, filter: string | undefined, containers: boolean, sort?: Sort): Plan {
  const { table } = view
  // values that rows are folded by, and names of processes without a command line, ride behind the shown columns
  const hidden = [...(view.foldBy ?? []), 'proc.name'].map((field) => ({ field, title: '' }))
  const columns = [...table.columns.filter((c) => exists(c.field)), ...hidden]
  const compiled = compileTable({ ...table, columns, sort: sortOf(table, columns) }, { containers, filter })
  const shown = compiled.columns.slice(0, compiled.columns.length - hidden.length)
  return {
    columns: columnInfos(shown),
    filter: compiled.filter,
    fields: compiled.fields,
    anew: view.keep !== true,
    buffers: 0,
    most: SENT,
    begin: (ctx) => new TableAnswer(compiled, ctx, sort ?? compiled.sort, commandAt(shown)),
  }
}

/** The view's order, by the place that its column has among `columns`. */
function sortOf({ columns: all, sort }: TableDef, columns: readonly Column[]): TableDef['sort'] & object {
  return { column: Math.max(0, columns.indexOf(all[sort?.column ?? 0] as Column)), ascending: sort?.ascending ?? false }
}

class TableAnswer implements Answer {
  private readonly table: Table
  private taken: RowData[] = []

  constructor(
    compiled: CompiledTable,
    ctx: FieldContext,
    public sort: Sort,
    /** place of the column with the command line */
    private readonly command: number,
  ) {
    this.table = new Table(compiled, ctx)
  }

  add(e: Event): void {
    this.table.add(e)
  }

  prime(state: State, time: number): void {
    this.table.prime(state, time)
  }

  sample(state: State, time: number): void {
    this.table.sample(state, time)
  }

  take(span: number, most: number, pinned: string | undefined): Taken {
    this.taken = this.table.read(span, { top: Number.POSITIVE_INFINITY })
    if (this.command >= 0) this.taken = this.taken.map((r) => named(r, this.command))
    return this.again(most, pinned)
  }

  again(most: number, pinned: string | undefined): Taken {
    return { rows: first(sortRows(this.taken, this.sort), most, pinned), total: this.taken.length }
  }

  clear(): void {
    this.table.clear()
  }
}

const commandAt = (columns: readonly CompiledColumn[]) => columns.findIndex((c) => c.field === 'proc.exeline')

/** A kernel thread has no command line: its name stands for it, in brackets as ps has it. */
function named(row: RowData, command: number): RowData {
  const name = row.cells[row.cells.length - 1]
  if ((row.cells[command] ?? '') !== '' || name === undefined) return row
  return { ...row, cells: row.cells.map((c, i) => (i === command ? `[${name}]` : c)) }
}

/** The first rows, and the pinned one at the end when it is not among them. */
function first(rows: readonly RowData[], most: number, pinned: string | undefined): RowData[] {
  const out = rows.slice(0, most)
  if (pinned === undefined || rows.length <= most || out.some((r) => r.id === pinned)) return out
  const row = rows.find((r) => r.id === pinned)
  if (row !== undefined) out.push(row)
  return out
}
