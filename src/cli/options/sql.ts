// `ksys sql`: its definition and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { type Subcommand, shared } from './subcommand.js'
import { NO_RULES, READING_LIVE, READS_FILES } from './subcommand-parts.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const SQL_OPTIONS = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'query FILE: a Parquet file, a folder of them, or a capture. Several -r form one table.',
  },
  ...outputOptions((unit) => `print a ${unit} for each row`),
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]

export const SQL: Subcommand<typeof SQL_OPTIONS> = {
  word: 'sql',
  summary: 'query captures in SQL',
  usage: [
    [
      "ksys sql 'select ... from events' -r FILE",
      'query captures, or the Parquet files of --to parquet, in SQL (requires DuckDB)',
    ],
  ],
  options: SQL_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'the query selects the rows: where evt_time between ..., limit N'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: [...READING_LIVE, '128 + N'],
  notes: [
    'The table events has a row for each event. Its columns are fields with underscores, such as proc_name and evt_latency_ns; the query "describe events" lists them. For example:',
    "ksys sql 'select proc_name, count(*) from events where evt_failed group by all order by 2 desc' -r FILE",
    'Each run converts a capture first. For several queries, convert it once: ksys -r FILE -w FILE.parquet.',
    'The result is a table on a terminal, CSV in a pipe or file, and JSON lines with -j. If ksys is installed globally, npm install -g @duckdb/node-api installs DuckDB.',
  ],
  topic: 'exports-and-fleet',
}
