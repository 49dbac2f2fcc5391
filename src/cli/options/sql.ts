// The options of `ksys sql`. Parsing, help, manual and completion derive from this table.
import { shared } from './subcommand.js'
import { type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'

export const SQL_OPTIONS = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'query FILE: a Parquet file, a folder of them, or a capture. Several -r form one table.',
  },
  ...outputOptions((unit) => `print a ${unit} for each row`),
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'help'),
] as const satisfies readonly OptionDef[]
