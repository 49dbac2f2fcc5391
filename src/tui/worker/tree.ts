// The process tree among the rows of a table, and aggregates of each row with its descendants.
import type { CompiledColumn } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import type { Lifetime } from './lifetimes.js'
import type { RowData } from './messages.js'
import type { OwnedRow } from './short-lived.js'

/** Maximum depth: parent links come from captures and may be wrong, so every walk is bounded. */
const DEEPEST = 128

/**
 * Adds the parent row to each row: the nearest ancestor that has a row, for a group the nearest common one. Rows with
 * descendants get the aggregates over all of them.
 */
export function related(
  standing: readonly OwnedRow[],
  lifeOf: (id: string) => Lifetime | undefined,
  columns: readonly CompiledColumn[],
): RowData[] {
  // a group is no parent: descendants of its processes belong to the group's own parent
  const rowOf = new Map<string, string>()
  for (const { row, of } of standing) if (row.group === undefined) rowOf.set(of[0] as string, row.id)
  const rows = standing.map(({ row, of }) => withParent(row, commonOf(of.map((id) => ancestors(id, row.id)))))
  return withSums(withoutCycles(rows), columns)

  /** ids of ancestor rows, nearest first */
  function ancestors(id: string, own: string): string[] {
    const out: string[] = []
    let at = lifeOf(id)?.parent
    for (let i = 0; i < DEEPEST && at !== undefined; i++) {
      const row = rowOf.get(at)
      if (row !== undefined && row !== own && !out.includes(row)) out.push(row)
      at = lifeOf(at)?.parent
    }
    return out
  }
}

function withParent(row: RowData, parent: string | undefined): RowData {
  return parent === undefined ? row : { ...row, parent }
}

/** The first element that all lists contain. */
function commonOf([first = [], ...others]: readonly (readonly string[])[]): string | undefined {
  return first.find((id) => others.every((o) => o.includes(id)))
}

/** Removes the parent of a row that would be its own ancestor. */
function withoutCycles(rows: readonly RowData[]): RowData[] {
  const parents = new Map(rows.map((r) => [r.id, r.parent]))
  const fine = new Set<string>()
  return rows.map((row) => {
    const way = new Set<string>()
    let at: string | undefined = row.id
    while (at !== undefined && !fine.has(at) && !way.has(at)) {
      way.add(at)
      at = parents.get(at)
    }
    if (at === row.id && way.has(at)) {
      parents.set(row.id, undefined)
      const { parent: _, ...root } = row
      return root
    }
    // a path that ends in a cycle of other rows is cut when those are visited
    if (at === undefined || fine.has(at)) for (const id of way) fine.add(id)
    return row
  })
}

function withSums(rows: readonly RowData[], columns: readonly CompiledColumn[]): RowData[] {
  const children = new Map<string, RowData[]>()
  for (const r of rows) {
    if (r.parent === undefined) continue
    const beside = children.get(r.parent)
    if (beside === undefined) children.set(r.parent, [r])
    else beside.push(r)
  }
  if (children.size === 0) return [...rows]
  const sums = new Map<string, readonly Cell[]>()
  // parents before their children
  const order = rows.filter((r) => r.parent === undefined)
  for (const r of order) order.push(...(children.get(r.id) ?? []))
  for (const r of order.reverse()) {
    const below = children.get(r.id)
    if (below === undefined) continue
    const parts = [r.cells, ...below.map((c) => sums.get(c.id) ?? c.cells)]
    const cells = r.cells.map((own, i) => together(columns[i], own, parts, i))
    sums.set(r.id, cells)
  }
  return rows.map((r) => {
    const subtree = sums.get(r.id)
    return subtree === undefined ? r : { ...r, subtree }
  })
}

/** The aggregate of a column over the subtree; the row's own value if the column has no tree aggregation. */
function together(column: CompiledColumn | undefined, own: Cell, parts: readonly (readonly Cell[])[], i: number): Cell {
  const agg = column?.treeAgg
  if (agg !== 'sum' && agg !== 'max' && agg !== 'min') return own
  let all: number | undefined
  for (const part of parts) {
    const v = part[i]
    if (typeof v !== 'number') continue
    all = all === undefined ? v : agg === 'sum' ? all + v : agg === 'max' ? Math.max(all, v) : Math.min(all, v)
  }
  return all
}
