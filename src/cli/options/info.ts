// The options of `ksys info`. Parsing, help and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const INFO_OPTIONS = [
  ...outputOptions((unit) => `print a ${unit} for each file`),
  { long: 'deep', doc: 'read every event, even if the trace ends with a summary' },
  {
    long: 'host',
    doc: 'instead of files, check what this machine can capture. If permitted, ksys loads its BPF programs for that.',
  },
  { short: 'v', long: 'verbose', doc: 'with --host, also print the messages of the system about what it rejected' },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]
