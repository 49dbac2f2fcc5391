// All subcommands. Help, manual and completion derive from them; `../main.ts` runs them.
import { ADVISE } from './advise.js'
import { CHISEL } from './chisel.js'
import { CUT } from './cut.js'
import { DIFF } from './diff.js'
import { INFO } from './info.js'
import { MERGE } from './merge.js'
import { METRICS } from './metrics.js'
import { DUMP, RECORD } from './record.js'
import { REDACT } from './redact.js'
import { REPORT } from './report.js'
import { RULES } from './rules.js'
import { SQL } from './sql.js'
import type { Subcommand } from './subcommand.js'
import { UI } from './ui.js'
import { WAIT } from './wait.js'

/** All subcommands in the order of help and manual. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  INFO,
  CUT,
  MERGE,
  DIFF,
  METRICS,
  RECORD,
  DUMP,
  RULES,
  ADVISE,
  REDACT,
  REPORT,
  SQL,
  UI,
  CHISEL,
  WAIT,
]
