// The result of a call.
import type { Event } from '../model/event.js'

/** The result of a finished call; undefined for enter events and what is not a call. */
export function result(e: Event): number | undefined {
  if ((e.type & 1) === 0 || e.def.noReturn) return undefined
  const r = e.ret
  return Number.isNaN(r) ? undefined : r
}

/** Whether the call ended with an error. */
export function failed(e: Event): boolean {
  const r = e.ret
  return r < 0 && r >= -4095 && (e.type & 1) === 1 && !e.def.noReturn
}
