// `ksys wait`: its definition. Parsing, help, manual and completion derive from it.
import { refusing } from './refusals.js'
import type { Subcommand } from './subcommand.js'
import { ONLY_HELP } from './subcommand-parts.js'

export const WAIT: Subcommand<typeof ONLY_HELP> = {
  word: 'wait',
  summary: 'wait for a signal, in containers',
  usage: [['ksys wait', 'wait for a signal, in a container where ksys is run with exec']],
  options: ONLY_HELP,
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2],
  topic: 'containers-and-kubernetes',
}
