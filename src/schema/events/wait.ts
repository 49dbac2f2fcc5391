// Time and waiting: sleeping, timers, polling.
import * as b from '../build.js'
import { inputAt, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import { epollCreate1Flags } from '../flags/ipc.js'
import { fdFlags } from '../flags/open.js'
import { bitsIn, nameIn } from '../names.js'
import * as s from '../shape.js'
import { epollEvent, pollfd } from '../structs/files.js'
import { timespec, timeval } from '../structs/time.js'
import type { EventDef, ParamDef } from '../types.js'

const fds = b.param('fds', 'fdlist', { op: 'fdlist', n: 0, cnt: 1 })

/** What poll waits for and the events it returned, by name. */
const pollfds = b.added(b.struct('pollfds', inputAt(s.list(pollfd, 0, 64), 0, { count: 1 })))

/** The ready descriptors. */
const ready = b.added(b.struct('events', outputAt(s.list(epollEvent), 1, { count: 'ret' })))
/** The sets that select waits for, saved at enter. */
const requestedSet = (name: string, which: 0 | 1 | 2): ParamDef =>
  b.added(b.param(name, 'struct', { op: 'kept', which }, 'na', { shape: s.set() }))
/** The ready descriptors, as select returns them at argument n; as many bits as argument 0 specifies. */
const set = (name: string, n: number) =>
  b.added(b.struct(name, outputAt(s.set(), n, { count: 0, countBits: true, each: 8 })))
/** The remaining time of an interrupted sleep. */
const remaining = b.added(b.struct('rmtp', inputAt(timespec, 1, { on: 'fail' })))

export const waitEvents: readonly EventDef[] = [
  b.call(135, 'nanosleep', 'sleep', [b.ret(), b.param('interval', 'reltime', { op: 'timespec', n: 0 }), remaining], {
    waits: true,
  }),
  b.call(137, 'timerfd_create', 'time', [
    b.newFd(b.ret('res', 'fd'), 'timerfd', { cloexec: b.cloexec('flags', fdFlags) }),
    b.arg('clockid', 'uint8', 0, 'dec', { names: nameIn(constants('clock_ids')) }),
    b.arg('flags', 'uint8', 1, 'hex', { names: bitsIn(constants('timerfd_create_flags')) }),
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
  b.call(81, 'poll', 'wait', [b.ret(), fds, b.arg('timeout', 'int64', 2, 'dec', { wire: 'i32' }), pollfds], {
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
      pollfds,
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
      requestedSet('asked_readfds', 0),
      requestedSet('asked_writefds', 1),
      requestedSet('asked_exceptfds', 2),
      b.added(b.param('timeout', 'struct', { op: 'kept', which: 3 }, 'na', { shape: timeval })),
    ],
    { waits: true },
  ),
]
