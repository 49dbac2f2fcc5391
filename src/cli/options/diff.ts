// The options of `ksys diff`. Parsing, its help, manual and completion are made from this table.
import { OPTIONS, type OptionDef, outputOptions } from './table.js'

const group = 'Input and output'

export const DIFF_OPTIONS: readonly OptionDef[] = [
  {
    long: 'top',
    value: 'N',
    group,
    doc: 'rows of each table, those that differ most (default 20 for people and all for programs; 0 is all)',
  },
  {
    long: 'latency',
    value: 'PERCENT',
    group,
    doc: 'tell latencies whose median or 99th percentile differs by so much (default 20)',
  },
  { long: 'exit-code', group, doc: 'end with 7 when anything differs that is told' },
  ...outputOptions(group, (unit) => `print a ${unit} for each difference`),
  ...OPTIONS.filter((o) => o.long === 'progress'),
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
