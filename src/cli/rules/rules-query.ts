// What rules ask of captures: everything that one of them may be about, and the fields that their alerts print.
import { type CheckedRules, captureFilter } from '../../rules/engine/checked.js'
import type { Query } from '../query/query.js'

/** namesWithin: ms after which a container goes without a name, live. */
export function rulesQuery(checked: CheckedRules, printed: readonly string[], namesWithin?: number): Query {
  return {
    filter: captureFilter(checked),
    format: '',
    printed,
    color: false,
    bound: true,
    ...(namesWithin !== undefined && { namesWithin }),
  }
}
