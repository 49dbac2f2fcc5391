// `ksys redact`: its definition and options. Parsing, help, manual and completion derive from them.

import { refusing } from './refusals.js'
import { type Subcommand, shared } from './subcommand.js'
import { NO_RULES, READING, READS_FILES } from './subcommand-parts.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const REDACT_OPTIONS = [
  ...shared('write', 'scap-schema', 'progress'),
  ...PRIVACY_OPTIONS,
  ...shared('help'),
] as const satisfies readonly OptionDef[]

export const REDACT: Subcommand<typeof REDACT_OPTIONS> = {
  word: 'redact',
  summary: 'remove secrets from a capture file',
  usage: [
    [
      'ksys redact FILE -w OUT',
      'copy a capture file without data, environments, arguments or the values that a --redact file specifies',
    ],
  ],
  options: REDACT_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'it writes the whole capture: ksys cut takes the privacy options, too'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'A line of a --redact file names fields, an action (hash, mask or drop), and between slashes the part of the value to change. For example:',
    'proc.env mask /(?:PASS|TOKEN)\\w*=(.*)/i',
  ],
  topic: 'privacy',
}
