// Calls that change what a socket is called or how it is connected, which several processes may have.
import { EVENTS } from '../schema/events/index.js'

/** Their event codes. */
export const OF_SOCKETS: readonly number[] = EVENTS.flatMap((def) => (def?.socket === undefined ? [] : [def.code]))
