// Loads DuckDB, which is not part of ksys and must be installed separately.
import { createRequire } from 'node:module'
import { CliError, EXIT } from '../errors/exit.js'

const PACKAGE = '@duckdb/node-api'

/** The API of its package. */
export type DuckDB = typeof import('@duckdb/node-api')

/** Loads DuckDB. Throws CliError, with instructions if it is not installed. */
export function duckdb(): DuckDB {
  try {
    return createRequire(import.meta.url)(PACKAGE) as DuckDB
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException
    if (code !== 'MODULE_NOT_FOUND' || !message.includes(PACKAGE))
      throw new CliError(EXIT.unavailable, `cannot load ${PACKAGE}: ${message.split('\n')[0]}`)
    throw new CliError(
      EXIT.unavailable,
      `ksys sql requires DuckDB: npm install -g ${PACKAGE}; if ksys was not installed with npm, also set NODE_PATH=$(npm root -g)`,
    )
  }
}
