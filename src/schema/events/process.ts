// Processes: birth and exit, programs, places, limits, namespaces and tracing.
import * as b from '../build.js'
import { PR_SET_VMA, prctlArguments, prctlFourth, prctlThird, seccompArguments } from '../calls/prctl.js'
import { ptraceArguments } from '../calls/ptrace.js'
import { capabilitySet } from '../capabilities.js'
import { caseName, inputAt, itself } from '../cases.js'
import { constants } from '../constants.js'
import * as f from '../flags/process.js'
import { bitsIn, nameIn } from '../names.js'
import * as s from '../shape.js'
import { iovec } from '../structs/files.js'
import { cloneArgs } from '../structs/process.js'
import type { EventDef, ParamDef, Row } from '../types.js'

const PTRACE_VALUE = ['uint64/hex', 'sigtype/dec']

/** The caller's identity, at the start of the records of clone and exec. */
const identity = (fdlimit: 'int64' | 'uint64'): readonly ParamDef[] => [
  b.means('exe', b.special('exe', 'charbuf')),
  b.means('args', b.special('args', 'bytebuf')),
  b.special('tid', 'pid'),
  b.special('pid', 'pid'),
  b.special('ptid', 'pid'),
  b.means('cwd', b.special('cwd', 'charbuf')),
  b.special('fdlimit', fdlimit),
  b.special('pgft_maj', 'uint64'),
  b.special('pgft_min', 'uint64'),
  b.special('vm_size', 'uint32'),
  b.special('vm_rss', 'uint32'),
  b.special('vm_swap', 'uint32'),
  b.means('comm', b.special('comm', 'charbuf')),
  b.means('cgroups', b.special('cgroups', 'bytebuf')),
]

const cloned = (flags: ParamDef): readonly ParamDef[] => [
  b.ret('res', 'pid'),
  ...identity('int64'),
  flags,
  b.special('uid', 'uint32'),
  b.special('gid', 'uint32'),
  b.special('vtid', 'pid'),
  b.special('vpid', 'pid'),
  b.special('pidns_init_start_ts', 'uint64'),
]

const cloneFlags = b.special('flags', 'flags32', 'hex', { flags: f.cloneFlags })
/** clone3's flags are 64 bits wide */
const clone3Flags = b.special('flags', 'flags32', 'hex', { flags: f.cloneFlags, wire: 'u64' })

const infinity = (n: number) => (n === -1 ? 'RLIM_INFINITY' : undefined)
const limit = { names: infinity }
/** the signal that the parent gets when the child exits: the lowest byte of clone's flags */
const exitSignal = b.added(b.struct('exit_signal', itself(s.like(s.u8, { kind: 'signal' }), 0)))

const cl_args = b.added(b.struct('cl_args', inputAt(cloneArgs, 0, { count: 1, each: 1 })))

const executed: readonly ParamDef[] = [
  b.ret(),
  ...identity('uint64'),
  b.means('env', b.special('env', 'bytebuf')),
  b.special('tty', 'uint32'),
  b.special('vpgid', 'pid'),
  b.special('loginuid', 'uid'),
  b.special('flags', 'flags32', 'hex', { flags: f.execveFlags }),
  b.special('cap_inheritable', 'uint64', 'hex'),
  b.special('cap_permitted', 'uint64', 'hex'),
  b.special('cap_effective', 'uint64', 'hex'),
  b.special('exe_ino', 'uint64'),
  b.special('exe_ino_ctime', 'abstime'),
  b.special('exe_ino_mtime', 'abstime'),
  b.special('uid', 'uid'),
  b.means('exepath', b.special('trusted_exepath', 'fspath')),
  b.special('pgid', 'pid', 'na'),
  b.special('gid', 'gid'),
]

const born = { task: 'fork', changes: 'own', state: true } as const
const run = { task: 'exec', changes: 'own', state: true } as const

const births: EventDef[] = [
  b.call(223, 'clone', 'process', [...cloned(cloneFlags), exitSignal], {
    ...born,
    fdsIn: 'clone',
    special: 'clone',
  }),
  b.call(335, 'clone3', 'process', [...cloned(clone3Flags), cl_args], {
    ...born,
    fdsIn: 'clone',
    special: 'clone3',
  }),
  b.call(225, 'fork', 'process', cloned(cloneFlags), { ...born, special: 'fork' }),
  b.call(227, 'vfork', 'process', cloned(cloneFlags), { ...born, special: 'fork' }),
  b.call(293, 'execve', 'process', [...executed, b.path('filename', 0, 'enter')], {
    ...run,
    special: 'execve',
  }),
  b.call(331, 'execveat', 'process', [...executed, b.path('filename', 1, 'enter')], {
    ...run,
    numberAtExit: 'another',
    special: 'execveat',
  }),
]

const exitCode = b.arg('error_code', 'int32', 0)

const ends: EventDef[] = [
  b.ownCall('exit', [exitCode], { noReturn: true }),
  b.ownCall('exit_group', [exitCode], { noReturn: true }),
]

const changes = { changes: 'own', state: true } as const
const moves = { ...changes, renews: ['cwd'] } as const
/** namespaces */
const leaves = { ...changes, renews: ['cwd', 'creds'] } as const

const places: EventDef[] = [
  b.call(95, 'chdir', 'file', [b.ret(), b.means('directory', b.str('path', 0))], moves),
  b.call(97, 'fchdir', 'file', [b.ret(), b.fd('fd', 0, 'na')], { ...moves, uses: 1 }),
  b.call(267, 'chroot', 'process', [b.ret(), b.means('directory', b.path('path', 0))], moves),
  b.ownCall('pivot_root', [b.ret(), b.path('new_root', 0), b.path('put_old', 1)], moves),
  b.call(241, 'setns', 'process', [b.ret(), b.fd('fd', 0, 'na'), b.flags('nstype', 1, f.cloneFlags)], {
    ...leaves,
    uses: 1,
  }),
  b.call(285, 'unshare', 'process', [b.ret(), b.flags('flags', 0, f.cloneFlags)], leaves),
  b.call(275, 'setsid', 'process', [b.ret('res', 'pid')], changes),
  b.call(295, 'setpgid', 'process', [b.ret(), b.arg('pid', 'pid', 0), b.arg('pgid', 'pid', 1)], changes),
]

const resource = (n: number) => b.choice('resource', n, f.rlimitResources, 'enumflags8')

const limits: EventDef[] = [
  b.call(141, 'getrlimit', 'process', [
    b.ret(),
    { ...b.long('cur', 'int64', 1, 0, false), ...limit },
    { ...b.long('max', 'int64', 1, 8, false), ...limit },
    resource(0),
  ]),
  b.call(
    143,
    'setrlimit',
    'process',
    [
      b.ret(),
      { ...b.long('cur', 'int64', 1, 0, true), ...limit },
      { ...b.long('max', 'int64', 1, 8, true), ...limit },
      resource(0),
    ],
    changes,
  ),
  b.call(
    145,
    'prlimit',
    'process',
    [
      b.ret(),
      b.deref('newcur', 'int64', 2, 0, 'dec', limit),
      b.deref('newmax', 'int64', 2, 8, 'dec', limit),
      b.result('oldcur', 'int64', 3, 0, 'dec', limit),
      b.result('oldmax', 'int64', 3, 8, 'dec', limit),
      b.arg('pid', 'int64', 0, 'dec', { wire: 'i32' }),
      resource(1),
    ],
    { ...changes, syscall: 'prlimit64' },
  ),
]

/** PTRACE_PEEKTEXT, PEEKDATA, PEEKUSR, POKETEXT, POKEDATA, POKEUSR, which have the same numbers in libs */
const WORD_REQUESTS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6])
/** Whether the request reads or writes a word of another program's memory or registers. */
const movesWord = (row: Row) => WORD_REQUESTS.has(row.numberOf('request') ?? 1)

const control: EventDef[] = [
  b.call(
    169,
    'ptrace',
    'process',
    [
      b.ret(),
      b.special('addr', 'dyn', 'hex', { dyn: PTRACE_VALUE }),
      b.omittedBy('buffers', b.special('data', 'dyn', 'hex', { dyn: PTRACE_VALUE }), movesWord),
      b.choice('request', 0, f.ptraceRequests, 'enumflags16'),
      b.arg('pid', 'pid', 1),
      b.added(b.cases('value', ptraceArguments, 0, 3)),
    ],
    { special: 'ptrace' },
  ),
  b.call(
    401,
    'prctl',
    'process',
    [
      b.ret(),
      b.arg('option', 'enumflags32', 0, 'dec', { flags: f.prctlOptions, names: nameIn(constants('prctl_names')) }),
      b.means('comm', b.special('arg2_str', 'charbuf')),
      b.special('arg2_int', 'int64', 'dec', {
        names: (n, row) => (n === 0 && row.numberOf('option') === PR_SET_VMA ? 'PR_SET_VMA_ANON_NAME' : undefined),
      }),
      b.added(b.cases('value', prctlArguments, 0, 1)),
      b.added(b.cases('arg3', prctlThird, 0, 1)),
      b.added(b.cases('arg4', prctlFourth, 0, 1)),
    ],
    { ...changes, task: 'comm', special: 'prctl' },
  ),
  b.call(
    353,
    'capset',
    'process',
    [
      b.ret(),
      ...['cap_inheritable', 'cap_permitted', 'cap_effective'].map((name) =>
        b.special(name, 'uint64', 'hex', { names: capabilitySet }),
      ),
    ],
    { ...changes, renews: ['creds'], special: 'capset' },
  ),
  b.call(
    299,
    'seccomp',
    'other',
    [
      b.ret(),
      b.arg('op', 'uint64', 0, 'dec', { names: (n) => caseName(seccompArguments, n) }),
      b.arg('flags', 'uint64', 1, 'hex', { names: bitsIn(constants('seccomp_flags')) }),
      b.added(b.cases('uargs', seccompArguments, 0, 1)),
    ],
    { fdsIn: 'seccomp' },
  ),
  b.call(409, 'pidfd_open', 'process', [
    b.newFd(b.ret('fd', 'fd'), 'pidfd', { cloexec: true }),
    b.arg('pid', 'pid', 0),
    b.flags('flags', 1, f.pidfdOpenFlags),
  ]),
  b.call(
    407,
    'pidfd_getfd',
    'process',
    [
      b.newFd(b.ret('fd', 'fd'), 'copy', { cloexec: true }),
      b.fd('pid_fd', 0),
      b.fd('target_fd', 1),
      b.arg('flags', 'uint32', 2, 'hex'),
    ],
    { fdsIn: 'result' },
  ),
]

const iov = (n: number, cnt: number): ParamDef => b.param('data', 'bytebuf', { op: 'iovec', n, cnt, len: 'ret' })

const vectors = (name: string, n: number) => b.added(b.struct(name, inputAt(s.list(iovec), n, { count: n + 1 })))
const memory: readonly ParamDef[] = [
  ...[b.ret('res', 'int64'), b.arg('pid', 'pid', 0), iov(1, 2)],
  ...[vectors('lvec', 1), vectors('rvec', 3), b.added(b.arg('flags', 'uint64', 5, 'hex'))],
]

const memoryOfOthers: EventDef[] = [
  b.call(421, 'process_vm_readv', 'ipc', memory),
  b.call(423, 'process_vm_writev', 'ipc', memory),
]

export const processEvents: readonly EventDef[] = [
  ...births,
  ...ends,
  ...places,
  ...limits,
  ...control,
  ...memoryOfOthers,
]
