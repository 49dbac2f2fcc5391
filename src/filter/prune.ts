// Filter to pruning plan: which blocks of a trace file cannot hold anything that it passes, and which types of rows.

import { CODE_LIMIT } from '../schema/codes.js'
import type { CaptureInfo } from '../source/source.js'
import type { BlockSummary, Prune } from '../source/summary.js'
import { hasType } from '../source/summary.js'
import { boundByType } from './bound.js'
import type { Box, Interval, MaybeBox } from './box.js'
import { type CoSet, contains } from './coset.js'
import { CODES } from './events.js'
import type { CheckedFilter } from './typed.js'

/** Whether some row with one of these values, or with none at all, may be in the set. */
function meets<T>(set: CoSet<T>, values: ReadonlySet<T> | undefined): boolean {
  if (values === undefined || set.not) return true
  if (set.values.has(undefined)) return true
  for (const v of values) if (contains(set, v)) return true
  return false
}

function overlaps(i: Interval, min: number | undefined, max: number | undefined): boolean {
  return (max === undefined || i.lo <= max) && (min === undefined || i.hi >= min)
}

function mayHold(box: Box, s: BlockSummary, first: number): boolean {
  return (
    overlaps(box.time, s.timeMin, s.timeMax) &&
    overlaps(box.reltime, s.timeMin - first, s.timeMax) &&
    overlaps(box.num, s.numMin, s.numMax) &&
    meets(box.comm, s.comms) &&
    meets(box.tid, s.tids)
  )
}

/** By event code, 0 where certainly no event of that type passes the filter. */
export function typesPassing(filter: CheckedFilter): Uint8Array {
  const bound = boundByType(filter)
  const types = new Uint8Array(CODE_LIMIT).fill(1)
  for (const code of CODES) if (bound(code) === undefined) types[code] = 0
  return types
}

/** Makes the test of a block's summary for one file: false when certainly nothing in the block passes the filter. */
export function pruneFilter(filter: CheckedFilter, start: Pick<CaptureInfo, 'startSec' | 'startNsec'>): Prune {
  const bound = boundByType(filter, { start })
  const groups = new Map<MaybeBox, number[]>()
  for (const code of CODES) {
    const box = bound(code)
    if (box === undefined) continue
    const codes = groups.get(box)
    if (codes === undefined) groups.set(box, [code])
    else codes.push(code)
  }
  const boxes = [...groups] as [Box, number[]][]
  // blocks are judged in their order, so the capture's first event is not after the first block's first one
  let first: number | undefined
  return (s) => {
    first ??= Math.max(0, s.timeMin)
    const from = first
    return boxes.some(([box, codes]) => mayHold(box, s, from) && codes.some((code) => hasType(s, code)))
  }
}
