// `ksys info`: its definition and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { type Subcommand, shared } from './subcommand.js'
import { CUT_FIRST, NO_RULES, READING, READS_FILES } from './subcommand-parts.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const INFO_OPTIONS = [
  ...outputOptions((unit) => `print a ${unit} for each file`),
  { long: 'deep', doc: 'read every event, even if the trace ends with a summary' },
  {
    long: 'host',
    doc: 'instead of files, check what this machine can capture. If permitted, ksys loads its BPF programs for that.',
  },
  { short: 'v', long: 'verbose', doc: 'with --host, also print the messages of the system about what it rejected' },
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]

export const INFO: Subcommand<typeof INFO_OPTIONS> = {
  word: 'info',
  summary: 'what a capture file holds; --host: what this kernel supports',
  usage: [
    ['ksys info FILE...', 'describe captures: host, time span, events, losses, processes, damage'],
    [
      'ksys info --host',
      'check what this machine can capture; without root, only by the type information (BTF) of the kernel',
    ],
  ],
  options: INFO_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it describes whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  topic: 'traces-and-recorder',
}
