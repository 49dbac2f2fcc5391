// The meaning of a file's event codes, as a table that the native walk uses.
import { GENERIC, isInternal } from '../schema/codes.js'
import { EVENTS, isSyscall } from '../schema/events/index.js'
import { PPME } from './libs-codes.js'
import { recordedEvents } from './recorded.js'

/** libs' limit. */
const MAX_PARAMS = 32
/** Codes from here on are unknown. */
const CODES = 1024

/** The role of a code; native/scap/walk.h has the same values. */
export const enum Role {
  /** a future code, or one that never existed */
  Unknown,
  /** counted but not shown */
  Silent,
  Enter,
  Exit,
  /** an event with a single record, which is not a call */
  Single,
  GenericEnter,
  GenericExit,
}

/** Other properties of a code, as bits; native/scap/walk.h has the same values. */
export const MARK = {
  /** lengths of parameters have four bytes: libs' large payload events */
  WIDE: 1,
  /** old producers recorded a length that is too large by 3 */
  THREE_TOO_LONG: 2,
  /** not shown by default: libs' internal events, and those that maintain its tables */
  HIDDEN: 4,
  /** the thread exits */
  ENDS_THREAD: 8,
} as const

const MARKED: Readonly<Record<keyof typeof MARK, readonly number[]>> = {
  WIDE: [PPME.PLUGINEVENT_E, PPME.CONTAINER_JSON_2_E, PPME.ASYNCEVENT_E],
  THREE_TOO_LONG: [PPME.NOTIFICATION_E, PPME.INFRASTRUCTURE_EVENT_E],
  HIDDEN: [
    PPME.SCAPEVENT_E,
    PPME.PROCINFO_E,
    PPME.CONTAINER_JSON_E,
    PPME.INFRASTRUCTURE_EVENT_E,
    PPME.CONTAINER_JSON_2_E,
    PPME.USER_ADDED_E,
    PPME.USER_DELETED_E,
    PPME.GROUP_ADDED_E,
    PPME.GROUP_DELETED_E,
  ],
  ENDS_THREAD: [PPME.PROCEXIT_1_E],
}
const SILENT: ReadonlySet<number> = new Set([PPME.CONTAINER_E, PPME.K8S_E, PPME.TRACER_E, PPME.MESOS_E])

/** Old codes of events that are not calls, and the codes that replaced them. */
export const REPLACED: Readonly<Record<number, number>> = {
  [PPME.PROCEXIT_E]: PPME.PROCEXIT_1_E,
  [PPME.SCHEDSWITCH_1_E]: PPME.SCHEDSWITCH_6_E,
  [PPME.CONTAINER_JSON_E]: PPME.CONTAINER_JSON_2_E,
}

/** Enter events and older versions, as they were recorded. */
export const recorded = recordedEvents(EVENTS)

/** The role of an event code. */
export function roleOf(code: number): Role {
  if (code === PPME.GENERIC_E) return Role.GenericEnter
  if (code === PPME.GENERIC_X) return Role.GenericExit
  if (SILENT.has(code)) return Role.Silent
  if (REPLACED[code] !== undefined) return Role.Single
  if (code >= GENERIC) return Role.Unknown
  const old = recorded.defs[code]
  if ((code & 1) === 1) return EVENTS[code] !== undefined || old !== undefined ? Role.Exit : Role.Unknown
  if (old !== undefined || isSyscall(code + 1)) return Role.Enter
  return EVENTS[code] !== undefined && !isInternal(code) ? Role.Single : Role.Unknown
}

/** The maximum number of parameters that an event of this code was ever recorded with. */
function maxParams(code: number): number {
  if (code <= PPME.GENERIC_X) return 2
  const enter = (code & 1) === 0 && isSyscall(code)
  return Math.max(recorded.defs[code]?.params.length ?? 0, enter ? 0 : (EVENTS[code]?.params.length ?? 0))
}

/** By code: its role, its maximum number of parameters, its marks. */
export type RoleTables = [roles: Uint8Array, most: Uint8Array, marks: Uint8Array]

/** The tables by code. */
export function roleTables(): RoleTables {
  const roles = Uint8Array.from({ length: CODES }, (_, c) => roleOf(c))
  const most = Uint8Array.from({ length: CODES }, (_, c) => Math.min(maxParams(c), MAX_PARAMS))
  const marks = new Uint8Array(CODES)
  for (const [name, codes] of Object.entries(MARKED))
    for (const c of codes) marks[c]! |= MARK[name as keyof typeof MARK]
  return [roles, most, marks]
}
