// Filter to pruning plan: which blocks of a trace file cannot contain passing events, which processes' rows can pass,
// and which rows.

import { EVENTS } from '../../schema/events/index.js'
import { type Capabilities, capabilitiesOf } from '../../source/capabilities.js'
import type { BlockTest } from '../../source/read-request.js'
import { allRows, OUTCOME, type RowBounds } from '../../source/row-bounds.js'
import type { CaptureInfo } from '../../source/source.js'
import { type BlockSummary, hasType, processesOf } from '../../source/summary.js'
import { CODES } from '../events.js'
import { adaptFilter } from '../older-names.js'
import type { CheckedFilter } from '../typed.js'
import { boundsByType } from './bounds-by-type.js'
import { type Interval, type MaybeBounds, type PropertyBounds, uniteBounds } from './property-bounds.js'
import { contains, EVERYTHING, type ValueSet } from './value-set.js'

/** The properties of a file's header that are used. */
type Start = Pick<CaptureInfo, 'startSec' | 'startNsec' | 'has'>

/** Whether a row with one of these values, or without a value, may be in the set. */
function meets<T>(set: ValueSet<T>, values: Iterable<T> | undefined): boolean {
  if (values === undefined || set.not) return true
  if (set.values.has(undefined)) return true
  for (const v of values) if (contains(set, v)) return true
  return false
}

function overlaps(i: Interval, min: number | undefined, max: number | undefined): boolean {
  return (max === undefined || i.lo <= max) && (min === undefined || i.hi >= min)
}

function mayHold(bounds: PropertyBounds, s: BlockSummary, first: number): boolean {
  return (
    overlaps(bounds.time, s.timeMin, s.timeMax) &&
    overlaps(bounds.reltime, s.timeMin - first, s.timeMax) &&
    overlaps(bounds.num, s.numMin, s.numMax) &&
    meets(bounds.comm, s.comms?.keys()) &&
    meets(bounds.tid, s.tids) &&
    processesIn(bounds, s)?.size !== 0
  )
}

/** The values of a finite set; undefined for a set that contains the absent value or all but some values. */
function listed<T>(set: ValueSet<T>): ReadonlySet<T> | undefined {
  return set.not || set.values.has(undefined) ? undefined : (set.values as ReadonlySet<T>)
}

/** Processes whose rows in a block may be within the bounds; undefined if unknown. */
function processesIn(bounds: PropertyBounds, s: BlockSummary): ReadonlySet<number> | undefined {
  let found: Set<number> | undefined
  const keep = (some: Set<number>) => {
    found = found === undefined ? some : new Set([...found].filter((pid) => some.has(pid)))
  }
  const names = listed(bounds.comm)
  if (names !== undefined && s.comms !== undefined) {
    const some = new Set<number>()
    for (const name of names) {
      if (!s.comms.has(name)) continue
      const processes = s.comms.get(name)
      if (processes === undefined) return undefined
      for (const pid of processes) some.add(pid)
    }
    keep(some)
  }
  const { tids, processOf } = s
  if (tids === undefined || processOf === undefined) return found
  const threads = listed(bounds.tid)
  if (threads !== undefined)
    keep(new Set([...threads].filter((tid) => tids.has(tid)).map((tid) => processOf.get(tid) ?? tid)))
  const processes = listed(bounds.pid)
  if (processes !== undefined) {
    const present = processesOf(s)
    keep(new Set([...processes].filter((pid) => present?.has(pid))))
  }
  return found
}

/** Bounds around the rows that can pass the filter. */
export function rowsPassing(filter: CheckedFilter, has: Capabilities = capabilitiesOf('ksys')): RowBounds {
  const bound = boundsByType(adaptFilter(filter, has))
  const { types, minLatency, outcome } = allRows()
  for (const code of CODES) {
    const bounds = bound(code)
    if (bounds === undefined) types[code] = 0
    else {
      minLatency[code] = Math.max(0, bounds.latency.lo)
      outcome[code] = outcomeOf(code, bounds.failed)
    }
  }
  return { types, minLatency, outcome }
}

/** Required outcome of the rows' results; no restriction if results of the type do not indicate failure. */
function outcomeOf(code: number, failed: PropertyBounds['failed']): number {
  if (!EVENTS[code]?.params.some((p) => p.wire === 'ret')) return OUTCOME.ANY
  if (!contains(failed, false)) return OUTCOME.FAILED
  return contains(failed, true) ? OUTCOME.ANY : OUTCOME.SUCCEEDED
}

function withoutProcess(bounds: PropertyBounds, known: Map<PropertyBounds, PropertyBounds>): PropertyBounds {
  const found = known.get(bounds) ?? { ...bounds, pid: EVERYTHING }
  known.set(bounds, found)
  return found
}

/** Bounds around the events that can pass a filter, each with the event types it applies to. */
export type BoundsWithTypes = readonly (readonly [PropertyBounds, readonly number[]])[]

/** The bounds of a filter for one file. */
export function boundsWithTypes(filter: CheckedFilter, start: Start): BoundsWithTypes {
  const bound = boundsByType(adaptFilter(filter, start.has), { start })
  const groups = new Map<MaybeBounds, number[]>()
  const known = new Map<PropertyBounds, PropertyBounds>()
  for (const code of CODES) {
    let bounds = bound(code)
    if (bounds === undefined) continue
    if (!start.has.rowProcesses) bounds = withoutProcess(bounds, known)
    const codes = groups.get(bounds)
    if (codes === undefined) groups.set(bounds, [code])
    else codes.push(code)
  }
  return [...groups] as unknown as BoundsWithTypes
}

/** Returns the test of a block summary for one file: false if certainly nothing in the block passes the filter. */
export function pruneFilter(filter: CheckedFilter, start: Start): BlockTest {
  return pruneBounds(boundsWithTypes(filter, start))
}

/** The same for given bounds. */
export function pruneBounds(groups: BoundsWithTypes): BlockTest {
  // blocks are tested in order, so the capture's first event is not later than the first event of the first block
  let first: number | undefined
  return (s) => {
    first ??= Math.max(0, s.timeMin)
    const from = first
    return groups.some(([bounds, codes]) => mayHold(bounds, s, from) && codes.some((code) => hasType(s, code)))
  }
}

/**
 * If the bounds restrict threads: returns the function that maps a block to the processes whose rows may be within the
 * bounds, or undefined if unknown. Otherwise undefined.
 */
export function processesWithin(
  groups: BoundsWithTypes,
): ((s: BlockSummary) => ReadonlySet<number> | undefined) | undefined {
  if (groups.some(([{ comm, tid, pid }]) => !listed(comm) && !listed(tid) && !listed(pid))) return undefined
  return (s) => {
    const all = new Set<number>()
    for (const [bounds, codes] of groups) {
      if (!codes.some((code) => hasType(s, code))) continue
      const some = processesIn(bounds, s)
      if (some === undefined) return undefined
      for (const pid of some) all.add(pid)
    }
    return all
  }
}

/** Batch times (ns) of one capture around everything that passes, both ends included; infinite if unbounded. */
export function timesPassing(filter: CheckedFilter, start: Pick<CaptureInfo, 'startSec' | 'startNsec'>): Interval {
  const bound = boundsByType(filter, { start })
  let all: MaybeBounds
  for (const code of CODES) all = uniteBounds(all, bound(code))
  return all?.time ?? { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY }
}
