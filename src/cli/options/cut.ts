// The options of `ksys cut`. Parsing, its help, manual and completion are made from this table.
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const CUT_OPTIONS: readonly OptionDef[] = [
  {
    long: 'from',
    value: 'WHEN',
    doc: 'begin there: 14:05:00 (the next one, over midnight too) or a date, 90s after the first event, or the number of an event',
  },
  { long: 'to', value: 'WHEN', doc: 'end there, in the same ways' },
  ...PRIVACY_OPTIONS,
  ...shared('write', 'scap-schema', 'numevents', 'seconds', 'rules', 'progress', 'help'),
]
