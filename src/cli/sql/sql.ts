// `ksys sql 'select ...' -r FILE`: captures and Parquet files as a table, asked in SQL.

import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { outputNamed } from '../../format/outputs.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { chosenOutput, type Raw, refuseStdinTwice } from '../options/parse.js'
import { parseSubcommand } from '../options/subcommand.js'
import { SQL } from '../options/subcommands.js'
import { type Output, ReaderGone } from '../output/stdout.js'
import { onSignals } from '../run/signals.js'
import { csvPrinter, type Printer, tablePrinter, valuePrinter } from './answer.js'
import { type DuckDB, duckdb } from './duckdb.js'
import { sourcesOf, tableOf } from './sources.js'
import { plainOf } from './values.js'

const EXAMPLE = "ksys sql 'select proc_name, count(*) from events group by all' -r FILE"
/** Columns of a terminal that does not tell. */
const COLUMNS = 100
/** ms between two attempts to interrupt what is asked */
const AGAIN = 50
/** How the messages of DuckDB begin that are about the words of the question. */
const MISTAKE = /\b(Parser|Binder|Catalog|Conversion|Invalid Input|Not implemented|Out of Range) Error:/

interface SqlWords extends Raw {
  read?: string[]
  progress?: true
}

/** Answers a question; returns the exit code. */
export async function sql(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<SqlWords>(SQL, argv)
  if (o.help) return printHelp(SQL, out)
  const [question, ...more] = words
  if (question === undefined || more.length > 0)
    throw new CliError(EXIT.usage, `write the question in quotes, as one word: ${EXAMPLE}`)
  const read = o.read ?? []
  if (read.length === 0) throw new CliError(EXIT.usage, `name what is asked, captures or Parquet files: ${EXAMPLE}`)
  refuseStdinTwice(read)
  const { value } = outputNamed(chosenOutput(o))
  const db = duckdb()
  const printer = (names: readonly string[]): Printer => {
    if (value !== undefined) return valuePrinter(names, value)
    return process.stdout.isTTY ? tablePrinter(names, process.stdout.columns || COLUMNS) : csvPrinter(names)
  }
  const interruption = new Interruption(out)
  const scratch = mkdtempSync(join(tmpdir(), 'ksys-sql-'))
  let connection: DuckDBConnection | undefined
  try {
    connection = await connect(db, scratch)
    // a slip of the pen is told before captures are read
    await connection.extractStatements(question).catch((e: unknown) => Promise.reject(mistake(e)))
    const { sources, code } = await sourcesOf(read, scratch, o, out)
    if (sources.length < read.length) return code
    const answered = await answer({ db, connection, interruption, table: tableOf(sources), question, printer, out })
    return answered === EXIT.ok ? code : answered
  } finally {
    interruption.over()
    connection?.closeSync()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A signal ends a question, at whatever it is. */
class Interruption {
  signal: NodeJS.Signals | undefined
  private connection: DuckDBConnection | undefined
  private readonly restore: () => void
  private again: NodeJS.Timeout | undefined

  constructor(out: Output) {
    this.restore = onSignals(
      (signal) => {
        this.signal = signal
        // what has not begun cannot be interrupted
        this.again = setInterval(() => this.connection?.interrupt(), AGAIN)
      },
      () => out.waiting,
    )
  }

  /** From now on a signal ends what this is asked. */
  ends(connection: DuckDBConnection): void {
    this.connection = connection
  }

  over(): void {
    clearInterval(this.again)
    this.restore()
  }
}

/** A database in memory. Nothing is fetched from anywhere, and what is too large for memory goes where nobody else reads it. */
async function connect(db: DuckDB, scratch: string): Promise<DuckDBConnection> {
  const instance = await db.DuckDBInstance.create(':memory:', {
    temp_directory: join(scratch, 'spilled'),
    autoinstall_known_extensions: 'false',
  })
  return instance.connect()
}

interface Asked {
  readonly db: DuckDB
  readonly connection: DuckDBConnection
  readonly interruption: Interruption
  /** the table of events, as SQL */
  readonly table: string
  readonly question: string
  readonly printer: (names: readonly string[]) => Printer
  readonly out: Output
}

/** Asks DuckDB and prints what it answers; returns the exit code. */
async function answer({ db, connection, interruption, table, question, printer, out }: Asked): Promise<number> {
  interruption.ends(connection)
  try {
    await connection.run(`create view events as ${table}`)
    const result = await connection.stream(question)
    const print = printer(result.deduplicatedColumnNames())
    for await (const rows of result.yieldRows()) {
      await out.text(print.rows(rows.map((row) => row.map((v) => plainOf(v, db)))))
      if (interruption.signal !== undefined) break
    }
    if (interruption.signal === undefined) await out.text(print.end())
  } catch (e) {
    if (interruption.signal === undefined) throw e instanceof CliError || e instanceof ReaderGone ? e : mistake(e)
  }
  return interruption.signal === undefined ? EXIT.ok : 128 + constants.signals[interruption.signal]
}

/** What DuckDB did not do, in its words, which show the place in the question. */
function mistake(e: unknown): CliError {
  const message = (e instanceof Error ? e.message : String(e)).replace(/^Failed to extract statements: /, '')
  return new CliError(MISTAKE.test(message) ? EXIT.usage : EXIT.failure, `DuckDB: ${message}`)
}
