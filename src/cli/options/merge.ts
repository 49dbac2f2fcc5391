// The options of `ksys merge`. Parsing, its help, manual and completion are made from this table.
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const MERGE_OPTIONS: readonly OptionDef[] = [
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
    doc: 'call the hosts so, in the order of the files (default: as each capture says)',
  },
  {
    long: 'shift',
    value: 'HOST=TIME',
    repeat: true,
    doc: "add to all times of that host, such as db1=-1.5s: what its clock was behind the others'",
  },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
]
