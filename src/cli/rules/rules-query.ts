// What rules ask of captures: everything that one of them may be about, but for what -U leaves out, and the fields that their alerts print.
import { registry } from '../../fields/index.js'
import { bothOf, type CheckedFilter, checkFilter } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { type CheckedRules, captureFilter } from '../../rules/engine/checked.js'
import type { Settings } from '../options/parse.js'
import { type Query, suppressFilter } from '../query/query.js'

type Asking = Pick<Settings, 'redaction' | 'suppress'>

/** namesWithin: ms after which a container goes without a name, live. */
export function rulesQuery(checked: CheckedRules, printed: readonly string[], s: Asking, namesWithin?: number): Query {
  const passing = passingOf(s)
  const filter = throughRedaction(captureFilter(checked), s.redaction)
  return {
    filter: passing === undefined ? filter : bothOf(filter, passing),
    format: '',
    printed,
    color: false,
    bound: { passing },
    ...(namesWithin !== undefined && { namesWithin }),
  }
}

function passingOf(s: Asking): CheckedFilter | undefined {
  const text = suppressFilter(s)
  return text === '' ? undefined : throughRedaction(checkFilter(text, registry), s.redaction)
}
