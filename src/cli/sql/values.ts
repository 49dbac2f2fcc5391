// Converts values of DuckDB to JSON values, and to the text of a cell.
import type { DuckDBValue } from '@duckdb/node-api'
import { jsonLine } from '../../format/outputs/json.js'
import type { DuckDB } from './duckdb.js'

export type Plain = null | boolean | number | bigint | string | readonly Plain[] | { readonly [key: string]: Plain }

/** Lists and maps become JSON arrays and objects, times ISO 8601 in UTC, other values without a JSON type text. */
export function plainOf(value: DuckDBValue, duckdb: DuckDB): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'string')
    return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  const inside = (v: DuckDBValue) => plainOf(v, duckdb)
  if (value instanceof duckdb.DuckDBTimestampTZValue) return isoTime(value.micros)
  if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue)
    return value.items.map(inside)
  if (value instanceof duckdb.DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: v }) => [cellText(inside(key)) ?? '', inside(v)]))
  if (value instanceof duckdb.DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, v]) => [key, inside(v)]))
  return String(value)
}

/** The value as text; undefined if it is absent. */
export function cellText(value: Plain): string | undefined {
  if (value === null) return undefined
  return typeof value === 'object' ? jsonLine(value).trimEnd() : String(value)
}

function isoTime(micros: bigint): string {
  const ms = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)
  const date = new Date(Number(ms))
  if (Number.isNaN(date.getTime())) return String(micros)
  return date.toISOString().replace('Z', `${String(micros - ms * 1000n).padStart(3, '0')}Z`)
}
