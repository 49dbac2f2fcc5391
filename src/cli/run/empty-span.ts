// The message if no event passes between --from and --to: the times of this range in the capture, and the time of its first event.

import { registry } from '../../fields/index.js'
import { checkFilter, timesPassing } from '../../filter/index.js'
import { type BatchNs, batchNs, epochOf } from '../../model/time.js'
import type { CaptureInfo } from '../../source/source.js'
import type { Settings } from '../options/parse.js'
import { localDate } from '../output/date.js'
import { spanFilter } from '../query/query.js'

/** The message; undefined without --from and --to. first: batch time (ns) of the capture's first event. */
export function emptySpan(s: Settings, info: CaptureInfo, first: BatchNs | undefined): string | undefined {
  const span = spanFilter(s)
  if (span === '') return undefined
  const { lo, hi } = timesPassing(checkFilter(span, registry), info)
  const date = (time: number) => (Number.isFinite(time) ? localText(info, batchNs(time)) : undefined)
  const [from, to] = [date(lo), date(hi)]
  const times = [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' ')
  const what = s.filter === '' ? 'no events' : 'no event passes the filter'
  const start = first === undefined ? '' : `; the first event is at ${localText(info, first)}`
  return `${what} in the range of --from and --to${times === '' ? '' : `, ${times}`}${start}`
}

/** A batch time (ns) as a local date. */
function localText(info: CaptureInfo, time: BatchNs): string {
  return localDate(epochOf(info, time))
}
