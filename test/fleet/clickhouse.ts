// ClickHouse as a reader of Parquet files: chDB, its engine in a process, which `npm run fleet` installs apart from the project's packages.
import { createRequire } from 'node:module'
import { root } from '../helpers/ksys.js'

interface Chdb {
  query(sql: string, format: string): string
}

/** The rows of a query, with 64-bit numbers as text. Throws ClickHouse's message. */
export function clickhouse(sql: string): Record<string, unknown>[] {
  const { query } = createRequire(`${root}.build/fleet/`)('chdb') as Chdb
  return query(sql, 'JSONEachRow')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
