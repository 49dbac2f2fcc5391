// What rules require from a capture: all events that a rule may match, except those that -U excludes, and the fields that alerts print.
import { registry } from '../../fields/index.js'
import { bothOf, type CheckedFilter, checkFilter } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { type CheckedRules, captureFilter } from '../../rules/engine/checked.js'
import type { Settings } from '../options/settings.js'
import { type Query, suppressFilter } from '../query/query.js'

type CaptureScope = Pick<Settings, 'redaction' | 'suppress'>

/** namesWithin: live, ms to wait for the name of a container. */
export function rulesQuery(
  checked: CheckedRules,
  printed: readonly string[],
  s: CaptureScope,
  namesWithin?: number,
): Query {
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

function passingOf(s: CaptureScope): CheckedFilter | undefined {
  const text = suppressFilter(s)
  return text === '' ? undefined : throughRedaction(checkFilter(text, registry), s.redaction)
}
