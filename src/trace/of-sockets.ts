// Calls that change what a socket is called or how it is connected, which several processes may have.
import { eventsByName } from '../schema/events/index.js'

const CALLS = 'bind connect listen getsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg'.split(' ')

/** Their event codes. */
export const OF_SOCKETS: readonly number[] = CALLS.flatMap((name) => eventsByName(name))
