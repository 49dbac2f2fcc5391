// `ksys chisel`: its definition. Parsing, help, manual and completion derive from it.
import { refusing } from './refusals.js'
import type { Subcommand } from './subcommand.js'
import { ONLY_HELP } from './subcommand-parts.js'

export const CHISEL: Subcommand<typeof ONLY_HELP> = {
  word: 'chisel',
  summary: 'write an example chisel',
  usage: [['ksys chisel new NAME', 'write an example chisel to ~/.config/ksys/chisels, where -c NAME finds it']],
  options: ONLY_HELP,
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2, 6],
  notes: [
    'A NAME with a slash, such as ./NAME, is a path. Existing files are not overwritten. NAME.ts is TypeScript, NAME.mjs JavaScript; without an extension it is TypeScript if this Node.js runs it.',
  ],
  topic: 'chisels',
}
