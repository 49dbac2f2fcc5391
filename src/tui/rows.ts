// Sorts rows by one column: absent values last, equal values in a fixed order.
import type { Cell } from '../table/types.js'

interface Sortable {
  readonly id: string
  readonly cells: readonly Cell[]
}

/** Sorts in place and returns `rows`. */
export function sortRows<T extends Sortable>(rows: T[], sort: { column: number; ascending: boolean }): T[] {
  const { column } = sort
  const sign = sort.ascending ? 1 : -1
  return rows.sort((a, b) => {
    const x = a.cells[column]
    const y = b.cells[column]
    if (x === undefined || y === undefined) {
      if (x !== y) return x === undefined ? 1 : -1
      return byId(a, b)
    }
    return sign * compare(x, y) || byId(a, b)
  })
}

function compare(a: NonNullable<Cell>, b: NonNullable<Cell>): number {
  const plain = (v: NonNullable<Cell>) => (typeof v === 'object' ? String(v) : v)
  const x = plain(a)
  const y = plain(b)
  if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : x > y ? 1 : 0
  const n = Number(x)
  const m = Number(y)
  if (Number.isNaN(n) || Number.isNaN(m)) return String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0
  return n - m
}

const byId = (a: Sortable, b: Sortable): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
