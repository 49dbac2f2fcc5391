// Memory: mappings, protection, locking, and descriptors that refer to memory.
import * as b from '../build.js'
import { constants } from '../constants.js'
import * as f from '../flags/memory.js'
import { fdFlagsAnd } from '../flags/open.js'
import type { EventDef, ParamDef } from '../types.js'

const addr = b.arg('addr', 'uint64', 0, 'hex')
const length = b.arg('length', 'uint64', 1)
const len = b.arg('len', 'uint64', 1)

const mapped = (offset: string): readonly ParamDef[] => [
  b.ret('res', 'errno', 'hex'),
  ...b.vmParams,
  addr,
  length,
  b.flags('prot', 2, f.protFlags),
  b.flags('flags', 3, f.mmapFlags),
  b.fd('fd', 4),
  b.arg(offset, 'uint64', 5),
]

const userfaultfdFlags = fdFlagsAnd(constants('userfaultfd_more'))

export const memoryEvents: readonly EventDef[] = [
  b.call(159, 'brk', 'memory', [b.ret('res', 'uint64', 'hex'), ...b.vmParams, addr]),
  b.call(161, 'mmap', 'memory', mapped('offset'), { uses: 8, mapsCode: true }),
  b.call(163, 'mmap2', 'memory', mapped('pgoffset'), { uses: 8 }),
  b.call(165, 'munmap', 'memory', [b.ret(), ...b.vmParams, addr, length]),
  b.call(329, 'mprotect', 'memory', [b.ret(), addr, length, b.flags('prot', 2, f.protFlags)]),
  b.call(345, 'mlock', 'memory', [b.ret(), addr, len]),
  b.call(347, 'munlock', 'memory', [b.ret(), addr, len]),
  b.call(349, 'mlockall', 'memory', [b.ret(), b.flags('flags', 0, f.mlockallFlags)]),
  b.call(351, 'munlockall', 'memory', [b.ret()]),
  b.call(371, 'mlock2', 'memory', [b.ret(), addr, len, b.flags('flags', 2, f.mlock2Flags)]),
  b.call(405, 'memfd_create', 'memory', [
    b.newFd(b.ret('fd', 'fd'), 'memfd', { name: 'name', cloexec: b.cloexec('flags', f.memfdFlags) }),
    b.means('path', b.str('name', 0)),
    b.flags('flags', 1, f.memfdFlags),
  ]),
  b.call(321, 'userfaultfd', 'file', [
    b.newFd(b.ret(), 'userfaultfd', { cloexec: b.cloexec('flags', userfaultfdFlags) }),
    b.flags('flags', 0, userfaultfdFlags),
  ]),
]
