// Filter to pruning plan: which blocks of a trace file cannot hold anything that it passes, whose rows it can pass, and
// which rows.

import { EVENTS } from '../../schema/events/index.js'
import { type Capabilities, capabilitiesOf } from '../../source/capabilities.js'
import type { BlockTest } from '../../source/read-request.js'
import { allRows, OUTCOME, type RowBounds } from '../../source/row-bounds.js'
import type { CaptureInfo } from '../../source/source.js'
import type { BlockSummary } from '../../source/summary.js'
import { hasType, processesOf } from '../../source/summary.js'
import { CODES } from '../events.js'
import { meantFor } from '../older-names.js'
import type { CheckedFilter } from '../typed.js'
import { boundsByType } from './bounds-by-type.js'
import type { Interval, MaybeBounds, PropertyBounds } from './property-bounds.js'
import { contains, EVERYTHING, type ValueSet } from './value-set.js'

/** What is looked at of a file's description. */
type Start = Pick<CaptureInfo, 'startSec' | 'startNsec' | 'has'>

/** Whether some row with one of these values, or with none at all, may be in the set. */
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

/** The values of a set that holds no more than these; undefined when it holds what has none, or all but some. */
function listed<T>(set: ValueSet<T>): ReadonlySet<T> | undefined {
  return set.not || set.values.has(undefined) ? undefined : (set.values as ReadonlySet<T>)
}

/** Processes whose rows in a block may be within the bounds; undefined where that is not known. */
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

/** Bounds around the rows that pass the filter. */
export function rowsPassing(filter: CheckedFilter, has: Capabilities = capabilitiesOf('ksys')): RowBounds {
  const bound = boundsByType(meantFor(filter, has))
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

/** What the results of rows must say; nothing where a type's results say nothing. */
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

/** Bounds around the events that pass a filter, each with the types of events that it is around. */
export type BoundsWithTypes = readonly (readonly [PropertyBounds, readonly number[]])[]

/** Those of a filter for one file. */
export function boundsWithTypes(filter: CheckedFilter, start: Start): BoundsWithTypes {
  const bound = boundsByType(meantFor(filter, start.has), { start })
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

/** Makes the test of a block's summary for one file: false when certainly nothing in the block passes the filter. */
export function pruneFilter(filter: CheckedFilter, start: Start): BlockTest {
  return pruneBounds(boundsWithTypes(filter, start))
}

/** The same, of bounds that are known. */
export function pruneBounds(groups: BoundsWithTypes): BlockTest {
  // blocks are judged in their order, so the capture's first event is not after the first block's first one
  let first: number | undefined
  return (s) => {
    first ??= Math.max(0, s.timeMin)
    const from = first
    return groups.some(([bounds, codes]) => mayHold(bounds, s, from) && codes.some((code) => hasType(s, code)))
  }
}

/**
 * Where bounds are around rows of certain threads only: makes the function that tells whose rows in a block may be within, as
 * processes; undefined where that is not known. Undefined for others.
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
