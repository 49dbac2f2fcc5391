// Filter to pruning plan: which blocks of a trace file cannot hold anything that it passes, whose rows it can pass, and
// which types of rows.

import { CODE_LIMIT } from '../schema/codes.js'
import { type Capabilities, capabilitiesOf } from '../source/capabilities.js'
import type { BlockTest } from '../source/read-plan.js'
import type { CaptureInfo } from '../source/source.js'
import type { BlockSummary } from '../source/summary.js'
import { hasType, processesOf } from '../source/summary.js'
import { boundByType } from './bound.js'
import type { Box, Interval, MaybeBox } from './box.js'
import { type CoSet, contains, EVERYTHING } from './coset.js'
import { CODES } from './events.js'
import { meantFor } from './older-names.js'
import type { CheckedFilter } from './typed.js'

/** What is looked at of a file's description. */
type Start = Pick<CaptureInfo, 'startSec' | 'startNsec' | 'has'>

/** Whether some row with one of these values, or with none at all, may be in the set. */
function meets<T>(set: CoSet<T>, values: Iterable<T> | undefined): boolean {
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
    meets(box.comm, s.comms?.keys()) &&
    meets(box.tid, s.tids) &&
    processesIn(box, s)?.size !== 0
  )
}

/** The values of a set that holds no more than these; undefined when it holds what has none, or all but some. */
function listed<T>(set: CoSet<T>): ReadonlySet<T> | undefined {
  return set.not || set.values.has(undefined) ? undefined : (set.values as ReadonlySet<T>)
}

/** Processes whose rows in a block may be in the box; undefined where that is not known. */
function processesIn(box: Box, s: BlockSummary): ReadonlySet<number> | undefined {
  let found: Set<number> | undefined
  const keep = (some: Set<number>) => {
    found = found === undefined ? some : new Set([...found].filter((pid) => some.has(pid)))
  }
  const names = listed(box.comm)
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
  const threads = listed(box.tid)
  if (threads !== undefined)
    keep(new Set([...threads].filter((tid) => tids.has(tid)).map((tid) => processOf.get(tid) ?? tid)))
  const processes = listed(box.pid)
  if (processes !== undefined) {
    const present = processesOf(s)
    keep(new Set([...processes].filter((pid) => present?.has(pid))))
  }
  return found
}

/** By event code, 0 where certainly no event of that type passes the filter. */
export function typesPassing(filter: CheckedFilter, has: Capabilities = capabilitiesOf('ksys')): Uint8Array {
  const bound = boundByType(meantFor(filter, has))
  const types = new Uint8Array(CODE_LIMIT).fill(1)
  for (const code of CODES) if (bound(code) === undefined) types[code] = 0
  return types
}

function withoutProcess(box: Box, known: Map<Box, Box>): Box {
  const found = known.get(box) ?? { ...box, pid: EVERYTHING }
  known.set(box, found)
  return found
}

/** Boxes with the types of events that they are around. */
function boxesOf(filter: CheckedFilter, start: Start): [Box, number[]][] {
  const bound = boundByType(meantFor(filter, start.has), { start })
  const groups = new Map<MaybeBox, number[]>()
  const known = new Map<Box, Box>()
  for (const code of CODES) {
    let box = bound(code)
    if (box === undefined) continue
    if (!start.has.rowProcesses) box = withoutProcess(box, known)
    const codes = groups.get(box)
    if (codes === undefined) groups.set(box, [code])
    else codes.push(code)
  }
  return [...groups] as [Box, number[]][]
}

/** Makes the test of a block's summary for one file: false when certainly nothing in the block passes the filter. */
export function pruneFilter(filter: CheckedFilter, start: Start): BlockTest {
  const boxes = boxesOf(filter, start)
  // blocks are judged in their order, so the capture's first event is not after the first block's first one
  let first: number | undefined
  return (s) => {
    first ??= Math.max(0, s.timeMin)
    const from = first
    return boxes.some(([box, codes]) => mayHold(box, s, from) && codes.some((code) => hasType(s, code)))
  }
}

/**
 * For a filter that passes rows of certain threads only: makes the function that tells whose rows in a block may pass, as
 * processes; undefined where that is not known. Undefined for other filters.
 */
export function processesPassing(
  filter: CheckedFilter,
  start: Start,
): ((s: BlockSummary) => ReadonlySet<number> | undefined) | undefined {
  const boxes = boxesOf(filter, start)
  if (boxes.some(([{ comm, tid, pid }]) => !listed(comm) && !listed(tid) && !listed(pid))) return undefined
  return (s) => {
    const all = new Set<number>()
    for (const [box, codes] of boxes) {
      if (!codes.some((code) => hasType(s, code))) continue
      const some = processesIn(box, s)
      if (some === undefined) return undefined
      for (const pid of some) all.add(pid)
    }
    return all
  }
}
