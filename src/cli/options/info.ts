// The options of `ksys info`. Parsing, its help and completion are made from this table.
import { shared } from './subcommand.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const INFO_OPTIONS: readonly OptionDef[] = [
  ...outputOptions((unit) => `print a ${unit} for each file`),
  { long: 'deep', doc: 'read every event, also of a trace that tells at its end what it holds' },
  {
    long: 'host',
    doc: 'tell instead what a live capture has on this machine, feature by feature, by loading its programs',
  },
  { short: 'v', long: 'verbose', doc: 'with --host, also what the system said of what it refused' },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
]
