// The options of `ksys info`. Parsing, its help and completion are made from this table.
import { type OptionDef, outputOptions } from './table.js'

const group = 'Input and output'

export const INFO_OPTIONS: readonly OptionDef[] = [
  ...outputOptions(group, (unit) => `print a ${unit} for each file`),
  { long: 'deep', group, doc: 'read every event, also of a trace that tells at its end what it holds' },
  {
    long: 'host',
    group,
    doc: 'tell instead what a live capture has on this machine, feature by feature, by loading its programs',
  },
  { short: 'v', long: 'verbose', group, doc: 'with --host, also what the system said of what it refused' },
  { short: 'P', long: 'progress', group, doc: 'show the progress of reading, also when standard error is no terminal' },
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
