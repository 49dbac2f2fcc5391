// Builds the rows of a table view: runs the aggregation engine, and adds groups of short-lived processes and the
// process tree.

import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { BatchNs } from '../../model/time.js'
import type { State } from '../../state/state.js'
import { type CompiledTable, compileTable, type Inside, Table } from '../../table/index.js'
import type { Cell, Column, TableDef } from '../../table/types.js'
import { hiddenFields, type TableView } from '../../views/define.js'
import { namesIn } from '../names.js'
import { sortRows } from '../rows.js'
import { columnInfos, exists } from './columns.js'
import { joinRows } from './join-rows.js'
import { Lifetimes } from './lifetimes.js'
import type { RowData, Sort } from './messages.js'
import { type GroupingRule, withGroups } from './short-lived.js'
import { related } from './tree.js'
import type { ResultBuilder, RowSlice, SegmentJoin, ViewPlan } from './view-plan.js'

/** Maximum number of rows that are sent. */
const SENT = 2000

/**
 * Short-lived processes of one kind that are still shown as separate rows: more in a file, which does not change, than
 * live, where each refresh brings others.
 */
const FEW = { live: 1, file: 10 } as const

interface TableQuery {
  readonly filter: string | undefined
  readonly inside: Inside
  readonly sort?: Sort | undefined
  /** ns: processes that live shorter are grouped; 0: no groups */
  readonly short: number
}

export function planTable(view: TableView, { filter, inside, sort, short }: TableQuery): ViewPlan {
  const { table } = view
  // hidden columns: the fields to group by, and those shown instead of absent values
  const hidden = [...hiddenFields(view), ...STAND_INS.map((i) => i.from)].map((field) => ({ field, title: '' }))
  const columns = [...table.columns.filter((c) => exists(c.field)), ...hidden]
  const compiled = compileTable({ ...table, columns, sort: sortOf(table, columns) }, { ...inside, filter })
  const shown = compiled.columns.slice(0, compiled.columns.length - hidden.length)
  return {
    columns: columnInfos(shown),
    filter: compiled.filter,
    fields: compiled.fields,
    passingOnly: table.threads !== true && Lifetimes.of(compiled) === undefined,
    restarts: view.keep !== true && view.sums !== true,
    joinsPast: view.keep === true || view.countsKept === true,
    ...(view.countsKept === true && { segments: segmentJoin(compiled.columns) }),
    sort: sort ?? compiled.sort,
    inFlight: view.inFlight,
    needsData: view.buffers !== undefined,
    buffers: view.buffers ?? 0,
    most: SENT,
    start: (ctx, live) =>
      new TableBuilder(compiled, ctx, sort ?? compiled.sort, {
        columns: compiled.columns,
        shown: shown.length,
        by: view.collapseBy?.length ?? 0,
        short: view.collapseBy === undefined ? 0 : short,
        few: live ? FEW.live : FEW.file,
      }),
  }
}

/** Rows of all segments are merged into one table. */
function segmentJoin(columns: CompiledTable['columns']): SegmentJoin {
  const aggregations = columns.map((c) => c.agg)
  return { reach: Number.POSITIVE_INFINITY, join: (rows) => joinRows(rows, aggregations) }
}

/** The view's sort order, with its column as an index of `columns`. */
function sortOf({ columns: all, sort }: TableDef, columns: readonly Column[]): TableDef['sort'] & object {
  return { column: Math.max(0, columns.indexOf(all[sort?.column ?? 0] as Column)), ascending: sort?.ascending ?? false }
}

class TableBuilder implements ResultBuilder {
  private readonly table: Table
  private readonly lives: Lifetimes | undefined
  /** the fields of the shown columns */
  private readonly shown: readonly string[]
  /** batch time (ns) of the last sample */
  private now = 0
  private taken: RowData[] = []

  constructor(
    compiled: CompiledTable,
    ctx: FieldContext,
    public sort: Sort,
    private readonly rule: GroupingRule,
  ) {
    this.table = new Table(compiled, ctx)
    this.lives = Lifetimes.of(compiled)
    this.shown = rule.columns.slice(0, rule.shown).map((c) => c.field)
  }

  add(e: Event): void {
    this.table.add(e)
  }

  prime(state: State, time: BatchNs): void {
    this.table.prime(state, time)
  }

  sample(state: State, time: BatchNs): void {
    this.table.sample(state, time)
    this.lives?.sample(state)
    this.now = time
  }

  keepUp(state: State, time: BatchNs): void {
    this.table.keepUp(state, time)
    this.lives?.keepUp(state)
  }

  take(span: number, most: number, pinned: string | undefined): RowSlice {
    const rows = this.table.read(span, { top: Number.POSITIVE_INFINITY }).map((r) => complete(r, this.shown))
    this.taken = this.lives === undefined ? rows : this.joined(rows, this.lives)
    return this.reread(most, pinned)
  }

  reread(most: number, pinned: string | undefined): RowSlice {
    return { rows: first(sortRows(this.taken, this.sort), most, pinned), total: this.taken.length }
  }

  clear(): void {
    this.table.clear()
    this.lives?.clear()
  }

  /** Adds groups of short-lived processes and parent rows. */
  private joined(rows: readonly RowData[], lives: Lifetimes): RowData[] {
    const { rule, now } = this
    const lifeOf = (id: string) => lives.get(id)
    return related(withGroups(rows, lifeOf, rule), lifeOf, rule.columns).map((r) => {
      const { began, ended } = lives.get(r.id) ?? {}
      return began !== undefined && ended === false && now - began < rule.short ? { ...r, young: true } : r
    })
  }
}

/**
 * Fields shown instead of absent values: a container's id for its name, a kernel thread's name in brackets as ps prints
 * it.
 */
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

/** The first rows; the pinned one is appended if it is not among them. */
function first(rows: readonly RowData[], most: number, pinned: string | undefined): RowData[] {
  const out = rows.slice(0, most)
  if (pinned === undefined || rows.length <= most || out.some((r) => r.id === pinned)) return out
  const row = rows.find((r) => r.id === pinned)
  if (row !== undefined) out.push(row)
  return out
}
