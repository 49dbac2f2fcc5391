// The options of `ksys diff`. Parsing, help, manual and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const DIFF_OPTIONS = [
  {
    long: 'top',
    value: 'N',
    doc: 'rows of each table, largest differences first (default 20 as text, all as JSON). 0 prints all rows.',
  },
  {
    long: 'latency',
    value: 'PERCENT',
    doc: 'report a change of the median or 99th percentile latency of at least PERCENT (default 20)',
  },
  { long: 'exit-code', doc: 'exit with 7 if any difference is reported' },
  ...outputOptions((unit) => `print a ${unit} for each difference`),
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]
