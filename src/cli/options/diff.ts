// `ksys diff`: its definition and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { type Subcommand, shared } from './subcommand.js'
import { CUT_FIRST, READ, READS_FILES } from './subcommand-parts.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const DIFF_OPTIONS = [
  {
    long: 'top',
    value: 'N',
    doc: 'rows of each table, largest differences first (default 20 as text, all as JSON). 0 prints all rows.',
  },
  {
    long: 'latency',
    value: 'PERCENT',
    doc: 'report a change of the median or 99th percentile latency of at least PERCENT (default 20)',
  },
  { long: 'exit-code', doc: 'exit with 7 if any difference is reported' },
  ...outputOptions((unit) => `print a ${unit} for each difference`),
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]

export const DIFF: Subcommand<typeof DIFF_OPTIONS> = {
  word: 'diff',
  summary: 'compare two runs of a command',
  usage: [
    [
      'ksys diff A B [FILTER]',
      'compare the calls, errors, files and latencies of two runs of a command; A and B are captures of them',
    ],
  ],
  options: DIFF_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it compares whole captures: ${CUT_FIRST}`),
    rules: 'ksys rules test --diff compares alerts',
  },
  rest: 'file',
  exit: [...READ, 7, '128 + N'],
  notes: [
    'Capture a run with ksys -w A -- COMMAND. A filter, such as proc.name=make, applies to both captures.',
    'What is new in B comes first: errors, files and calls that A does not have. So let A be the good run.',
  ],
  topic: 'traces-and-recorder',
}
