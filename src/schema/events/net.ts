// Sockets.
import * as b from '../build.js'
import { knownOptions, optionHasData, optionShape } from '../calls/sockopt.js'
import { constants } from '../constants.js'
import * as f from '../flags/net.js'
import { fdFlags } from '../flags/open.js'
import { bitsIn } from '../names.js'
import { optionName, protocolName, socketBits, socketType } from '../socket-names.js'
import { controlMessages } from '../structs/control.js'
import type { EventDef, ParamDef } from '../types.js'

const SOL_SOCKET = 1
const SOCKOPT_VALUE = ['bytebuf/hex', 'errno/dec', 'uint32/dec', 'uint64/dec', 'reltime/dec']

const tuple = (n: number, extra: { peer?: number; msg?: boolean; dir?: 'in' | 'out' } = {}): ParamDef =>
  b.param('tuple', 'socktuple', { op: 'tuple', n, ...extra })
const address = (n: number, len: number): ParamDef => b.param('addr', 'sockaddr', { op: 'sockaddr', n, len })
const data = (p: ParamDef): ParamDef => ({ ...p, messages: true })
const msgData = (len: 'ret' | 'sum'): ParamDef => data(b.param('data', 'bytebuf', { op: 'msgdata', n: 1, len }))
const msgSize: ParamDef = b.param('size', 'uint32', { op: 'msgsize', n: 1 })
const msgControl = (fromCaller: boolean): ParamDef =>
  b.param('msgcontrol', 'bytebuf', { op: 'msgcontrol', n: 1, fromCaller }, 'na', { shape: controlMessages })
/** size and data of all the messages of one call */
const allMessages: readonly ParamDef[] = [b.special('size', 'uint32'), b.special('data', 'bytebuf')]
const size = b.arg('size', 'uint32', 2)
const vlen = b.added(b.arg('vlen', 'uint32', 2))
const flags = (n: number): ParamDef => b.added(b.flags('flags', n, constants('message_flags')))
const kind: readonly ParamDef[] = [
  b.choice('domain', 0, f.socketFamilies),
  b.arg('type', 'uint32', 1, 'dec', { names: socketType }),
  b.arg('proto', 'uint32', 2, 'dec', { names: (n, row) => protocolName(row.numberOf('domain'), n) }),
]

/** a socket's flags are in the same argument as its type */
const closedByType = b.cloexec('type', socketBits)

const queue: readonly ParamDef[] = [
  b.special('queuepct', 'uint8'),
  b.special('queuelen', 'uint32'),
  b.special('queuemax', 'uint32'),
]

/** libs has no parameters for these calls */
const named: readonly ParamDef[] = [
  b.ret(),
  b.fd('fd', 0),
  b.param('addr', 'sockaddr', { op: 'sockaddr', n: 1, lenptr: 2 }),
].map(b.added)

const connections: EventDef[] = [
  b.call(19, 'socket', 'net', [
    b.newFd(b.ret('fd', 'fd'), 'socket', { cloexec: closedByType }),
    ...kind,
    b.flags('flags', 1, fdFlags),
  ]),
  b.call(
    43,
    'socketpair',
    'ipc',
    [
      b.ret(),
      b.newFd(b.result('fd1', 'fd', 3), 'unix', { cloexec: closedByType }),
      b.newFd(b.result('fd2', 'fd', 3, 4), 'unix', { cloexec: closedByType }),
      b.special('source', 'uint64', 'hex'),
      b.special('peer', 'uint64', 'hex'),
      ...kind,
    ],
    { special: 'socketpair' },
  ),
  b.call(21, 'bind', 'net', [b.ret(), address(1, 2), b.fd('fd', 0)], { uses: 2, socket: 'describes', state: true }),
  b.call(23, 'connect', 'net', [b.ret(), tuple(0, { peer: 1 }), b.fd('fd', 0), address(1, 2)], {
    uses: 2,
    socket: 'connects',
    state: true,
  }),
  b.call(25, 'listen', 'net', [b.ret(), b.fd('fd', 0), b.arg('backlog', 'int32', 1)], {
    uses: 1,
    socket: 'describes',
    state: true,
  }),
  b.call(247, 'accept', 'net', [b.newFd(b.ret('fd', 'fd'), 'socket'), tuple(-1), ...queue], { special: 'accept' }),
  b.call(
    389,
    'accept4',
    'net',
    [
      b.newFd(b.ret('fd', 'fd'), 'socket', { cloexec: b.cloexec('flags', fdFlags) }),
      tuple(-1),
      ...queue,
      b.arg('flags', 'int32', 3, 'hex', { flags: fdFlags, names: bitsIn(socketBits) }),
    ],
    { special: 'accept' },
  ),
  b.call(37, 'shutdown', 'net', [b.ret(), b.fd('fd', 0), b.choice('how', 1, f.shutdownHow, 'enumflags8', 'hex')], {
    uses: 1,
    state: true,
  }),
  b.call(39, 'getsockname', 'net', named, { uses: 1 }),
  b.call(41, 'getpeername', 'net', named, { uses: 1 }),
]

const transfers: EventDef[] = [
  b.call(29, 'send', 'io_write', [b.ret(), data(b.dataOut('data', 1, 2)), b.fd('fd', 0), size, tuple(0), flags(3)], {
    uses: 2,
    socket: 'describes',
  }),
  b.call(
    31,
    'sendto',
    'io_write',
    [b.ret(), data(b.dataOut('data', 1, 2)), b.fd('fd', 0), size, tuple(0, { peer: 4, dir: 'out' }), flags(3)],
    { uses: 2, socket: 'describes' },
  ),
  b.call(33, 'recv', 'io_read', [b.ret(), data(b.dataIn('data', 1)), b.fd('fd', 0), size, tuple(0), flags(3)], {
    uses: 2,
    socket: 'describes',
  }),
  b.call(
    35,
    'recvfrom',
    'io_read',
    [b.ret(), data(b.dataIn('data', 1)), tuple(0, { peer: 4, dir: 'in' }), b.fd('fd', 0), size, flags(3)],
    { uses: 3, socket: 'describes' },
  ),
  b.call(
    49,
    'sendmsg',
    'io_write',
    [
      b.ret(),
      msgData('sum'),
      b.fd('fd', 0),
      msgSize,
      tuple(0, { peer: 1, msg: true, dir: 'out' }),
      flags(2),
      b.added(msgControl(true)),
    ],
    { uses: 2, socket: 'describes' },
  ),
  b.call(
    51,
    'sendmmsg',
    'io_write',
    [b.ret(), b.fd('fd', 0), ...allMessages, tuple(0, { peer: 1, msg: true, dir: 'out' }), vlen, flags(3)],
    { uses: 1, socket: 'describes', special: 'sendmmsg' },
  ),
  b.call(
    53,
    'recvmsg',
    'io_read',
    [
      b.ret(),
      msgSize,
      msgData('ret'),
      tuple(0, { peer: 1, msg: true, dir: 'in' }),
      msgControl(false),
      b.fd('fd', 0),
      flags(2),
    ],
    { uses: 5, socket: 'describes', fdsIn: 'message' },
  ),
  b.call(
    55,
    'recvmmsg',
    'io_read',
    [
      b.ret(),
      b.fd('fd', 0),
      ...allMessages,
      tuple(0, { peer: 1, msg: true, dir: 'in' }),
      msgControl(false),
      vlen,
      flags(3),
    ],
    { uses: 1, socket: 'describes', fdsIn: 'messages', special: 'recvmmsg' },
  ),
]

/** libs names the options of the socket level only: a live capture names those of other levels too. */
const option = (sets: boolean): readonly ParamDef[] => [
  b.ret(),
  b.fd('fd', 0),
  b.choice('level', 1, f.sockoptLevels, 'enumflags8'),
  b.arg('optname', 'enumflags8', 2, 'dec', {
    flags: f.sockoptOptions,
    onlyIf: { param: 2, is: SOL_SOCKET },
    names: (n, row) => optionName(row.numberOf('level'), n, sets),
  }),
  b.omittedBy(
    'buffers',
    b.param('val', 'dyn', { op: 'special', table: knownOptions }, 'dec', {
      dyn: SOCKOPT_VALUE,
      shapeOf: (row) => optionShape(row.numberOf('level'), row.numberOf('optname'), row.numberOf('optlen')),
    }),
    optionHasData,
  ),
]

const options: EventDef[] = [
  b.call(45, 'setsockopt', 'net', [...option(true), b.arg('optlen', 'uint32', 4)], { uses: 1, special: 'sockopt' }),
  b.call(47, 'getsockopt', 'net', [...option(false), b.deref('optlen', 'uint32', 4)], {
    uses: 1,
    socket: 'describes',
    special: 'sockopt',
  }),
]

export const netEvents: readonly EventDef[] = [...connections, ...transfers, ...options]
