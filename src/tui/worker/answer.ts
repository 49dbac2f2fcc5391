// An answer that is being gathered: rows of a table or of a list, from events to what the UI is sent.
import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import type { FieldUse } from '../../fields/registry.js'
import { type CheckedFilter, checkFilter, compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { State } from '../../state/state.js'
import { type CompiledColumn, type CompiledTable, compileTable, joinFilters, Table } from '../../table/index.js'
import type { Cell, Column, TableDef } from '../../table/types.js'
import { columnsOf, type ListView, type TableView, type View } from '../../views/define.js'
import { sortRows } from '../rows.js'
import type { ColumnInfo, RowData, Sort } from './messages.js'

/** Rows that are sent at most; the others are counted. */
export const SENT = 2000
/** Newest rows that a list keeps. */
const LISTED = 10_000

/** A question that was checked: what its answer is made with. */
export interface Plan {
  readonly columns: readonly ColumnInfo[]
  readonly filter: CheckedFilter | undefined
  begin(ctx: FieldContext): Answer
}

export interface Answer {
  add(e: Event): void
  /** Takes the state as it is at that time (ns) for threads that did nothing. */
  sample(state: State, time: number): void
  /** The rows, at most `most` and the pinned one; they stay what they are until the next take(). */
  take(span: number, most: number, pinned: string | undefined): { rows: RowData[]; total: number }
  /** Another order of the rows that were taken last. */
  again(most: number, pinned: string | undefined): { rows: RowData[]; total: number }
  /** Begins anew: live tables after each take(). */
  clear(): void
  sort: Sort | undefined
}

/** What a view needs and no capture has, in a sentence. */
export class ViewError extends Error {}

/** Checks a question. Throws FilterError for a wrong filter, ViewError for a view whose fields do not exist. */
export function planAnswer(view: View, filter: string, containers: boolean, sort: Sort | undefined): Plan {
  const only = filter === '' ? undefined : filter
  for (const c of columnsOf(view))
    if (c.only === undefined && !exists(c.field))
      throw new ViewError(`The view ${view.name} needs ${c.field}, which this capture does not have.`)
  return view.table === undefined ? planList(view, only, containers) : planTable(view, only, containers, sort)
}

/** Whether a field is known; an unknown one belongs to a part of the fields that is not there. */
function exists(field: string): boolean {
  const name = field.replace(/\[.*/, '')
  return registry.get(name) !== undefined || registry.get(name.replace(/\.[^.]*$/, '')) !== undefined
}

function planTable(view: TableView, filter: string | undefined, containers: boolean, sort: Sort | undefined): Plan {
  const { table } = view
  // values that rows are folded by, and names of processes without a command line, ride behind the shown columns
  const hidden = [...(view.foldBy ?? []), 'proc.name'].map((field) => ({ field, title: '' }))
  const columns = [...table.columns.filter((c) => exists(c.field)), ...hidden]
  const compiled = compileTable({ ...table, columns, sort: sortOf(table, columns) }, { containers, filter })
  const shown = compiled.columns.slice(0, compiled.columns.length - hidden.length)
  return {
    columns: columnInfos(shown),
    filter: compiled.filter,
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

  sample(state: State, time: number): void {
    this.table.sample(state, time)
  }

  take(span: number, most: number, pinned: string | undefined): { rows: RowData[]; total: number } {
    this.taken = this.table.read(span, { top: Number.POSITIVE_INFINITY })
    if (this.command >= 0) this.taken = this.taken.map((r) => named(r, this.command))
    return this.again(most, pinned)
  }

  again(most: number, pinned: string | undefined): { rows: RowData[]; total: number } {
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
  if (row.cells[command] !== undefined || name === undefined) return row
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

function planList(view: ListView, filter: string | undefined, containers: boolean): Plan {
  const { list } = view
  const all = joinFilters(filter, list.filter)
  if (filter !== undefined) checkFilter(filter, registry)
  const checked = all === undefined ? undefined : checkFilter(all, registry)
  const known = list.columns.filter((c) => exists(c.field))
  const { columns } = compileTable({ keys: ['evt.num'], columns: known }, { containers })
  return {
    columns: columnInfos(columns),
    filter: checked,
    begin: (ctx) => new ListAnswer(columns, checked, ctx),
  }
}

class ListAnswer implements Answer {
  sort: Sort | undefined = undefined
  private rows: RowData[] = []
  private total = 0
  private readonly test: ((e: Event) => boolean) | undefined
  private readonly getters: readonly Getter[]

  constructor(columns: readonly CompiledColumn[], filter: CheckedFilter | undefined, ctx: FieldContext) {
    this.test = filter && compileChecked(filter, ctx).test
    this.getters = columns.map((c) => c.use.def.make(ctx, c.use.arg))
  }

  add(e: Event): void {
    if (this.test !== undefined && !this.test(e)) return
    this.total++
    const id = String(e.num)
    this.rows.push({ id, keys: [e.num], cells: this.getters.map((g) => keep(g(e))) })
    if (this.rows.length >= LISTED * 2) this.rows = this.rows.slice(-LISTED)
  }

  sample(): void {}

  take(_span: number, most: number): { rows: RowData[]; total: number } {
    return { rows: this.rows.slice(-most), total: this.total }
  }

  again(most: number): { rows: RowData[]; total: number } {
    return this.take(0, most)
  }

  clear(): void {
    this.rows = []
    this.total = 0
  }
}

/** A value that outlives its event. */
function keep(v: Cell): Cell {
  return v instanceof Uint8Array ? Uint8Array.from(v) : v
}

function columnInfos(columns: readonly CompiledColumn[]): ColumnInfo[] {
  return columns.map((c, i) => ({
    title: c.title,
    field: c.field,
    unit: c.unit,
    width: i === columns.length - 1 ? 0 : (c.width ?? 0),
    right: isNumber(c.use, c),
    doc: c.doc ?? c.use.def.doc,
  }))
}

const TEXTUAL = new Set(['string', 'bytebuf', 'ipaddr', 'ipnet', 'fspath', 'bool', 'abstime', 'dynamic', 'errno'])

function isNumber(use: FieldUse, c: CompiledColumn): boolean {
  return c.unit !== 'text' || !(TEXTUAL.has(use.type) || use.def.list === true || use.multi)
}
