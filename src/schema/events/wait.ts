// Time and waiting: sleeping, timers, polling.
import * as b from '../build.js'
import { filled, given } from '../cases.js'
import { bitsIn, nameIn } from '../constants/own.js'
import { clockIds, timerfdCreateFlags as timerfdFlags } from '../constants/time.js'
import { epollCreate1Flags } from '../flags/ipc.js'
import { fdFlags } from '../flags/open.js'
import * as s from '../shape.js'
import { epollEvent, pollfd } from '../structs/files.js'
import { timespec, timeval } from '../structs/time.js'
import type { EventDef, ParamDef } from '../types.js'

const fds = b.param('fds', 'fdlist', { op: 'fdlist', n: 0, cnt: 1 })

/** What poll waits for and what came, by name. */
const asks = b.added(b.struct('pollfds', given(s.list(pollfd, 0, 64), 0, { count: 1 })))

/** What became ready. */
const ready = b.added(b.struct('events', filled(s.list(epollEvent), 1, { count: 'ret' })))
/** What select waits for, kept when it begins. */
const asked = (name: string, which: 0 | 1 | 2): ParamDef =>
  b.added(b.param(name, 'struct', { op: 'kept', which }, 'na', { shape: s.set() }))
/** The descriptors that are ready, as select leaves them in argument n; as many bits as argument 0 says. */
const set = (name: string, n: number) =>
  b.added(b.struct(name, filled(s.set(), n, { count: 0, countBits: true, each: 8 })))
/** What is left of a sleep that was interrupted. */
const left = b.added(b.struct('rmtp', given(timespec, 1, { on: 'fail' })))

export const waitEvents: readonly EventDef[] = [
  b.call(135, 'nanosleep', 'sleep', [b.ret(), b.param('interval', 'reltime', { op: 'timespec', n: 0 }), left], {
    waits: true,
  }),
  b.call(137, 'timerfd_create', 'time', [
    b.newFd(b.ret('res', 'fd'), 'timerfd', { cloexec: b.cloexec('flags', fdFlags) }),
    b.arg('clockid', 'uint8', 0, 'dec', { names: nameIn(clockIds) }),
    b.arg('flags', 'uint8', 1, 'hex', { names: bitsIn(timerfdFlags) }),
  ]),
  b.call(375, 'epoll_create', 'wait', [b.newFd(b.ret(), 'eventpoll'), b.arg('size', 'int32', 0)]),
  b.call(377, 'epoll_create1', 'wait', [
    b.newFd(b.ret(), 'eventpoll', { cloexec: b.cloexec('flags', epollCreate1Flags) }),
    b.flags('flags', 0, epollCreate1Flags),
  ]),
  b.call(
    79,
    'epoll_wait',
    'wait',
    [b.ret(), b.arg('maxevents', 'errno', 2), ready, b.added(b.arg('timeout', 'int32', 3)), b.added(b.fd('epfd', 0))],
    { waits: true },
  ),
  b.call(81, 'poll', 'wait', [b.ret(), fds, b.arg('timeout', 'int64', 2, 'dec', { wire: 'i32' }), asks], {
    waits: true,
  }),
  b.call(
    255,
    'ppoll',
    'wait',
    [
      b.ret(),
      fds,
      b.param('timeout', 'reltime', { op: 'timespec', n: 2, at: 'enter' }),
      b.deref('sigmask', 'sigset', 3),
      asks,
    ],
    { waits: true },
  ),
  b.call(
    83,
    'select',
    'wait',
    [
      b.ret(),
      ...['readfds', 'writefds', 'exceptfds'].map((name, i) => set(name, i + 1)),
      b.added(b.arg('n', 'int32', 0)),
      asked('asked_readfds', 0),
      asked('asked_writefds', 1),
      asked('asked_exceptfds', 2),
      b.added(b.param('timeout', 'struct', { op: 'kept', which: 3 }, 'na', { shape: timeval })),
    ],
    { waits: true },
  ),
]
