// A table's rows as shown: grouped, sorted, limited to the first ones.
import type { Getter } from '../fields/field.js'
import { type Accumulator, accumulator } from './accumulators.js'
import type { CompiledTable } from './compile.js'
import type { RowIndex } from './row-index.js'
import type { Cell, TableRow } from './types.js'

/** A column with its getter and accumulator. */
export interface LiveColumn {
  readonly get: Getter
  readonly into: Accumulator
  /** when values are added: at events, at samples, at both, or never (a key, or it shares another column's values) */
  readonly fill: 'events' | 'samples' | 'both' | 'never'
  /** it shows the latest value */
  readonly newest: boolean
  /** it shows the maximum or minimum: the value at the row's first event counts too */
  readonly extreme: boolean
  /** its values are strings */
  readonly text: boolean
  /** both sides of a call on two descriptors count, even in the same row */
  readonly bySide: boolean
}

interface ReadOptions {
  readonly sort?: { readonly column: number; readonly ascending?: boolean }
  readonly top?: number
}

interface Source {
  readonly compiled: CompiledTable
  readonly index: RowIndex
  readonly columns: readonly LiveColumn[]
  readonly groups: readonly LiveColumn[]
}

/** The rows of a table, sorted. Rows that are equal in the sort column remain in the order of their first events. */
export function readRows(table: Source, spanNs: number, options: ReadOptions): TableRow[] {
  const { sort, def } = table.compiled
  const column = options.sort?.column ?? sort.column
  const ascending = options.sort === undefined ? sort.ascending : (options.sort.ascending ?? false)
  const rows = table.groups.length > 0 ? grouped(table, spanNs) : plain(table, spanNs)
  rows.sort((a, b) => {
    const x = a.cells[column]
    const y = b.cells[column]
    // absent values come last in either direction
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1
    return ascending ? order(x, y) : order(y, x)
  })
  const top = options.top ?? def.top
  return top === undefined ? rows : rows.slice(0, top)
}

function order(a: NonNullable<Cell>, b: NonNullable<Cell>): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}

function plain({ index, columns }: Source, spanNs: number): TableRow[] {
  const rows: TableRow[] = []
  for (let r = 0; r < index.count; r++) {
    const keys = index.values.map((v) => v[r])
    rows.push({ id: keys.join('\0'), keys, cells: columns.map((c) => c.into.read(r, spanNs)) })
  }
  return rows
}

function grouped({ index, columns, groups, compiled }: Source, spanNs: number): TableRow[] {
  const byId = new Map<string, number>()
  const keysOf: Cell[][] = []
  const joined = compiled.columns.map((c) => accumulator(c.groupAgg))
  for (let r = 0; r < index.count; r++) {
    const keys = groups.map((g) => g.into.read(r, spanNs))
    if (keys.includes(undefined)) continue
    const id = keys.join('\0')
    let g = byId.get(id)
    if (g === undefined) {
      g = byId.size
      byId.set(id, g)
      keysOf.push(keys)
      for (const j of joined) j.reset(g)
    }
    for (let c = 0; c < columns.length; c++) {
      const v = columns[c]?.into.read(r, spanNs)
      if (v !== undefined) joined[c]?.add(g, v)
    }
  }
  // a group's rate is the sum of its rows' rates, so the span is one second
  return [...byId].map(([id, g]) => ({ id, keys: keysOf[g] as Cell[], cells: joined.map((j) => j.read(g, 1e9)) }))
}
