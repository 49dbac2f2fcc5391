// Filter to the time that all it passes lies in.
import type { CaptureInfo } from '../../source/source.js'
import { CODES } from '../events.js'
import type { CheckedFilter } from '../typed.js'
import { boundsByType } from './bounds-by-type.js'
import { type Interval, type MaybeBounds, uniteBounds } from './property-bounds.js'

/** Batch times (ns) of one capture around all that passes, both included; infinite where nothing bounds them. */
export function timesPassing(filter: CheckedFilter, start: Pick<CaptureInfo, 'startSec' | 'startNsec'>): Interval {
  const bound = boundsByType(filter, { start })
  let all: MaybeBounds
  for (const code of CODES) all = uniteBounds(all, bound(code))
  return all?.time ?? { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY }
}
