// ClickHouse in this process: chDB, which `npm run fleet` installs below .build.
import { createRequire } from 'node:module'
import { root } from '../helpers/ksys.js'

/** A row by the names of its columns. */
export type ClickHouseRow = Readonly<Record<string, unknown>>

type ChDb = { readonly query: (sql: string, format: string) => string }

/** The rows of a query; 64-bit numbers are numbers. It blocks this process until it is done. Throws what ClickHouse reports. */
export function clickhouse(sql: string): ClickHouseRow[] {
  const { query } = createRequire(`${root}.build/fleet/`)('chdb') as ChDb
  return query(sql, 'JSONEachRow')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClickHouseRow)
}
