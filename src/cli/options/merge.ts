// `ksys merge`: its definition and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { type Subcommand, shared } from './subcommand.js'
import { CUT_FIRST, NO_RULES, READING, READS_FILES } from './subcommand-parts.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const MERGE_OPTIONS = [
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
    doc: 'the name of a host, in the order of the files (default: the names in the captures)',
  },
  {
    long: 'shift',
    value: 'HOST=TIME',
    repeat: true,
    doc: 'add TIME to all times of HOST, to correct its clock, such as db1=-1.5s',
  },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]

export const MERGE: Subcommand<typeof MERGE_OPTIONS> = {
  word: 'merge',
  summary: 'join captures of several hosts into one',
  usage: [['ksys merge A B... -w C', 'merge captures of several hosts into one trace, ordered by time']],
  options: MERGE_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it merges whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'Each host keeps its own processes, users and containers, even if names are the same on another host. The field host.name becomes a column. If the clocks of the hosts differ, effects can appear before causes: correct them with --shift.',
    'ksys cut C -w D host.name=NAME extracts the trace of one host.',
  ],
  topic: 'traces-and-recorder',
}
