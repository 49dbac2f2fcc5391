// The result of a call.
import type { Event } from '../model/event.js'
import type { EventDef } from '../schema/types.js'

const reports = new Map<EventDef, boolean>()

/** Whether what a call returns says how it went: getuid and its like cannot fail and return something else. */
function reportsResult(def: EventDef): boolean {
  let known = reports.get(def)
  if (known === undefined) {
    known = def.params.some((p) => p.wire === 'ret' && (p.name === 'res' || p.name === 'fd'))
    reports.set(def, known)
  }
  return known
}

/** The result of a finished call; undefined for enter events, what is not a call, and calls that only return a value. */
export function result(e: Event): number | undefined {
  if ((e.type & 1) === 0 || e.def.noReturn || !reportsResult(e.def)) return undefined
  const r = e.ret
  return Number.isNaN(r) ? undefined : r
}

/** Whether the call ended with an error. */
export function failed(e: Event): boolean {
  const r = e.ret
  return r < 0 && r >= -4095 && (e.type & 1) === 1 && !e.def.noReturn
}
