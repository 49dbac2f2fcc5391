// What of a file a run of the command needs.
import { readPlan } from '../../run/read-plan.js'
import type { OpenOptions } from '../../source/kind.js'
import type { Settings } from '../options/parse.js'
import type { Query } from './query.js'

/** The plan of a run over a file; undefined: every row matters. */
export function readPlanOf(
  s: Pick<Settings, 'write' | 'inFlight' | 'redaction'>,
  { filter, printed, passingOnly, span }: Pick<Query, 'filter' | 'printed' | 'passingOnly' | 'span'>,
): OpenOptions['plan'] {
  return readPlan({
    filter,
    printed,
    // a file that is written is asked anything later
    passingOnly: s.write === undefined && !s.inFlight && passingOnly !== false,
    span,
    redaction: s.redaction,
  })
}
