// Reading and writing, and calls on descriptors themselves.
import * as b from '../build.js'
import { F_DUPFD, F_DUPFD_CLOEXEC, fcntlArguments, fcntlResult } from '../calls/fcntl.js'
import { ioctlRequests } from '../calls/ioctl.js'
import { uringArguments } from '../calls/uring.js'
import { caseName } from '../cases.js'
import * as f from '../flags/files.js'
import { ioUringEnterFlags, ioUringFeatures, ioUringRegisterOpcodes, ioUringSetupFlags } from '../flags/ipc.js'
import { closeRangeFlags, fdFlags } from '../flags/open.js'
import type { EventDef, ParamDef } from '../types.js'

/** simulates terminal input: its argument is a character */
const TIOCSTI = 0x5412

const size = (n: number) => b.arg('size', 'uint32', n)
const iovSize = (n: number, cnt: number): ParamDef => b.param('size', 'uint32', { op: 'iovsize', n, cnt })
const iovIn = (n: number, cnt: number): ParamDef => b.param('data', 'bytebuf', { op: 'iovec', n, cnt, len: 'ret' })
const iovOut = (n: number, cnt: number): ParamDef => b.param('data', 'bytebuf', { op: 'iovec', n, cnt, len: 'sum' })

const transfers: EventDef[] = [
  b.call(7, 'read', 'io_read', [b.ret(), b.dataIn('data', 1), b.fd('fd', 0), size(2)], { uses: 2 }),
  b.call(9, 'write', 'io_write', [b.ret(), b.dataOut('data', 1, 2), b.fd('fd', 0), size(2)], { uses: 2 }),
  b.call(113, 'pread', 'io_read', [b.ret(), b.dataIn('data', 1), b.fd('fd', 0), size(2), b.arg('pos', 'uint64', 3)], {
    uses: 2,
    syscall: 'pread64',
  }),
  b.call(
    115,
    'pwrite',
    'io_write',
    [b.ret(), b.dataOut('data', 1, 2), b.fd('fd', 0), size(2), b.arg('pos', 'uint64', 3)],
    { uses: 2, syscall: 'pwrite64' },
  ),
  b.call(117, 'readv', 'io_read', [b.ret(), iovSize(1, 2), iovIn(1, 2), b.fd('fd', 0)], { uses: 3 }),
  b.call(119, 'writev', 'io_write', [b.ret(), iovOut(1, 2), b.fd('fd', 0), iovSize(1, 2)], { uses: 2 }),
  b.call(121, 'preadv', 'io_read', [b.ret(), iovSize(1, 2), iovIn(1, 2), b.fd('fd', 0), b.arg('pos', 'uint64', 3)], {
    uses: 3,
  }),
  b.call(123, 'pwritev', 'io_write', [b.ret(), iovOut(1, 2), b.fd('fd', 0), iovSize(1, 2), b.arg('pos', 'uint64', 3)], {
    uses: 2,
  }),
  b.call(
    189,
    'sendfile',
    'io_write',
    [b.ret(), b.long('offset', 'uint64', 2, 0, true), b.fd('out_fd', 0), b.fd('in_fd', 1), b.arg('size', 'uint64', 3)],
    { transfer: { from: 'in_fd', to: 'out_fd' } },
  ),
  b.call(
    167,
    'splice',
    'io_other',
    [
      ...[b.ret(), b.fd('fd_in', 0), b.fd('fd_out', 2), b.arg('size', 'uint64', 4), b.flags('flags', 5, f.spliceFlags)],
      b.added(b.deref('off_in', 'int64', 1)),
      b.added(b.deref('off_out', 'int64', 3)),
    ],
    { transfer: { from: 'fd_in', to: 'fd_out' } },
  ),
  b.call(
    333,
    'copy_file_range',
    'file',
    [
      b.ret(),
      b.fd('fdout', 2),
      b.deref('offout', 'uint64', 3),
      b.fd('fdin', 0),
      b.deref('offin', 'uint64', 1),
      b.arg('len', 'uint64', 4),
    ],
    { transfer: { from: 'fdin', to: 'fdout' } },
  ),
  b.ownCall(
    'tee',
    [b.ret(), b.fd('fdin', 0), b.fd('fdout', 1), b.arg('len', 'uint64', 2), b.flags('flags', 3, f.spliceFlags)],
    { transfer: { from: 'fdin', to: 'fdout' } },
  ),
]

const copied = b.newFd(b.ret('res', 'fd'), 'copy')

const descriptors: EventDef[] = [
  b.call(5, 'close', 'io_other', [b.ret(), b.fd('fd', 0)], { destroys: 1 }),
  b.call(
    451,
    'close_range',
    'io_other',
    [b.ret(), b.arg('first', 'uint32', 0), b.arg('last', 'uint32', 1), b.flags('flags', 2, closeRangeFlags)],
    { unsharesFds: true, state: true },
  ),
  b.call(367, 'dup', 'io_other', [copied, b.fd('oldfd', 0)]),
  b.call(363, 'dup2', 'io_other', [copied, b.fd('oldfd', 0), b.fd('newfd', 1)]),
  b.call(365, 'dup3', 'io_other', [
    b.newFd(b.ret('res', 'fd'), 'copy', { cloexec: b.cloexec('flags', fdFlags) }),
    b.fd('oldfd', 0),
    b.fd('newfd', 1),
    b.flags('flags', 2, fdFlags),
  ]),
  b.call(
    151,
    'fcntl',
    'io_other',
    [
      b.ret('res', 'fd', 'dec', {
        fdFor: { param: 2, values: [F_DUPFD, F_DUPFD_CLOEXEC] },
        names: fcntlResult,
      }),
      b.fd('fd', 0),
      b.choice('cmd', 1, f.fcntlCommands, 'enumflags8'),
      b.arg('arg', 'uint64', 2, 'hex'),
      b.added(b.cases('value', fcntlArguments, 1, 2)),
    ],
    { uses: 1, state: true },
  ),
  b.call(
    171,
    'ioctl',
    'io_other',
    [
      b.ret(),
      b.fd('fd', 0),
      // the kernel takes 32 bits, which some C libraries sign-extend
      b.arg('request', 'uint64', 1, 'hex', { wire: 'u32', names: (n) => caseName(ioctlRequests, n) }),
      b.arg('argument', 'uint64', 2, 'hex'),
      b.omittedBy(
        'buffers',
        b.added(b.cases('value', ioctlRequests, 1, 2)),
        (row) => row.numberOf('request') === TIOCSTI,
      ),
    ],
    { uses: 1, fdsIn: 'ioctl' },
  ),
  b.call(243, 'flock', 'file', [b.ret(), b.fd('fd', 0, 'na'), b.flags('operation', 1, f.flockFlags)], { uses: 1 }),
  b.call(
    87,
    'lseek',
    'file',
    [b.ret(), b.fd('fd', 0), b.arg('offset', 'uint64', 1), b.choice('whence', 2, f.lseekWhence, 'enumflags8')],
    { uses: 1 },
  ),
  b.call(
    89,
    'llseek',
    'file',
    [b.ret(), b.fd('fd', 0), b.special('offset', 'uint64'), b.choice('whence', 4, f.lseekWhence, 'enumflags8')],
    { uses: 1, syscall: '_llseek', special: 'llseek' },
  ),
]

const ring = (name: string, off: number) => b.deref(name, 'uint32', 1, off)

const uring: EventDef[] = [
  b.call(339, 'io_uring_setup', 'io_other', [
    b.newFd(b.ret(), 'io_uring', { cloexec: true }),
    b.arg('entries', 'uint32', 0),
    ring('sq_entries', 0),
    ring('cq_entries', 4),
    b.deref('flags', 'flags32', 1, 8, 'hex', { flags: ioUringSetupFlags }),
    ring('sq_thread_cpu', 12),
    ring('sq_thread_idle', 16),
    b.result('features', 'flags32', 1, 20, 'hex', { flags: ioUringFeatures }),
  ]),
  b.call(
    341,
    'io_uring_enter',
    'io_other',
    [
      b.ret(),
      b.fd('fd', 0),
      b.arg('to_submit', 'uint32', 1),
      b.arg('min_complete', 'uint32', 2),
      b.flags('flags', 3, ioUringEnterFlags),
      b.deref('sig', 'sigset', 4),
    ],
    { uses: 1, fdsIn: 'uring' },
  ),
  b.call(
    343,
    'io_uring_register',
    'io_other',
    [
      b.ret(),
      b.fd('fd', 0),
      b.choice('opcode', 1, ioUringRegisterOpcodes, 'enumflags16'),
      b.arg('arg', 'uint64', 2, 'hex'),
      b.arg('nr_args', 'uint32', 3),
      b.added(b.cases('value', uringArguments, 1, 2)),
    ],
    { uses: 1 },
  ),
]

export const ioEvents: readonly EventDef[] = [...transfers, ...descriptors, ...uring]
