// Events that affect more than the process whose rows they are.
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS } from '../../schema/events/index.js'
import { changesState } from './index.js'

/**
 * By event code, 1 for rows that a query about one process needs from every process; names: the query also depends on the names
 * of other threads.
 */
export function globalEvents(names: boolean): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.changes === 'all' || (names && def?.task !== undefined)) codes[code] = 1
  return codes
}

/**
 * By event code, 1 for events that may change a thread's program, identity or place. Changes to descriptors, memory and times
 * do not count.
 */
export function namingThreads(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.changes !== undefined && (changesState(def, false) || changesState(def, true))) codes[code] = 1
  return codes
}

/** By event code, 0 for events whose arguments can name neither a process nor a descriptor. */
export function naming(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT).fill(1)
  for (const [code, def] of EVENTS.entries())
    if (def !== undefined && def.fdEffect !== 'creates' && !changesState(def, false) && !changesState(def, true))
      codes[code] = 0
  return codes
}

/** By event code, 1 for events with addresses: a socket's name occurs nowhere else. */
export function namingAddresses(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.params.some(({ type }) => type === 'sockaddr' || type === 'socktuple') === true) codes[code] = 1
  return codes
}
