// The result of a call.
import type { Event } from '../model/event.js'
import type { EventDef } from '../schema/types.js'

const places = new Map<EventDef, number>()

/** The parameter with the result of a call; -1 for calls such as getuid, which cannot fail and return another value. */
function resultIndex(def: EventDef): number {
  let known = places.get(def)
  if (known === undefined) {
    known = def.params.findIndex((p) => p.wire === 'ret' && (p.name === 'res' || p.name === 'fd'))
    places.set(def, known)
  }
  return known
}

/**
 * The result of a finished call. undefined for enter events, events that are not calls, calls that only return a value,
 * and io_uring operations whose result is unknown.
 */
export function result(e: Event): number | undefined {
  if ((e.type & 1) === 0 || e.def.noReturn) return undefined
  const place = resultIndex(e.def)
  const r = e.ret
  return place < 0 || Number.isNaN(r) || (r === 0 && !e.has(place)) ? undefined : r
}

/** The same, as a bigint where a Number would be rounded. */
export function exactResult(e: Event): number | bigint | undefined {
  const r = result(e)
  return r === undefined || Number.isSafeInteger(r) ? r : e.exactRet()
}

/** Whether the call ended with an error. */
export function failed(e: Event): boolean {
  const r = e.ret
  return r < 0 && r >= -4095 && (e.type & 1) === 1 && !e.def.noReturn
}
