// The result of a call and what its numbers are called.
import { constants } from 'node:os'
import type { Event } from '../model/event.js'

const names: (string | undefined)[] = []
for (const [name, n] of Object.entries(constants.errno)) names[n] ??= name
// The kernel's own, seen only by tracers: the call will be restarted.
names[512] = 'ERESTARTSYS'
names[513] = 'ERESTARTNOINTR'
names[514] = 'ERESTARTNOHAND'
names[516] = 'ERESTART_RESTARTBLOCK'

/** Name of an errno (positive), its number as text when it has none. */
export function errnoName(errno: number): string {
  return names[errno] ?? `errno ${errno}`
}

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
