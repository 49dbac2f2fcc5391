// The options of `ksys cut`. Parsing, its help, manual and completion are made from this table.
import { OPTIONS, type OptionDef } from './table.js'

const group = 'Input and output'
/** what it has in common with a capture */
const SHARED = new Set(['write', 'numevents', 'seconds', 'progress'])

export const CUT_OPTIONS: readonly OptionDef[] = [
  {
    long: 'from',
    value: 'WHEN',
    group,
    doc: 'begin there: 14:05:00 or a date, 90s after the first event, or the number of an event',
  },
  { long: 'to', value: 'WHEN', group, doc: 'end there, in the same ways' },
  ...OPTIONS.filter((o) => SHARED.has(o.long)),
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
