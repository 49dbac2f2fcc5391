// The options of `ksys record` and `ksys dump`. Parsing, help and completion derive from these tables.
import { described, shared } from './subcommand.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

/** help texts that differ from those of the main command */
const DOCS: Readonly<Record<string, string>> = {
  write:
    'name of the files, to which ksys adds a number, or the date for %Y %m %d %H %M %S. In FOLDER/ it chooses the names.',
  quiet: 'print no status messages',
}

const after = {
  long: 'after',
  value: 'TIME',
  doc: 'include the events within TIME after the dump or trigger (default 10s)',
} as const

export const RECORD_OPTIONS = [
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    doc: 'keep the last TIME in memory, such as 60s, or what fits into SIZE, such as 256M. With both, whichever is less.',
  },
  {
    long: 'trigger',
    value: 'FILTER',
    doc: 'write the events in memory to a file when an event passes FILTER. Such events are recorded, too.',
  },
  after,
  { long: 'max-files', value: 'N', doc: 'the trigger writes at most N files (default 10)' },
  {
    long: 'cooldown',
    value: 'TIME',
    doc: 'ignore the trigger for TIME after a file is finished (default 1m)',
  },
  {
    long: 'max-bytes-a-day',
    value: 'SIZE',
    doc: 'write no file of the trigger that would exceed SIZE for the last 24 hours',
  },
  {
    long: 'config',
    value: 'FILE',
    complete: 'file',
    doc: 'also read options and a filter from FILE, one per line. SIGHUP reads it again.',
  },
  ...shared('rules'),
  ...described(shared('write', 'seconds', 'quiet'), DOCS),
  ...shared(
    'owner',
    'group',
    'mode',
    'snaplen',
    'no-structs',
    'suppress-comm',
    'enter',
    'switches',
    'page-faults',
    'stacks',
    'attach',
    'self',
  ),
  ...shared('buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  ...shared('verbose', 'help'),
] as const satisfies readonly OptionDef[]

export const DUMP_OPTIONS = [
  after,
  {
    long: 'status',
    doc: 'write nothing, and show the state of the recorder. The exit code is 1 if its capture delivers no events.',
  },
  ...shared('help'),
] as const satisfies readonly OptionDef[]
