// The options of `ksys redact`. Parsing, help and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const REDACT_OPTIONS = [
  ...shared('write', 'scap-schema', 'progress'),
  ...PRIVACY_OPTIONS,
  ...shared('help'),
] as const satisfies readonly OptionDef[]
