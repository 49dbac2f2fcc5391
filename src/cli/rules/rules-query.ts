// What rules ask of captures: everything that one of them may be about, and the fields that their alerts print.
import { throughRedaction } from '../../redact/opaque.js'
import { type CheckedRules, captureFilter } from '../../rules/engine/checked.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'

/** namesWithin: ms after which a container goes without a name, live. */
export function rulesQuery(
  checked: CheckedRules,
  printed: readonly string[],
  { redaction }: Pick<Settings, 'redaction'>,
  namesWithin?: number,
): Query {
  return {
    filter: throughRedaction(captureFilter(checked), redaction),
    format: '',
    printed,
    color: false,
    bound: true,
    ...(namesWithin !== undefined && { namesWithin }),
  }
}
