// The cells of Parquet files compared with those of CSV, whose values are evaluated for each event separately.
import { DuckDBTimestampTZValue, type DuckDBValue } from '@duckdb/node-api'
import { NAMED_COLUMNS } from '../../src/export/columns/columns.js'
import { csvObjects } from './csv.js'
import type { Row } from './duckdb.js'

/** The compared columns: all except those of arguments. */
const PLAIN = NAMED_COLUMNS.filter((c) => c.per !== 'arguments')

/** The format of a CSV with the same columns. */
export const PLAIN_LINE = `*${PLAIN.map((c) => `%${c.field}`).join(' ')}`

/** A row as name=value, in the order of the columns. */
export function cellsOf(row: Row): string[] {
  return PLAIN.map(({ name }) => `${name}=${text(row[name] as DuckDBValue)}`)
}

/** The rows of a CSV with PLAIN_LINE in the same form. */
export function csvCells(csv: string): string[][] {
  return csvObjects(csv).map((cells) =>
    PLAIN.map(({ field, name }) => {
      const cell = cells[field] ?? null
      return `${name}=${field === 'evt.rawtime' ? micros(cell as string) : cell}`
    }),
  )
}

/** DuckDB has times with a zone in microseconds. */
const micros = (ns: string): string => String(BigInt(ns) / 1000n)

function text(value: DuckDBValue): string | null {
  if (value === null) return null
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros)
  return String(value)
}
