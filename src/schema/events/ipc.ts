// Pipes, event descriptors, futexes, semaphores, keys.
import * as b from '../build.js'
import { keyctlArguments, keyrings } from '../calls/keyctl.js'
import { caseTable, inputAt, itself, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import * as f from '../flags/ipc.js'
import { fdFlags, fdFlagsAnd } from '../flags/open.js'
import { keyctlOperations } from '../flags/process.js'
import { namesAndMode } from '../names.js'
import * as s from '../shape.js'
import { sembuf as sembufShape, semid, seminfo } from '../structs/ipc.js'
import { timespec } from '../structs/time.js'
import type { EventDef, ParamDef } from '../types.js'

const KEYCTL_VALUE = ['int64/dec', 'charbuf/na']

const closedByFlags = { cloexec: b.cloexec('flags', fdFlags) }

const pipeEnds = (more: Parameters<typeof b.newFd>[2] = {}): readonly ParamDef[] => [
  b.ret(),
  b.newFd(b.result('fd1', 'fd', 0), 'pipe', more),
  b.newFd(b.result('fd2', 'fd', 0, 4), 'pipe', more),
  b.param('ino', 'uint64', { op: 'ino', n: 0, deref: true }),
]

const sembuf = (i: 0 | 1): readonly ParamDef[] => [
  b.special(`sem_num_${i}`, 'uint16', 'dec', { wire: 'u16' }),
  b.special(`sem_op_${i}`, 'int16', 'dec', { wire: 'i16' }),
  b.special(`sem_flg_${i}`, 'flags16', 'hex', { wire: 'u16', flags: f.semopFlags }),
]

const operations = b.added(b.struct('tsops', inputAt(s.list(sembufShape), 1, { count: 2 })))

const keyArg = (n: number) => b.special(`arg${n}`, 'dyn', 'dec', { dyn: KEYCTL_VALUE })

/** The bits of futex's operation other than its flags. */
const OPERATION = { mask: 0x7f }
const futexTimeouts = caseTable(
  'futex_timeouts',
  [0, 6, 9, 11, 13].map((op) => [`${op}`, op, inputAt(timespec, 3)] as const),
  OPERATION,
)
const futexSeconds = caseTable(
  'futex_seconds',
  [3, 4, 5, 11, 12].map((op) => [`${op}`, op, itself(s.x64, 4)] as const),
  OPERATION,
)

/** semctl's fourth argument, by command (linux/sem.h). */
const semctlArguments = caseTable('semctl_arguments', [
  ['IPC_RMID', 0],
  ['IPC_SET', 1, inputAt(semid, 3)],
  ['IPC_STAT', 2, outputAt(semid, 3)],
  ['IPC_INFO', 3, outputAt(seminfo, 3)],
  ['SETVAL', 16, itself(s.like(s.u64, { kind: 'int32' }), 3)],
  ['GETALL', 13, itself(s.pointer, 3)],
  ['SETALL', 17, itself(s.pointer, 3)],
  ['SEM_STAT', 18, outputAt(semid, 3)],
  ['SEM_INFO', 19, outputAt(seminfo, 3)],
  ['SEM_STAT_ANY', 20, outputAt(semid, 3)],
])

const eventfdFlags = fdFlagsAnd(constants('eventfd_more'))

export const ipcEvents: readonly EventDef[] = [
  b.call(61, 'pipe', 'ipc', pipeEnds()),
  b.call(393, 'pipe2', 'ipc', [...pipeEnds(closedByFlags), b.flags('flags', 1, fdFlags)]),
  b.call(63, 'eventfd', 'ipc', [
    b.newFd(b.ret('res', 'fd'), 'event', closedByFlags),
    b.arg('initval', 'uint64', 0, 'dec', { wire: 'u32' }),
    b.special('flags', 'uint32', 'hex'),
  ]),
  b.call(397, 'eventfd2', 'ipc', [
    b.newFd(b.ret('res', 'fd'), 'event', closedByFlags),
    b.flags('flags', 1, eventfdFlags, 'flags16'),
    b.arg('initval', 'uint64', 0, 'dec', { wire: 'u32' }),
  ]),
  b.call(139, 'inotify_init', 'ipc', [b.newFd(b.ret('res', 'fd'), 'inotify'), b.special('flags', 'uint8', 'hex')]),
  b.call(395, 'inotify_init1', 'ipc', [
    b.newFd(b.ret('res', 'fd'), 'inotify', closedByFlags),
    b.flags('flags', 0, fdFlags, 'flags16'),
  ]),
  b.call(65, 'futex', 'ipc', [
    b.ret(),
    b.arg('addr', 'uint64', 0, 'hex'),
    b.flags('op', 1, f.futexOperations, 'flags16'),
    b.arg('val', 'uint64', 2, 'dec', { wire: 'u32' }),
    b.added(b.cases('timeout', futexTimeouts, 1, 2)),
    b.added(b.cases('uaddr2', futexSeconds, 1, 2)),
  ]),
  b.call(
    251,
    'semop',
    'process',
    [b.ret(), b.arg('nsops', 'uint32', 2), ...sembuf(0), ...sembuf(1), b.arg('semid', 'int32', 0), operations],
    { special: 'semop' },
  ),
  b.call(253, 'semctl', 'process', [
    b.ret(),
    b.arg('semid', 'int32', 0),
    b.arg('semnum', 'int32', 1),
    b.flags('cmd', 2, f.semctlCommands, 'flags16'),
    b.arg('val', 'int32', 3),
    b.added(b.cases('arg', semctlArguments, 2, 3)),
  ]),
  b.call(263, 'semget', 'process', [
    b.ret(),
    b.arg('key', 'int32', 0, 'hex', { names: (n) => (n === 0 ? 'IPC_PRIVATE' : undefined) }),
    b.arg('nsems', 'int32', 1),
    b.arg('semflg', 'flags32', 2, 'hex', { flags: f.semgetFlags, names: namesAndMode(constants('ipc_get_flags')) }),
  ]),
  b.call(
    453,
    'keyctl',
    'other',
    [
      ...[b.ret(), b.choice('operation', 0, keyctlOperations), keyArg(2), keyArg(3), keyArg(4), keyArg(5)],
      b.added(b.cases('key', keyrings, 0, 1)),
      b.added(b.cases('value', keyctlArguments, 0, 1)),
    ],
    { special: 'keyctl' },
  ),
]
