// DuckDB, which judges Parquet files: what it answers to SQL.
import { DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import { afterAll } from 'vitest'

export type Row = Record<string, DuckDBValue>

/** Asks a database in memory, which is gone with the test file; numbers of 64 bits are bigint. */
export function duckdb(): (sql: string) => Promise<Row[]> {
  let connection: Promise<DuckDBConnection> | undefined
  afterAll(async () => (await connection)?.closeSync())
  return async (sql) => {
    connection ??= DuckDBConnection.create()
    const reader = await (await connection).runAndReadAll(sql)
    return reader.getRowObjects()
  }
}

/** A path or a text as SQL has it. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`
