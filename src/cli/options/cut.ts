// `ksys cut`: its definition and options. Parsing, help, manual and completion derive from them.
import { type Subcommand, shared } from './subcommand.js'
import { READING, READS_FILES } from './subcommand-parts.js'
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

export const CUT: Subcommand<typeof CUT_OPTIONS> = {
  word: 'cut',
  summary: 'write a part of a capture file',
  usage: [
    [
      'ksys cut FILE -w OUT [FILTER]',
      'write a part of a capture file: the events between --since and --until that pass the filter',
    ],
  ],
  options: CUT_OPTIONS,
  refuses: READS_FILES,
  rest: 'file',
  exit: READING,
  notes: [
    'Events keep their numbers and times. The names of their processes, descriptors and containers are written, too.',
  ],
  topic: 'traces-and-recorder',
}
