// The table of all events: by code, by name, and with the layouts of their rows.
import { ABI } from '../abi.js'
import { CODE, CODE_LIMIT, GENERIC } from '../codes.js'
import { COMPAT_CALLS } from '../compat-only.js'
import { type RowLayout, rowLayout } from '../layout.js'
import type { Source } from '../sources.js'
import { SYSCALLS } from '../syscalls.js'
import type { Arch, EventDef } from '../types.js'
import { fileEvents } from './file.js'
import { genericEvent } from './generic.js'
import { internalEvents } from './internal.js'
import { ioEvents } from './io.js'
import { ipcEvents } from './ipc.js'
import { memoryEvents } from './memory.js'
import { metaEvents } from './meta.js'
import { netEvents } from './net.js'
import { processEvents } from './process.js'
import { signalEvents } from './signal.js'
import { systemEvents } from './system.js'
import { unknownCall } from './unknown.js'
import { userEvents } from './user.js'
import { waitEvents } from './wait.js'

const calls: readonly EventDef[] = [
  ...fileEvents,
  ...ioEvents,
  ...netEvents,
  ...processEvents,
  ...memoryEvents,
  ...signalEvents,
  ...ipcEvents,
  ...waitEvents,
  ...userEvents,
  ...systemEvents,
]

const declared = new Set(calls.map((d) => d.nr?.x64))
const generic = [...SYSCALLS, ...COMPAT_CALLS].filter((row) => !declared.has(row[1])).map(genericEvent)

/** System calls as recorded at exit, one definition each. */
export const CALLS: readonly EventDef[] = [...calls, ...generic, unknownCall]

/** Whether the kernel side can read a parameter before the call has done its work. */
function knownAtEnter(from: Source): boolean {
  switch (from.op) {
    case 'arg':
    case 'opened':
    case 'timespec':
    case 'iovsize':
    case 'msgsize':
      return true
    case 'case':
    case 'each':
    case 'kept':
      return true
    case 'str':
      return from.onOk !== true
    case 'bytes':
      return from.on === undefined && from.count !== 'ret'
    case 'deref':
      return from.onOk !== true
    case 'sockaddr':
      return from.lenptr === undefined
    default:
      return false
  }
}

/** The enter event of a call: code - 1, with only the parameters known at enter. */
function enterEvent(def: EventDef): EventDef {
  const entered = def.params.map((p, i) => (knownAtEnter(p.from) ? i : -1)).filter((i) => i >= 0)
  const { fd, ...rest } = def
  const enterFd = fd === undefined ? -1 : entered.indexOf(fd)
  return {
    ...rest,
    code: def.code - 1,
    params: entered.map((i) => {
      const { dirfd, onlyIf, cases, ...p } = def.params[i] as (typeof def.params)[number]
      return {
        ...p,
        ...(dirfd !== undefined && { dirfd: entered.indexOf(dirfd) }),
        ...(cases && { cases: { ...cases, by: entered.indexOf(cases.by) } }),
        ...(onlyIf && { onlyIf: { ...onlyIf, param: entered.indexOf(onlyIf.param) } }),
      }
    }),
    ...(enterFd >= 0 && { fd: enterFd }),
  }
}

/** All events by code; enter events of calls are at the even code before the exit's. */
export const EVENTS: readonly (EventDef | undefined)[] = (() => {
  const table = new Array<EventDef | undefined>(CODE_LIMIT).fill(undefined)
  for (const d of [...metaEvents, ...internalEvents]) table[d.code] = d
  for (const d of CALLS) {
    table[d.code] = d
    table[d.code - 1] = enterEvent(d)
  }
  return table
})()

/** Row layouts by code. Code 0 is no event: its layout is that of a row without parameters. */
export const LAYOUTS: readonly (RowLayout | undefined)[] = EVENTS.map((d, code) =>
  d !== undefined ? rowLayout(d) : code === 0 ? rowLayout({ params: [] }) : undefined,
)

const internal = new Set(internalEvents.map((d) => d.code))
const names = new Map<string, number[]>()
for (const d of EVENTS) {
  if (d === undefined || internal.has(d.code)) continue
  const codes = names.get(d.name)
  if (codes === undefined) names.set(d.name, [d.code])
  else codes.push(d.code)
}

/** Codes of the events called `name`, enter events included; none for an unknown name and for internal records. */
export function eventsByName(name: string): readonly number[] {
  return names.get(name) ?? []
}

const NOT_CALLS = new Set(metaEvents.map((d) => d.code))

/** Whether an event code is a system call's, at enter or exit. */
export function isSyscall(code: number): boolean {
  return EVENTS[code] !== undefined && !NOT_CALLS.has(code) && !internal.has(code)
}

/** Whether a machine has an event: a call needs a number there; only x86's kernel reports page faults. */
export function hasEvent(arch: Arch, def: EventDef): boolean {
  if (isSyscall(def.code)) return def.nr?.[arch] !== undefined
  return def.code !== CODE.page_fault || arch === 'x64'
}

/** Whether it is a call that only 32-bit programs have on this machine. */
export function isOf32Bits(arch: Arch, { code, nr }: EventDef): boolean {
  return isSyscall(code) && code !== unknownCall.code && (nr?.[arch] ?? 0) >= ABI.KSYS_NATIVE_NR
}

/** Whether a machine has events of that name. */
export function hasEvents(arch: Arch, name: string): boolean {
  return eventsByName(name).some((code) => hasEvent(arch, EVENTS[code] as EventDef))
}

/** Whether all of them come from 32-bit programs. */
export function haveOnly32Bits(arch: Arch, name: string): boolean {
  return eventsByName(name).every((code) => isOf32Bits(arch, EVENTS[code] as EventDef))
}

/** Whether a code is that of a call without a declaration of its own. */
export function isGeneric(code: number): boolean {
  return code >= GENERIC
}

/** All event names that evt.type can have, sorted. */
export function evtTypeNames(): string[] {
  return [...names.keys()].sort()
}
