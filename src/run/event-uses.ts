// What events are for in a run besides being shown, by their code: which change threads and descriptors, and which nobody looks at.
import { type Event, SIDE } from '../model/event.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import { EVENTS, isSyscall } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import { changesState } from '../state/effects/index.js'
import type { State } from '../state/state.js'

/** state: it may change threads and descriptors; sides: a call on two descriptors counts from both */
export const FOLLOW = { nothing: 0, state: 1, sides: 2 } as const

/** Has the state, or the event itself, follow; how: of FOLLOW, not `nothing`. */
export function follow(state: State, e: Event, how: number | undefined): void {
  if (how === FOLLOW.state) state.apply(e)
  else e.sides = SIDE.BOTH
}

/**
 * By event code, one of FOLLOW for events with these definitions. stateless: threads and descriptors are not looked at; names of
 * containers and their cgroups still are.
 */
export function followedTypes(stateless: boolean, defs: readonly (EventDef | undefined)[]): Uint8Array {
  const followed = new Uint8Array(CODE_LIMIT)
  if (!stateless) return followed.fill(FOLLOW.state)
  for (const def of defs) if (def?.transfer !== undefined) followed[def.code] = FOLLOW.sides
  followed[CODE.container] = FOLLOW.state
  followed[CODE.ks_cgroup] = FOLLOW.state
  return followed
}

/** By event code: none. */
export const NO_TYPES: Uint8Array = new Uint8Array(CODE_LIMIT)

/** By event code, 1 where an event neither passes (0 in `passing`) nor changes the state. */
export function idleTypes(passing: Uint8Array, defs: readonly (EventDef | undefined)[]): Uint8Array {
  return passing.map((passes, code) => {
    const def = EVENTS[code]
    // what a code of the capture's own tables means is not known to who made `passing`
    return passes === 0 && def !== undefined && def === defs[code] && !changesState(def, isEnter(code)) ? 1 : 0
  })
}

/** Of calls, even codes are enter events; what is no call has only those. */
function isEnter(code: number): boolean {
  return (code & 1) === 0 && isSyscall(code)
}
