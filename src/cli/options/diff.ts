// The options of `ksys diff`. Parsing, its help, manual and completion are made from this table.
import { shared } from './subcommand.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const DIFF_OPTIONS: readonly OptionDef[] = [
  {
    long: 'top',
    value: 'N',
    doc: 'rows of each table, those that differ most (default 20 for people and all for programs; 0 is all)',
  },
  {
    long: 'latency',
    value: 'PERCENT',
    doc: 'tell latencies whose median or 99th percentile differs by so much (default 20)',
  },
  { long: 'exit-code', doc: 'end with 7 when anything differs that is told' },
  ...outputOptions((unit) => `print a ${unit} for each difference`),
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
]
