// What the loop does with a row, by its flags and type.
import { callsOf, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import type { State } from '../state/state.js'
import { KEEP } from './sink.js'

/** Rows with one of these flags are processed even if their type is idle. */
export const NEVER_IDLE = ROW.HIDDEN | ROW.STATE

/** Number of events that a row with these flags and this number counts as; uncounted: flags of rows that do not count. */
export function countedCalls(flags: number, num: number, uncounted: number): number {
  return (flags & uncounted) === 0 ? callsOf(flags, num) : 0
}

/** The outcome of a hidden row, which the state was just updated with. Calls in flight are kept if they pass, as other calls are. */
export function outcomeOfHidden(
  code: number,
  { callInFlight }: State,
  predicate: ((e: Event) => boolean) | undefined,
): number {
  if (code !== CODE.ks_inflight || predicate === undefined || callInFlight === undefined) return KEEP.HIDDEN
  return predicate(callInFlight) ? KEEP.HIDDEN : KEEP.DROP
}

/** The outcome of a row with these flags that the predicate rejected. */
export function outcomeOfRejected(flags: number): number {
  return (flags & ROW.STATE) === 0 ? KEEP.DROP : KEEP.HIDDEN
}
