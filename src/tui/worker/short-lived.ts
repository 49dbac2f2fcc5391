// Crowds: processes that lived for a moment only are one row for each program and parent's program, with their sums.
import { accumulator } from '../../table/accumulators.js'
import type { CompiledColumn } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import type { Lifetime } from './lifetimes.js'
import type { RowData } from './messages.js'

export interface GroupingRule {
  /** all columns of the rows, the hidden ones behind the shown ones */
  readonly columns: readonly CompiledColumn[]
  /** how many of them are shown; those that tell what crowds go by stand behind them, and how many those are */
  readonly shown: number
  readonly by: number
  /** ns of a life that is short */
  readonly short: number
  /** so many of one kind stay rows of their own */
  readonly few: number
}

/** A row, and whose it is: ids of one process or of many. */
export interface OwnedRow {
  readonly row: RowData
  readonly of: readonly string[]
}

/**
 * The rows with those that lived for a moment joined. The first row of a kind has the id that its crowd has or would have, so
 * that it stays the same row as they become more or fewer.
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
    else grouped(kinds, `crowd\0${[...kindOf(row, rule), ...row.keys.slice(1)].join('\0')}`, row)
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
  return { id, keys: [undefined, ...first.keys.slice(1)], cells, crowd: { by, count: rows.length } }
}

/** What is the same for all, of numbers what they are together; nothing where that cannot be said. */
function together({ groupAgg }: CompiledColumn, values: readonly Cell[]): Cell {
  if (groupAgg === 'last') return values.every((v) => v === values[0]) ? values[0] : undefined
  if (groupAgg === 'avg') return undefined
  const all = accumulator(groupAgg)
  all.reset(0)
  for (const v of values) if (v !== undefined) all.add(0, v)
  // rates are rates already: theirs is the sum
  return all.read(0, 1e9)
}

function label([what, parent]: readonly Cell[], count: number): string {
  const from = (parent ?? '') === '' ? '' : ` of ${parent}`
  return `${(what ?? '') === '' ? 'unknown' : what} x${count}${from}`
}
