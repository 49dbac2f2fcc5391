// The answer of a view that is a table: the aggregation engine, and what rides along with its rows.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { State } from '../../state/state.js'
import { type CompiledTable, compileTable, type Inside, Table } from '../../table/index.js'
import type { Cell, Column, TableDef } from '../../table/types.js'
import type { TableView } from '../../views/define.js'
import { namesIn } from '../names.js'
import { sortRows } from '../rows.js'
import type { Answer, Plan, Taken } from './answer.js'
import { columnInfos, exists } from './columns.js'
import type { RowData, Sort } from './messages.js'

/** Rows of a table that are sent at most. */
const SENT = 2000

export function planTable(view: TableView, filter: string | undefined, inside: Inside, sort?: Sort): Plan {
  const { table } = view
  // values that gone rows are collapsed by, and what stands for absent ones, ride behind the shown columns
  const hidden = [...(view.collapseBy ?? []), ...STAND_INS.map((i) => i.from)].map((field) => ({ field, title: '' }))
  const columns = [...table.columns.filter((c) => exists(c.field)), ...hidden]
  const compiled = compileTable({ ...table, columns, sort: sortOf(table, columns) }, { ...inside, filter })
  const shown = compiled.columns.slice(0, compiled.columns.length - hidden.length)
  return {
    columns: columnInfos(shown),
    filter: compiled.filter,
    fields: compiled.fields,
    anew: view.keep !== true && view.sums !== true,
    joins: view.keep === true,
    sort: sort ?? compiled.sort,
    inFlight: view.inFlight,
    ofData: view.buffers !== undefined,
    buffers: view.buffers ?? 0,
    most: SENT,
    begin: (ctx) =>
      new TableAnswer(
        compiled,
        ctx,
        sort ?? compiled.sort,
        shown.map((c) => c.field),
      ),
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
    private readonly shown: readonly string[],
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

  keepUp(state: State, time: number): void {
    this.table.keepUp(state, time)
  }

  take(span: number, most: number, pinned: string | undefined): Taken {
    this.taken = this.table.read(span, { top: Number.POSITIVE_INFINITY })
    this.taken = this.taken.map((r) => complete(r, this.shown))
    return this.again(most, pinned)
  }

  again(most: number, pinned: string | undefined): Taken {
    return { rows: first(sortRows(this.taken, this.sort), most, pinned), total: this.taken.length }
  }

  clear(): void {
    this.table.clear()
  }
}

/** What is shown where a field has no value, of another field: kernel threads in brackets, as ps has them. */
const STAND_INS: readonly { field: string; from: string; show: (value: Cell) => Cell }[] = [
  { field: 'container.name', from: 'container.id', show: (id) => id },
  { field: 'proc.exeline', from: 'proc.name', show: (name) => ((name ?? '') === '' ? '<NA>' : `[${name}]`) },
]

function complete(row: RowData, shown: readonly string[]): RowData {
  let { cells } = row
  for (const [i, { field, show }] of STAND_INS.entries()) {
    const at = shown.indexOf(field)
    const value = row.cells[row.cells.length - STAND_INS.length + i]
    if (at < 0 || (cells[at] ?? '') !== '') continue
    cells = cells.map((c, k) => (k === at ? show(value) : c))
  }
  for (const [at, field] of shown.entries()) {
    const value = cells[at]
    const names = namesIn(field)
    if (names !== undefined && typeof value === 'string') cells = cells.map((c, k) => (k === at ? names(value) : c))
  }
  return cells === row.cells ? row : { ...row, cells }
}

/** The first rows, and the pinned one at the end when it is not among them. */
function first(rows: readonly RowData[], most: number, pinned: string | undefined): RowData[] {
  const out = rows.slice(0, most)
  if (pinned === undefined || rows.length <= most || out.some((r) => r.id === pinned)) return out
  const row = rows.find((r) => r.id === pinned)
  if (row !== undefined) out.push(row)
  return out
}
