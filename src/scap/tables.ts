// Maps recorded events to current ones, and provides the definitions of the rows of a file.
import { CODE_LIMIT, GENERIC } from '../schema/codes.js'
import { EVENTS, eventsByName, LAYOUTS } from '../schema/events/index.js'
import { type RowLayout, rowLayout } from '../schema/layout.js'
import { SYSCALL_BY_NAME } from '../schema/syscalls.js'
import type { EventDef } from '../schema/types.js'
import { PPME } from './libs-codes.js'
import { REPLACED, Role, recorded, roleOf } from './roles.js'
import { SYSCALL_IDS } from './syscall-ids.js'

/** Versions whose name differs from that of the call. */
const RENAMED: Readonly<Record<number, number>> = {
  [PPME.SOCKET_ACCEPT4_E]: PPME.SOCKET_ACCEPT4_6_E,
  [PPME.SOCKET_ACCEPT4_X]: PPME.SOCKET_ACCEPT4_6_X,
  [PPME.SOCKET_ACCEPT4_5_E]: PPME.SOCKET_ACCEPT4_6_E,
  [PPME.SOCKET_ACCEPT4_5_X]: PPME.SOCKET_ACCEPT4_6_X,
}

/** The current code of a recorded one; -1 if there is none. */
export function currentCode(code: number): number {
  const replaced = REPLACED[code] ?? RENAMED[code]
  if (replaced !== undefined) return replaced
  const old = recorded.defs[code]
  if (old === undefined || (EVENTS[code] !== undefined && EVENTS[code].name === old.name)) return code
  return eventsByName(old.name).find((c) => (c & 1) === (code & 1)) ?? -1
}

/** Calls with a libs number but without one on this architecture get codes from here on. */
const OTHER_CALLS = GENERIC + 2 * 576
const others: EventDef[] = []
const genericCode = SYSCALL_IDS.map((name): number => {
  const exit = eventsByName(name).find((c) => (c & 1) === 1)
  if (exit !== undefined) return exit
  const row = SYSCALL_BY_NAME.get(name)
  if (row !== undefined && EVENTS[GENERIC + 2 * row[1] + 1] !== undefined) return GENERIC + 2 * row[1] + 1
  const code = OTHER_CALLS + 2 * (others.length >> 1) + 1
  if (code >= CODE_LIMIT) return -1
  others.push({ code: code - 1, name, category: 'other', params: [] }, { code, name, category: 'other', params: [] })
  return code
})

/** The exit code of a call by its x86-64 number; that of the unknown call if there is none. */
function nativeCode(nr: number): number | undefined {
  const own = GENERIC + 2 * nr + 1
  if (own < OTHER_CALLS && EVENTS[own] !== undefined) return own
  return EVENTS.find((d) => d?.nr?.x64 === nr && (d.code & 1) === 1)?.code ?? genericCode[0]
}

/**
 * A generic call is identified by libs' number, below GENERIC_IDS, or by NATIVE plus the kernel's. Numbers from
 * NATIVE_IDS on are unknown.
 */
export const GENERIC_IDS = SYSCALL_IDS.length
const NATIVE = 1 << 16
export const NATIVE_IDS = 1024

/** The exit code of a generic call; undefined if it has none. */
export function genericExit(call: number): number | undefined {
  const code = call >= NATIVE ? nativeCode(call - NATIVE) : genericCode[call]
  return code === undefined || code < 0 ? undefined : code
}

/** Definitions for the cursor: current events, and enter events with the parameters of all recorded versions. */
export interface Tables {
  readonly defs: readonly (EventDef | undefined)[]
  readonly layouts: readonly (RowLayout | undefined)[]
}

export const TABLES: Tables = (() => {
  const defs = [...EVENTS]
  for (const d of others) defs[d.code] = d
  for (const old of recorded.defs) {
    if (old === undefined || roleOf(old.code) !== Role.Enter) continue
    const code = currentCode(old.code)
    if (code < 0) continue
    const base = recorded.defs[code] ?? old
    const { fd, fdEffect, ...rest } = EVENTS[code] ?? base
    const creates = fdEffect === 'creates' && { fdEffect }
    const merged: EventDef =
      defs[code] !== EVENTS[code] ? (defs[code] as EventDef) : { ...rest, ...base, code, ...creates }
    const more = old.params.filter((p) => !merged.params.some((q) => q.name === p.name))
    defs[code] = { ...merged, name: EVENTS[code]?.name ?? old.name, params: [...merged.params, ...more] }
  }
  return {
    defs,
    layouts: defs.map((d, i) => (d === undefined || d === EVENTS[i] ? LAYOUTS[i] : rowLayout(d))),
  }
})()
