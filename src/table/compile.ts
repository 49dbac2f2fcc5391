// Compiles a table's declaration: resolves fields, checks aggregations against their types, joins filters.
import { registry } from '../fields/index.js'
import { FieldError, type FieldUse } from '../fields/registry.js'
import { isSamePerResult, isSumOfCounts } from '../fields/row-only.js'
import { type CheckedFilter, checkFilter, FilterError } from '../filter/index.js'
import { wantsNumbers } from './accumulators.js'
import type { Aggregation, Column, TableDef, Unit } from './types.js'

export interface CompiledColumn extends Column {
  readonly use: FieldUse
  readonly agg: Aggregation
  readonly groupAgg: Aggregation
  readonly treeAgg: Aggregation
  readonly unit: Unit
}

export interface CompiledTable {
  readonly def: TableDef
  readonly keys: readonly FieldUse[]
  readonly groupBy: readonly FieldUse[]
  /** the columns that are shown */
  readonly columns: readonly CompiledColumn[]
  /** the declaration's filter joined with the caller's */
  readonly filter: CheckedFilter | undefined
  /** filter for sampled threads: the caller's filter joined with the declaration's for threads */
  readonly only: CheckedFilter | undefined
  /** column: index in `columns` */
  readonly sort: { readonly column: number; readonly ascending: boolean }
  /** texts of all fields except those of the filter: the capture must record what they need */
  readonly fields: readonly string[]
}

/** What a capture contains besides processes of one host; some columns depend on it. */
export interface Inside {
  readonly containers: boolean
  readonly pods?: boolean
  /** events of several hosts: each host has rows of its own */
  readonly hosts?: boolean
}

export interface TableOptions extends Inside {
  /** applies in addition to the declaration's filter */
  readonly filter?: string | undefined
}

/** Whether a column is shown. */
export function isShown(column: Pick<Column, 'only'>, { containers, pods }: Inside): boolean {
  if (column.only === undefined) return true
  return column.only === 'pods' ? pods === true : (column.only === 'containers') === containers
}

/** The fields by whose values events are grouped into rows. */
export function keysOf(def: TableDef, { containers, hosts }: Inside): readonly string[] {
  const keys = (containers ? def.containerKeys : undefined) ?? def.keys
  return hosts === true ? [...keys, HOST.field] : keys
}

/** The column of tables over several hosts. */
const HOST: Column = { field: 'host.name', title: 'HOST', width: 16, fits: true, doc: 'the host' }

/** The fields of the second grouping; undefined: none. */
export function groupsOf(def: TableDef, { hosts }: Inside): readonly string[] | undefined {
  return hosts === true ? def.groupBy && [...def.groupBy, HOST.field] : def.groupBy
}

/** The columns that are shown, preceded by the host if there are several. */
export function shownOf(columns: readonly Column[], inside: Inside): readonly Column[] {
  const shown = columns.filter((c) => isShown(c, inside))
  return inside.hosts === true ? [HOST, ...shown] : shown
}

/** Compiles a declaration. Throws FilterError, which has the position of the error. */
export function compileTable(def: TableDef, options: TableOptions): CompiledTable {
  const wanted = shownOf(def.columns, options)
  const columns = wanted.map(compileColumn)
  const keys = keysOf(def, options)
  const groupBy = groupsOf(def, options) ?? []
  const sorting = def.columns[def.sort?.column ?? 0]
  for (const own of [def.threadFilter, def.filter]) if (own !== undefined) checkFilter(own, registry)
  const threads = joinFilters(options.filter, def.threadFilter)
  const only = threads === undefined ? undefined : checkFilter(threads, registry)
  const both = joinFilters(threads, def.filter)
  return {
    def,
    keys: keys.map(findField),
    groupBy: groupBy.map(findField),
    columns,
    filter: both === undefined ? undefined : checkFilter(both, registry),
    only,
    sort: {
      column: Math.max(0, sorting === undefined ? 0 : wanted.indexOf(sorting)),
      ascending: def.sort?.ascending ?? false,
    },
    fields: [...new Set([...keys, ...groupBy, ...wanted.map((c) => c.field)])],
  }
}

/** A filter that requires both filters; undefined if there is none. */
export function joinFilters(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || a === '') return b === '' ? undefined : b
  return b === undefined || b === '' ? a : `(${a}) and (${b})`
}

/** The field with that text. Throws FilterError. */
export function findField(text: string): FieldUse {
  try {
    return registry.find(text)
  } catch (e) {
    if (!(e instanceof FieldError)) throw e
    throw new FilterError(`${e.message}; ksys -l lists all fields`, e.at, Math.max(1, text.length - e.at), text)
  }
}

const TEXTS = new Set(['string', 'bytebuf', 'ipaddr', 'ipnet', 'fspath', 'bool'])

/** Throws FilterError if a column names no field, or one that its aggregation cannot use. */
export function checkColumn(column: Column): void {
  compileColumn(column)
}

function compileColumn(column: Column): CompiledColumn {
  const use = findField(column.field)
  const agg = column.agg ?? 'last'
  const text = TEXTS.has(use.type) || use.def.list === true || use.multi
  if (text && use.type !== 'bool' && wantsNumbers(agg))
    throw new FilterError(
      `${agg} requires numbers, but ${use.text} has the type ${use.type}`,
      0,
      use.text.length,
      use.text,
    )
  const groupAgg = column.groupAgg ?? sameForGroups(agg)
  return {
    ...column,
    use,
    agg,
    groupAgg,
    treeAgg: column.treeAgg ?? groupAgg,
    unit: column.unit ?? unitOf(use, agg, text),
  }
}

/** The default aggregation over grouped rows. Averages, percentiles and distinct counts cannot be combined exactly. */
function sameForGroups(agg: Aggregation): Aggregation {
  switch (agg) {
    case 'count':
    case 'rate':
    case 'distinct':
      return 'sum'
    case 'p50':
    case 'p90':
    case 'p99':
      return 'max'
    default:
      return agg
  }
}

function unitOf(use: FieldUse, agg: Aggregation, text: boolean): Unit {
  if (agg === 'count' || agg === 'distinct') return 'count'
  if (agg === 'histogram') return 'bars'
  if (text) return 'text'
  if (use.type === 'reltime') return 'time'
  if (use.name.startsWith('evt.buflen')) return 'bytes'
  if (use.name.startsWith('thread.cpu')) return 'percent'
  return agg === 'last' ? 'text' : 'count'
}

/**
 * Whether a table can be computed from numbers of calls by type and result: its keys and filter depend only on these, and its
 * columns are sums over such calls. The kernel then counts calls instead of recording them.
 */
export function isCountable(table: CompiledTable): boolean {
  const { def, columns, filter } = table
  const same = [...def.keys, ...(def.groupBy ?? []), ...(filter?.fieldsUsed ?? [])]
  return (
    def.threads !== true &&
    same.every(isSamePerResult) &&
    columns.every(({ field, agg }) =>
      agg === 'sum' || agg === 'rate' ? isSumOfCounts(field) : agg === 'last' && isSamePerResult(field),
    )
  )
}
