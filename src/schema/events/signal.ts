// Signals: sending them, and reading them from a descriptor.
import * as b from '../build.js'
import { fdFlags } from '../flags/open.js'
import { signalSet } from '../signals.js'
import type { EventDef } from '../types.js'

/** signals 1 to 32 */
const mask = b.deref('mask', 'uint32', 1, 0, 'hex', { names: (n) => `[${signalSet(n).join(' ')}]` })

const signalfd = b.newFd(b.ret('res', 'fd'), 'signalfd', { cloexec: b.cloexec('flags', fdFlags), existing: 'fd' })

/** They continue what the signal interrupted, with its registers. */
const restored = { numberAtExit: 'none' } as const

export const signalEvents: readonly EventDef[] = [
  b.ownCall('rt_sigreturn', [b.ret()], restored),
  b.ownCall('sigreturn', [b.ret()], restored),
  b.call(129, 'kill', 'signal', [b.ret(), b.arg('pid', 'pid', 0), b.arg('sig', 'sigtype', 1)]),
  b.call(131, 'tkill', 'signal', [b.ret(), b.arg('tid', 'pid', 0), b.arg('sig', 'sigtype', 1)]),
  b.call(133, 'tgkill', 'signal', [
    b.ret(),
    b.arg('pid', 'pid', 0),
    b.arg('tid', 'pid', 1),
    b.arg('sig', 'sigtype', 2),
  ]),
  b.call(127, 'signalfd', 'signal', [signalfd, b.fd('fd', 0), mask, b.special('flags', 'uint8', 'hex')]),
  b.call(399, 'signalfd4', 'signal', [signalfd, b.flags('flags', 3, fdFlags, 'flags16'), b.fd('fd', 0), mask]),
]
