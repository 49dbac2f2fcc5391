// Which events tell about more than the process whose rows they are.
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS } from '../../schema/events/index.js'
import { changesState } from './index.js'

/**
 * By event code, 1 for rows that matter to a query about one process whoever's they are; names: the query also looks
 * at what other threads are called.
 */
export function aboutEverybody(names: boolean): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.changes === 'all' || (names && def?.task !== undefined)) codes[code] = 1
  return codes
}

/**
 * By event code, 1 for events that may change what a thread is: what it runs, who it is, where. Its descriptors, memory and
 * times do not count.
 */
export function namingThreads(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.changes !== undefined && (changesState(def, false) || changesState(def, true))) codes[code] = 1
  return codes
}

/** By event code, 0 for events whose arguments name neither a process nor a descriptor, whatever is in them. */
export function naming(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT).fill(1)
  for (const [code, def] of EVENTS.entries())
    if (def !== undefined && def.fdEffect !== 'creates' && !changesState(def, false) && !changesState(def, true))
      codes[code] = 0
  return codes
}

/** By event code, 1 for events that bring addresses: what a socket is called is told nowhere else. */
export function namingAddresses(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.params.some(({ type }) => type === 'sockaddr' || type === 'socktuple') === true) codes[code] = 1
  return codes
}
