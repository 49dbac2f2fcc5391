// DuckDB as a reader of Parquet files: its results for SQL.
import { DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import { afterAll } from 'vitest'

export type Row = Record<string, DuckDBValue>

/** A database in memory. Files are read anew by each query: DuckDB's cache takes a file that has been written again for the same one. */
async function database(): Promise<DuckDBConnection> {
  const connection = await DuckDBConnection.create()
  await connection.run('set enable_external_file_cache = false')
  return connection
}

/** Queries a database in memory, which is closed after the test file; 64-bit numbers are bigint. */
export function duckdb(): (sql: string) => Promise<Row[]> {
  let connection: Promise<DuckDBConnection> | undefined
  afterAll(async () => (await connection)?.closeSync())
  return async (sql) => {
    connection ??= database()
    const reader = await (await connection).runAndReadAll(sql)
    return reader.getRowObjects()
  }
}

/** A path or a text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`
