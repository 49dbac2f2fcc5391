// Groups short-lived processes: one row for each program and parent program, with their sums.
import { accumulator } from '../../table/accumulators.js'
import type { CompiledColumn } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import type { Lifetime } from './lifetimes.js'
import type { RowData } from './messages.js'

export interface GroupingRule {
  /** all columns of the rows, hidden ones last */
  readonly columns: readonly CompiledColumn[]
  /** number of shown columns, and of the hidden ones after them by whose values rows are grouped */
  readonly shown: number
  readonly by: number
  /** ns below which a lifetime is short */
  readonly short: number
  /** groups of up to this many rows are not merged */
  readonly few: number
}

/** A row, and the ids of the processes that it represents. */
export interface OwnedRow {
  readonly row: RowData
  readonly of: readonly string[]
}

/**
 * The rows, with short-lived ones grouped. The first row of a group has the id that the group has or would have, so
 * that the row keeps its identity while the group grows or shrinks.
 */
export function withGroups(
  rows: readonly RowData[],
  lifeOf: (id: string) => Lifetime | undefined,
  rule: GroupingRule,
): OwnedRow[] {
  const out: OwnedRow[] = []
  const kinds = new Map<string, RowData[]>()
  for (const row of rows) {
    const life = lifeOf(row.id)
    if (life?.lived === undefined || life.lived >= rule.short) out.push({ row, of: [row.id] })
    else grouped(kinds, `group\0${[...kindOf(row, rule), ...row.keys.slice(1)].join('\0')}`, row)
  }
  for (const [id, kind] of kinds) {
    if (kind.length > rule.few) out.push({ row: joined(id, kind, rule), of: kind.map((r) => r.id) })
    else out.push(...kind.map((row, i) => ({ row: i === 0 ? { ...row, id } : row, of: [row.id] })))
  }
  return out
}

function grouped(kinds: Map<string, RowData[]>, id: string, row: RowData): void {
  const kind = kinds.get(id)
  if (kind === undefined) kinds.set(id, [row])
  else kind.push(row)
}

function kindOf({ cells }: RowData, { shown, by }: GroupingRule): readonly Cell[] {
  return cells.slice(shown, shown + by)
}

function joined(id: string, rows: readonly RowData[], rule: GroupingRule): RowData {
  const [first] = rows as readonly [RowData, ...RowData[]]
  const by = kindOf(first, rule)
  const cells = rule.columns.map((c, i) =>
    together(
      c,
      rows.map((r) => r.cells[i]),
    ),
  )
  cells[rule.shown - 1] = label(by, rows.length)
  return { id, keys: [undefined, ...first.keys.slice(1)], cells, group: { by, count: rows.length } }
}

/** The common value, or for numbers the aggregate; undefined if there is neither. */
function together({ groupAgg }: CompiledColumn, values: readonly Cell[]): Cell {
  if (groupAgg === 'last') return values.every((v) => v === values[0]) ? values[0] : undefined
  if (groupAgg === 'avg') return undefined
  const all = accumulator(groupAgg)
  all.reset(0)
  for (const v of values) if (v !== undefined) all.add(0, v)
  // values are rates already: their sum is read over 1 s
  return all.read(0, 1e9)
}

function label([what, parent]: readonly Cell[], count: number): string {
  const from = (parent ?? '') === '' ? '' : ` of ${parent}`
  return `${(what ?? '') === '' ? 'unknown' : what} x${count}${from}`
}
