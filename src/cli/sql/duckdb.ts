// DuckDB, which is no part of ksys: it is found where it was installed beside, and loaded when something is asked.
import { createRequire } from 'node:module'
import { CliError, EXIT } from '../errors/exit.js'

const PACKAGE = '@duckdb/node-api'

/** What is used of its package. */
export type DuckDB = typeof import('@duckdb/node-api')

/** Loads it. Throws CliError that says how to install it. */
export function duckdb(): DuckDB {
  try {
    return createRequire(import.meta.url)(PACKAGE) as DuckDB
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException
    if (code !== 'MODULE_NOT_FOUND' || !message.includes(PACKAGE))
      throw new CliError(EXIT.unavailable, `${PACKAGE} does not load here: ${message.split('\n')[0]}`)
    throw new CliError(
      EXIT.unavailable,
      `SQL is answered by DuckDB, which is not installed beside ksys: npm install -g ${PACKAGE}; where ksys is no npm package, say where that is: NODE_PATH=$(npm root -g)`,
    )
  }
}
