// The options of `ksys redact`. Parsing, its help and completion are made from this table.
import { OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

const group = 'Input and output'
/** what it has in common with a capture */
const SHARED = new Set(['write', 'progress'])

export const REDACT_OPTIONS: readonly OptionDef[] = [
  ...OPTIONS.filter((o) => SHARED.has(o.long)).map((o) => ({ ...o, group }) as const),
  ...PRIVACY_OPTIONS.map((o) => ({ ...o, group }) as const),
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
