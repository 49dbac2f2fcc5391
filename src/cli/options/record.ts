// `ksys record` and `ksys dump`: their definitions and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { described, type Subcommand, shared } from './subcommand.js'
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

export const RECORD: Subcommand<typeof RECORD_OPTIONS> = {
  word: 'record',
  summary: 'keep the last minutes in memory until something happens',
  usage: [
    [
      'ksys record [FILTER] --last 60s -w NAME [-- CMD [ARGS]]',
      'keep the newest events in memory, and write them to a file on --trigger, SIGUSR1 or ksys dump',
    ],
  ],
  options: RECORD_OPTIONS,
  refuses: {
    since: 'it records from now on: --last sets how much is retained',
    until: 'it records from now on: --last sets how much is retained',
    numevents: 'it records from now on: --last sets how much is retained',
    'until-eof': '-M or a signal ends it',
  },
  rest: 'command',
  exit: [0, 1, 2, 3, 6, 'other'],
  notes: [
    'Each dump is a file of its own, with the events before and after that time. Nothing else is written. For example:',
    'ksys record proc.name=nginx --last 60s --trigger "evt.type=procexit and evt.arg.ret != 0" -w nginx.ksys',
  ],
  topic: 'traces-and-recorder',
}

export const DUMP: Subcommand<typeof DUMP_OPTIONS> = {
  word: 'dump',
  summary: 'make a recorder write its memory to a file',
  usage: [
    [
      'ksys dump [PID]',
      'make a recorder write its memory to a file, and print the name of the file once it is complete',
    ],
  ],
  options: DUMP_OPTIONS,
  refuses: refusing('all', 'it controls a running recorder: the options of ksys record decide what is recorded'),
  rest: 'none',
  exit: [0, 1, 2],
  notes: ["Each user has their own recorders. To reach another user's, root runs sudo -u USER ksys dump."],
  topic: 'traces-and-recorder',
}
