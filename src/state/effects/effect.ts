// The types of effects, and the steps that most of them share.
import type { Event } from '../../model/event.js'
import { Fd } from '../../model/fd.js'
import type { FdType, Whole } from '../../model/snapshot.js'
import { TextList } from '../../model/text-list.js'
import type { Thread } from '../../model/thread.js'
import { rowLayout } from '../../schema/layout.js'
import type { EventDef } from '../../schema/types.js'
import { CLOEXEC } from '../flag-bits.js'
import type { StateTables } from '../tables.js'

/** What an event does to the state; called with the event's thread. */
export type Effect = (s: StateTables, e: Event, t: Thread) => void
/** Creates the effect of an event; parameter positions are looked up here, once. */
export type EffectMaker = (def: EventDef) => Effect
/** Effects by the event's name. */
export type Effects = Readonly<Record<string, EffectMaker>>

/** Position of the first of these names that the event has as a parameter, -1 if it has none of them. */
export function param(def: EventDef, ...names: string[]): number {
  for (const name of names) {
    const at = def.params.findIndex((p) => p.name === name)
    if (at >= 0) return at
  }
  return -1
}

/** Number of parameter p; undefined when absent or when the event has no such parameter. */
export function num(e: Event, p: number): number | undefined {
  return p < 0 ? undefined : e.number(p)
}

/** Number of parameter p, exact; undefined as for num(). */
export function wholeNumber(e: Event, p: number): Whole | undefined {
  const n = num(e, p)
  return n === undefined || Number.isSafeInteger(n) ? n : e.big(p)
}

/** Number of parameter p, exact; 0 when absent. */
export function big(e: Event, p: number): bigint {
  return (p < 0 ? undefined : e.big(p)) ?? 0n
}

/** Text of parameter p; undefined when absent or when the event has no such parameter. */
export function text(e: Event, p: number): string | undefined {
  return p < 0 ? undefined : e.text(p)
}

/** List in parameter p, empty if absent or if the event has no such parameter; bit: the row's TRUNCATED bit for this list. */
export function texts(e: Event, p: number, bit: number): TextList {
  const t = text(e, p) ?? ''
  const truncated = (e.truncation & bit) !== 0
  return t === '' && !truncated ? TextList.EMPTY : new TextList(t, truncated)
}

/** Offset in the rows of an event of a four-byte number (or the low half of an eight-byte one); offset -1: the event has none. */
export interface Slot {
  readonly bit: number
  readonly offset: number
}

/** For events without such a number. */
export const NO_SLOT: Slot = { bit: 0, offset: -1 }

/** The slot of the first of these parameters that the event has, for reading it with int(). */
export function slot(def: EventDef, ...names: string[]): Slot {
  const p = param(def, ...names)
  if (!/^[iu](32|64)$/.test(def.params[p]?.wire ?? '')) return NO_SLOT
  return { bit: 1 << p, offset: rowLayout(def).offset[p] as number }
}

/** The parameter at a slot as int32, `absent` if it has no value. Faster than num(). */
export function int(e: Event, { bit, offset }: Slot, absent: number): number {
  const b = e.batch
  const row = e.row
  if (offset < 0 || ((b.absent[row] as number) & bit) !== 0) return absent
  return b.view.getInt32((b.argOff[row] as number) + offset, true)
}

/** Whether the parameter at a slot has a value. */
export function has(e: Event, { bit, offset }: Slot): boolean {
  return offset >= 0 && ((e.batch.absent[e.row] as number) & bit) === 0
}

/** The thread to which a call refers by an id of its own pid namespace, the caller for 0; undefined if unknown. */
export function threadByOwnId(s: StateTables, t: Thread, who: number): Thread | undefined {
  if (who === 0) return t
  return t.vpid === t.pid ? s.threads.get(who) : undefined
}

/** Batch time at which the row's call entered; its end if no latency was recorded. */
export function entered(e: Event): number {
  const latency = e.batch.latency[e.row] as number
  const time = e.time
  return latency < 0 ? time : time - latency
}

/** Makes `n` the event's descriptor and finds the file that it referred to when the call entered. */
export function use(e: Event, t: Thread, n: number): Fd | undefined {
  if (n < 0) return undefined
  e.fdNum = n
  const fd = t.fdTable.at(n, entered(e))
  e.fd = fd
  return fd
}

/** Makes `n` the event's descriptor: a new file, created by this event. */
export function create(
  s: StateTables,
  e: Event,
  t: Thread,
  n: number,
  type: FdType,
  name: string,
  cloexec: boolean,
): Fd {
  const fd = Fd.make(n, type, name)
  if (cloexec) fd.flags = CLOEXEC
  add(s, e, t, fd)
  return fd
}

/** Whether the descriptor that an event creates is closed on exec, according to its declaration. */
export function closesOnExec({ params, makes }: EventDef): (e: Event) => boolean {
  const rule = makes?.cloexec
  if (rule === undefined || rule === true) return () => rule === true
  const p = params.findIndex(({ name }) => name === rule.param)
  return (e) => ((num(e, p) ?? 0) & (e.batch.native ? rule.native() : rule.portable())) !== 0
}

/** Adds a descriptor that this event created. */
export function add(s: StateTables, e: Event, t: Thread, fd: Fd): void {
  fd.born = e.time
  s.table.putFd(t, fd)
  e.fdNum = fd.num
  e.fd = fd
  e.fdNameChanged = fd.lazySlot >= 0 || fd.name !== '' || fd.remoteIp !== undefined || fd.source !== undefined
}

/** The same file at another number. */
export function duplicate(fd: Fd, n: number, cloexec: boolean): Fd {
  const copy = fd.at(n)
  setCloexec(copy, cloexec)
  return copy
}

export function setCloexec(fd: Fd, on: boolean): void {
  const flags = fd.flags ?? 0
  fd.flags = on ? flags | CLOEXEC : flags & ~CLOEXEC
}
