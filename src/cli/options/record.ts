// The options of `ksys record` and `ksys dump`. Parsing, their help and completion are made from these tables.
import { CEILING_OPTIONS, OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

const group = 'Input and output'
/** what means something else here */
const DOCS: Readonly<Record<string, string>> = {
  write:
    'what the files are called: a number comes before the ending, or the date in place of %Y %m %d %H %M %S; FOLDER/ has names of ksys',
  quiet: 'tell nothing of how it stands',
}
/** what a recorder has in common with a capture */
const SHARED = new Set([
  'write',
  'owner',
  'group',
  'mode',
  'seconds',
  'quiet',
  'verbose',
  'snaplen',
  'suppress-comm',
  'enter',
  'switches',
  'page-faults',
  'self',
  'buffer',
  'cri',
  'docker-host',
  'no-container-metadata',
  ...[...CEILING_OPTIONS, ...PRIVACY_OPTIONS].map((o) => o.long),
])
const after = {
  long: 'after',
  value: 'TIME',
  group,
  doc: 'what comes within TIME behind that moment goes into the file too (default 10s)',
} as const

export const RECORD_OPTIONS: readonly OptionDef[] = [
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    group,
    doc: 'keep the last 60s, or what fits into 256M of memory, compressed; with both, whichever is less (of a time alone: in 256M)',
  },
  {
    long: 'trigger',
    value: 'FILTER',
    group,
    doc: 'write what is in memory to a file when an event passes FILTER; such events are recorded too',
  },
  after,
  { long: 'max-files', value: 'N', group, doc: 'the trigger writes N files at most (default 10)' },
  {
    long: 'cooldown',
    value: 'TIME',
    group,
    doc: 'the trigger does not count for TIME behind the end of a file (default 1m)',
  },
  {
    long: 'max-bytes-a-day',
    value: 'SIZE',
    group,
    doc: 'the trigger does not count while its file would make more than SIZE of the last 24 hours',
  },
  ...OPTIONS.filter((o) => SHARED.has(o.long)).map((o) => ({ ...o, group, doc: DOCS[o.long] ?? o.doc }) as const),
  { short: 'h', long: 'help', group, doc: 'print this help' },
]

export const DUMP_OPTIONS: readonly OptionDef[] = [
  after,
  { long: 'status', group, doc: 'write nothing: tell how the recorders stand' },
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
