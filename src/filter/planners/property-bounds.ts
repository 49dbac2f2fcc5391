// Predicate bounds: a set of values for each of a few properties, around all events that a filter can pass. They may
// include too much, never too little; the absent value counts as one more value.
import type { DescriptorKind } from '../../source/plan.js'
import { EVERYTHING, intersection, isEmpty, isEverything, union, type ValueSet } from './value-set.js'

/** Numbers from lo to hi, both included. */
export interface Interval {
  readonly lo: number
  readonly hi: number
}

export interface PropertyBounds {
  readonly comm: ValueSet<string>
  readonly pid: ValueSet<number>
  readonly tid: ValueSet<number>
  readonly uid: ValueSet<number>
  readonly failed: ValueSet<boolean>
  /** of the descriptor that the first argument is; only for calls of which the kernel can determine it (`moves-data`) */
  readonly kind: ValueSet<DescriptorKind>
  /** ns since the capture's start */
  readonly time: Interval
  /** evt.reltime: ns since the first event */
  readonly reltime: Interval
  /** evt.num */
  readonly num: Interval
  /** ns */
  readonly latency: Interval
}

const ALL_NUMBERS: Interval = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }

/** Bounds that include every event. */
export const UNBOUNDED: PropertyBounds = {
  comm: EVERYTHING,
  pid: EVERYTHING,
  tid: EVERYTHING,
  uid: EVERYTHING,
  failed: EVERYTHING,
  kind: EVERYTHING,
  time: ALL_NUMBERS,
  reltime: ALL_NUMBERS,
  num: ALL_NUMBERS,
  latency: ALL_NUMBERS,
}

/** undefined always means bounds that include nothing. */
export type MaybeBounds = PropertyBounds | undefined

const SETS = ['comm', 'pid', 'tid', 'uid', 'failed', 'kind'] as const
const INTERVALS = ['time', 'reltime', 'num', 'latency'] as const

export function intersectBounds(a: MaybeBounds, b: MaybeBounds): MaybeBounds {
  if (a === undefined || b === undefined) return undefined
  if (a === UNBOUNDED) return b
  if (b === UNBOUNDED) return a
  const bounds: PropertyBounds = {
    comm: intersection(a.comm, b.comm),
    pid: intersection(a.pid, b.pid),
    tid: intersection(a.tid, b.tid),
    uid: intersection(a.uid, b.uid),
    failed: intersection(a.failed, b.failed),
    kind: intersection(a.kind, b.kind),
    time: meet(a.time, b.time),
    reltime: meet(a.reltime, b.reltime),
    num: meet(a.num, b.num),
    latency: meet(a.latency, b.latency),
  }
  if (SETS.some((k) => isEmpty<unknown>(bounds[k])) || INTERVALS.some((k) => bounds[k].lo > bounds[k].hi))
    return undefined
  return bounds
}

/** Bounds around both. */
export function uniteBounds(a: MaybeBounds, b: MaybeBounds): MaybeBounds {
  if (a === undefined) return b
  if (b === undefined) return a
  if (a === UNBOUNDED || b === UNBOUNDED) return UNBOUNDED
  const bounds: PropertyBounds = {
    comm: union(a.comm, b.comm),
    pid: union(a.pid, b.pid),
    tid: union(a.tid, b.tid),
    uid: union(a.uid, b.uid),
    failed: union(a.failed, b.failed),
    kind: union(a.kind, b.kind),
    time: around(a.time, b.time),
    reltime: around(a.reltime, b.reltime),
    num: around(a.num, b.num),
    latency: around(a.latency, b.latency),
  }
  const unbounded =
    SETS.every((k) => isEverything<unknown>(bounds[k])) &&
    INTERVALS.every((k) => bounds[k].lo === Number.NEGATIVE_INFINITY && bounds[k].hi === Number.POSITIVE_INFINITY)
  return unbounded ? UNBOUNDED : bounds
}

function meet(a: Interval, b: Interval): Interval {
  return { lo: Math.max(a.lo, b.lo), hi: Math.min(a.hi, b.hi) }
}

function around(a: Interval, b: Interval): Interval {
  return { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) }
}
