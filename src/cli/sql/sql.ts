// `ksys sql 'select ...' -r FILE`: queries captures and Parquet files in SQL.

import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { outputNamed } from '../../format/outputs.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { refuseStdinTwice } from '../options/conflicts.js'
import { chosenOutput } from '../options/output-format.js'
import { redactionOf } from '../options/redaction.js'
import { SQL } from '../options/sql.js'
import { parseSubcommand } from '../options/subcommand.js'
import { type Output, ReaderGone } from '../output/stdout.js'
import { onSignals } from '../run/signals.js'
import { csvPrinter, type Printer, tablePrinter, valuePrinter } from './answer.js'
import { type DuckDB, duckdb } from './duckdb.js'
import { sourcesOf, tableOf } from './sources.js'
import { plainOf } from './values.js'

const EXAMPLE = "ksys sql 'select proc_name, count(*) from events group by all' -r FILE"
/** Default width of a terminal. */
const COLUMNS = 100
/** ms between attempts to interrupt the query */
const INTERRUPT_EVERY = 50
/** Prefixes of DuckDB's messages about errors in the query. */
const MISTAKE = /\b(Parser|Binder|Catalog|Conversion|Invalid Input|Not implemented|Out of Range) Error:/

/** Runs a query; returns the exit code. */
export async function sql(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(SQL, argv)
  const { help, read = [], json, progress, ...privacy } = options
  if (help) return printHelp(SQL, out)
  const [query, ...more] = words
  if (query === undefined || more.length > 0)
    throw new CliError(EXIT.usage, `write the query in quotes, as one argument: ${EXAMPLE}`)
  if (read.length === 0) throw new CliError(EXIT.usage, `no input: name captures or Parquet files with -r: ${EXAMPLE}`)
  refuseStdinTwice(read)
  const { value } = outputNamed(chosenOutput({ json }))
  // the same redaction key, so that equal values have equal hashes in all files
  const redaction = redactionOf(privacy)
  const db = duckdb()
  const printer = (names: readonly string[]): Printer => {
    if (value !== undefined) return valuePrinter(names, value)
    return process.stdout.isTTY ? tablePrinter(names, process.stdout.columns || COLUMNS) : csvPrinter(names)
  }
  const interruption = new QueryInterruption(out)
  const scratch = mkdtempSync(join(tmpdir(), 'ksys-sql-'))
  let connection: DuckDBConnection | undefined
  try {
    connection = await connect(db, scratch)
    // report syntax errors before captures are read
    await connection.extractStatements(query).catch((e: unknown) => Promise.reject(queryError(e)))
    const { sources, code } = await sourcesOf(read, scratch, { redaction, progress }, out)
    if (sources.length < read.length) return code
    const ended = await run({ db, connection, interruption, table: tableOf(sources), query, printer, out })
    return ended === EXIT.ok ? code : ended
  } finally {
    interruption.over()
    connection?.closeSync()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Ends a query on a signal. */
class QueryInterruption {
  signal: NodeJS.Signals | undefined
  private connection: DuckDBConnection | undefined
  private readonly restore: () => void
  private again: NodeJS.Timeout | undefined

  constructor(out: Output) {
    this.restore = onSignals(
      (signal) => {
        this.signal = signal
        // a query that has not started yet cannot be interrupted: retry
        this.again = setInterval(() => this.connection?.interrupt(), INTERRUPT_EVERY)
      },
      () => out.waiting,
    )
  }

  /** From now on a signal interrupts queries of this connection. */
  ends(connection: DuckDBConnection): void {
    this.connection = connection
  }

  over(): void {
    clearInterval(this.again)
    this.restore()
  }
}

/** Opens a database in memory. It fetches no extensions, and spills to the private scratch folder. */
async function connect(db: DuckDB, scratch: string): Promise<DuckDBConnection> {
  const instance = await db.DuckDBInstance.create(':memory:', {
    temp_directory: join(scratch, 'spilled'),
    autoinstall_known_extensions: 'false',
  })
  return instance.connect()
}

interface SqlQuery {
  readonly db: DuckDB
  readonly connection: DuckDBConnection
  readonly interruption: QueryInterruption
  /** the table of events, as SQL */
  readonly table: string
  readonly query: string
  readonly printer: (names: readonly string[]) => Printer
  readonly out: Output
}

/** Runs the query and prints the result; returns the exit code. */
async function run({ db, connection, interruption, table, query, printer, out }: SqlQuery): Promise<number> {
  interruption.ends(connection)
  try {
    await connection.run(`create view events as ${table}`)
    const result = await connection.stream(query)
    const print = printer(result.deduplicatedColumnNames())
    for await (const rows of result.yieldRows()) {
      await out.text(print.rows(rows.map((row) => row.map((v) => plainOf(v, db)))))
      if (interruption.signal !== undefined) break
    }
    if (interruption.signal === undefined) await out.text(print.end())
  } catch (e) {
    if (interruption.signal === undefined) throw e instanceof CliError || e instanceof ReaderGone ? e : queryError(e)
  }
  return interruption.signal === undefined ? EXIT.ok : 128 + constants.signals[interruption.signal]
}

/** DuckDB's error message, which shows the location in the query. */
function queryError(e: unknown): CliError {
  const message = (e instanceof Error ? e.message : String(e)).replace(/^Failed to extract statements: /, '')
  return new CliError(MISTAKE.test(message) ? EXIT.usage : EXIT.failure, `DuckDB: ${message}`)
}
