// The options of `ksys cut`. Parsing, help, manual and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const CUT_OPTIONS = [
  {
    long: 'since',
    aliases: ['from'],
    value: 'WHEN',
    doc: 'start at a time of day (14:05:00), a date and time, a time after the first event (90s) or an event number',
  },
  { long: 'until', aliases: ['to'], value: 'WHEN', doc: 'end at such a time or event number' },
  ...PRIVACY_OPTIONS,
  ...shared('write', 'scap-schema', 'numevents', 'seconds', 'rules', 'progress', 'help'),
] as const satisfies readonly OptionDef[]
