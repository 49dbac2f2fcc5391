// What an event must be like for a filter to pass it, as far as a handful of its properties tell: a box, one set for each
// property. A box may hold too much, never too little; an absent value counts as one more value.
import { type CoSet, EVERYTHING, intersection, isEmpty, isEverything, union } from './coset.js'

/** Numbers from lo to hi, both included. */
export interface Interval {
  readonly lo: number
  readonly hi: number
}

/** What the kernel tells apart behind a descriptor. */
export type DescriptorKind = 'socket' | 'other'

export interface Box {
  readonly comm: CoSet<string>
  readonly pid: CoSet<number>
  readonly tid: CoSet<number>
  readonly uid: CoSet<number>
  readonly failed: CoSet<boolean>
  readonly kind: CoSet<DescriptorKind>
  /** ns since the capture's start */
  readonly time: Interval
  /** evt.reltime: ns since the first event */
  readonly reltime: Interval
  /** evt.num */
  readonly num: Interval
}

export const ALL_NUMBERS: Interval = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }

/** The box of every event. */
export const FULL: Box = {
  comm: EVERYTHING,
  pid: EVERYTHING,
  tid: EVERYTHING,
  uid: EVERYTHING,
  failed: EVERYTHING,
  kind: EVERYTHING,
  time: ALL_NUMBERS,
  reltime: ALL_NUMBERS,
  num: ALL_NUMBERS,
}

/** undefined stands for the empty box throughout. */
export type MaybeBox = Box | undefined

const SETS = ['comm', 'pid', 'tid', 'uid', 'failed', 'kind'] as const
const INTERVALS = ['time', 'reltime', 'num'] as const

export function isFull(box: Box): boolean {
  return (
    SETS.every((k) => isEverything<unknown>(box[k])) &&
    INTERVALS.every((k) => box[k].lo === -Infinity && box[k].hi === Infinity)
  )
}

export function intersectBoxes(a: MaybeBox, b: MaybeBox): MaybeBox {
  if (a === undefined || b === undefined) return undefined
  if (a === FULL) return b
  if (b === FULL) return a
  const box: Box = {
    comm: intersection(a.comm, b.comm),
    pid: intersection(a.pid, b.pid),
    tid: intersection(a.tid, b.tid),
    uid: intersection(a.uid, b.uid),
    failed: intersection(a.failed, b.failed),
    kind: intersection(a.kind, b.kind),
    time: meet(a.time, b.time),
    reltime: meet(a.reltime, b.reltime),
    num: meet(a.num, b.num),
  }
  if (SETS.some((k) => isEmpty<unknown>(box[k])) || INTERVALS.some((k) => box[k].lo > box[k].hi)) return undefined
  return box
}

/** A box around both. */
export function uniteBoxes(a: MaybeBox, b: MaybeBox): MaybeBox {
  if (a === undefined) return b
  if (b === undefined) return a
  if (a === FULL || b === FULL) return FULL
  return {
    comm: union(a.comm, b.comm),
    pid: union(a.pid, b.pid),
    tid: union(a.tid, b.tid),
    uid: union(a.uid, b.uid),
    failed: union(a.failed, b.failed),
    kind: union(a.kind, b.kind),
    time: around(a.time, b.time),
    reltime: around(a.reltime, b.reltime),
    num: around(a.num, b.num),
  }
}

function meet(a: Interval, b: Interval): Interval {
  return { lo: Math.max(a.lo, b.lo), hi: Math.min(a.hi, b.hi) }
}

function around(a: Interval, b: Interval): Interval {
  return { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) }
}
