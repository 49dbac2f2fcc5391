// The options of `ksys record` and `ksys dump`. Parsing, their help and completion are made from these tables.
import { shared } from './subcommand.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

/** what means something else here */
const DOCS: Readonly<Record<string, string>> = {
  write:
    'what the files are called: a number comes before the ending, or the date in place of %Y %m %d %H %M %S; FOLDER/ has names of ksys',
  quiet: 'tell nothing of how it stands',
}

const after = {
  long: 'after',
  value: 'TIME',
  doc: 'what comes within TIME behind that moment goes into the file too (default 10s)',
} as const

export const RECORD_OPTIONS: readonly OptionDef[] = [
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    doc: 'keep the last 60s, or what fits into 256M of memory, compressed; with both, whichever is less (of a time alone: in 256M)',
  },
  {
    long: 'trigger',
    value: 'FILTER',
    doc: 'write what is in memory to a file when an event passes FILTER; such events are recorded too',
  },
  after,
  { long: 'max-files', value: 'N', doc: 'the trigger writes N files at most (default 10)' },
  {
    long: 'cooldown',
    value: 'TIME',
    doc: 'the trigger does not count for TIME behind the end of a file (default 1m)',
  },
  {
    long: 'max-bytes-a-day',
    value: 'SIZE',
    doc: 'the trigger does not count while its file would make more than SIZE of the last 24 hours',
  },
  {
    long: 'config',
    value: 'FILE',
    complete: 'file',
    doc: 'take options from FILE too, one a line as they are written here; lines without a dash are the filter, # begins a comment. SIGHUP has it read again',
  },
  ...shared('rules'),
  ...shared('write', 'seconds', 'quiet').map((o) => ({ ...o, doc: DOCS[o.long] ?? o.doc })),
  ...shared('owner', 'group', 'mode', 'snaplen', 'suppress-comm', 'enter', 'switches', 'page-faults', 'stacks', 'self'),
  ...shared('buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  ...shared('verbose', 'help'),
]

export const DUMP_OPTIONS: readonly OptionDef[] = [
  after,
  { long: 'status', doc: 'write nothing: tell how the recorders stand' },
  ...shared('help'),
]
