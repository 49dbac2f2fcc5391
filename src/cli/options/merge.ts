// The options of `ksys merge`. Parsing, help, manual and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const MERGE_OPTIONS = [
  {
    short: 'w',
    long: 'write',
    value: 'FILE',
    complete: 'file',
    doc: 'the trace to write (- is standard output)',
  },
  {
    long: 'host',
    value: 'NAME',
    repeat: true,
    doc: 'the name of a host, in the order of the files (default: the names in the captures)',
  },
  {
    long: 'shift',
    value: 'HOST=TIME',
    repeat: true,
    doc: 'add TIME to all times of HOST, to correct its clock, such as db1=-1.5s',
  },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]
