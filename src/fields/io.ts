// Input and output: which calls move data (evt.is_io), in which direction, how many bytes, and the kind of their descriptor. Fields,
// chisels, views, metrics and exports all count by this module. The bytes are the result of a call that did not fail; a read with
// MSG_PEEK counts like any other, since the kernel side counts results without looking at arguments. A call on two descriptors counts
// once for each. Operations of io_uring are not calls.
import { type Event, SIDE } from '../model/event.js'
import type { Category, EventDef } from '../schema/types.js'
import { result } from './result.js'

/** Whether events of that type receive data. */
export function readsData(def: EventDef): boolean {
  return def.category === 'io_read' || def.reads === true || def.transfer !== undefined
}

/** Whether events of that type send data. */
export function writesData(def: EventDef): boolean {
  return def.category === 'io_write' || def.transfer !== undefined
}

/** Whether the event receives data; a call on two descriptors does on the side of its source. */
export function isRead(e: Event): boolean {
  return readsData(e.def) && (e.sides === SIDE.NONE || e.reading)
}

/** Whether the event sends data; a call on two descriptors does on the side of its target. */
export function isWrite(e: Event): boolean {
  return writesData(e.def) && (e.sides === SIDE.NONE || !e.reading)
}

/** Visits the event from each active side; once if it has at most one descriptor. */
export function eachSide(e: Event, visit: (e: Event) => void): void {
  if (e.sides !== SIDE.BOTH) {
    visit(e)
    return
  }
  e.look(SIDE.WRITE)
  visit(e)
  e.look(SIDE.READ)
  visit(e)
  e.look(SIDE.WRITE)
}

const MSG_PEEK = 2

/**
 * Whether the event is a read that leaves the data in place (MSG_PEEK): the data will be read again and would count
 * twice.
 */
export function isPeek(e: Event): boolean {
  return e.def.category === 'io_read' && ((e.numberOf('flags') ?? 0) & MSG_PEEK) !== 0
}

/** Whether the result of calls of that type is the number of bytes moved. */
export function returnsBytes({ category, transfer }: EventDef): boolean {
  return category === 'io_read' || category === 'io_write' || transfer !== undefined
}

/** Bytes that the event moved; undefined if it failed or moves none. */
export function bytesMoved(e: Event): number | undefined {
  if (!returnsBytes(e.def)) return undefined
  const r = result(e)
  return r === undefined || r < 0 ? undefined : r
}

export type Kind = 'file' | 'net' | 'ipc' | 'unknown'

/** The kind of the event's descriptor. */
export function fdKind(e: Event): Kind {
  switch (e.fd?.type) {
    case 'file':
    case 'directory':
      return 'file'
    case 'ipv4':
    case 'ipv6':
      return 'net'
    case 'unix':
    case 'pipe':
    case 'event':
    case 'signalfd':
    case 'inotify':
    case 'userfaultfd':
      return 'ipc'
    default:
      return 'unknown'
  }
}

/** All values of evt.category. */
export const CATEGORIES: readonly string[] = [
  ...['file', 'net', 'ipc', 'IPC', 'memory', 'process', 'sleep', 'system', 'signal', 'user', 'time', 'processing'],
  ...['wait', 'scheduler', 'internal', 'other', 'unknown'],
]

/** evt.category: that of the event type; for I/O calls that of the descriptor. */
export function category(e: Event): string {
  if (e.form?.generic === true) return 'other'
  const c: Category = e.def.category
  switch (c) {
    case 'io_read':
    case 'io_write':
    case 'io_other':
      return fdKind(e)
    case 'ipc':
      return 'IPC'
    default:
      return c
  }
}

/** What a failed call operated on, for counting errors. */
export function subject(e: Event): 'file' | 'net' | 'memory' | 'other' {
  const t = e.fd?.type
  if (t === 'file' || t === 'directory') return 'file'
  if (t === 'ipv4' || t === 'ipv6' || t === 'unix') return 'net'
  if (e.fd !== undefined) return 'other'
  const { category, fdEffect } = e.def
  if (category === 'memory' || category === 'net') return category
  // a call that would have created a descriptor operated on a file; one that only looks up a path does not count
  return category === 'file' && fdEffect === 'creates' ? 'file' : 'other'
}
