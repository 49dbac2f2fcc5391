// Determines by event code which events change threads and descriptors, and which ones can be counted without being
// read.
import { type Event, SIDE } from '../model/event.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import { EVENTS, isSyscall } from '../schema/events/index.js'
import { movesData } from '../schema/lookups.js'
import type { EventDef } from '../schema/types.js'
import { changesState } from '../state/effects/index.js'
import type { State } from '../state/state.js'

/**
 * state: the event may change threads and descriptors; data: also, names of addresses may depend on it; sides: a call on two descriptors that
 * counts for both
 */
export const FOLLOW = { nothing: 0, state: 1, sides: 2, data: 3 } as const

/** Applies an event to the state, or sets its sides; how: a value of FOLLOW other than `nothing`. */
export function follow(state: State, e: Event, how: number | undefined): void {
  if (how === FOLLOW.sides) {
    e.sides = SIDE.BOTH
    return
  }
  state.apply(e)
  if (how === FOLLOW.data && state.onData !== undefined) state.onData(e)
}

/**
 * By event code, a value of FOLLOW, for events with these definitions. stateless: threads and descriptors are not needed, only
 * the names of containers and their cgroups.
 */
export function followedTypes(stateless: boolean, defs: readonly (EventDef | undefined)[]): Uint8Array {
  const followed = new Uint8Array(CODE_LIMIT)
  if (!stateless) {
    followed.fill(FOLLOW.state)
    for (const def of defs) if (def !== undefined && namesDependOn(def)) followed[def.code] = FOLLOW.data
    return followed
  }
  for (const def of defs) if (def?.transfer !== undefined) followed[def.code] = FOLLOW.sides
  followed[CODE.container] = FOLLOW.state
  followed[CODE.ks_cgroup] = FOLLOW.state
  return followed
}

/** Whether names of addresses depend on such an event: data of lookups, and connections. */
function namesDependOn(def: EventDef): boolean {
  return movesData(def) || (def.socket === 'connects' && !isEnter(def.code))
}

/** Types of `idle` rows without those that names of addresses depend on. */
export function withoutLookups(idle: Uint8Array, defs: readonly (EventDef | undefined)[]): Uint8Array {
  const types = idle.slice()
  for (const def of defs) if (def !== undefined && namesDependOn(def)) types[def.code] = 0
  return types
}

/** By event code: none of them. */
export const NO_TYPES: Uint8Array = new Uint8Array(CODE_LIMIT)

/** By event code, 1 if an event neither passes (0 in `passing`) nor changes the state. */
export function idleTypes(passing: Uint8Array, defs: readonly (EventDef | undefined)[]): Uint8Array {
  return passing.map((passes, code) => {
    const def = EVENTS[code]
    // `passing` is only valid for current codes, and the capture may use a code for another event
    return passes === 0 && def !== undefined && def === defs[code] && !changesState(def, isEnter(code)) ? 1 : 0
  })
}

/** Calls have even codes for enter events. Other events have only even codes. */
function isEnter(code: number): boolean {
  return (code & 1) === 0 && isSyscall(code)
}
