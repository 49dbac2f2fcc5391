// Calls whose result is a descriptor without a path: pipes, timers, polls, memory, bpf ...
import type { Event } from '../../model/event.js'
import type { FdType } from '../../model/snapshot.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf } from '../bits.js'
import { create, type Effect, type EffectMaker, type Effects, num, param, text, use, whole } from './effect.js'

/** When such a descriptor is closed on exec. */
type CloexecRule = (flags: number, e: Event) => boolean
const always: CloexecRule = () => true
const never: CloexecRule = () => false
const byOpenFlag: CloexecRule = (flags, e) => (flags & bitsOf(e.batch).O_CLOEXEC) !== 0
const byEpollFlag: CloexecRule = (flags, e) => (flags & bitsOf(e.batch).EPOLL_CLOEXEC) !== 0
const byBit =
  (bit: number): CloexecRule =>
  (flags) =>
    (flags & bit) !== 0

/** The result is a new descriptor; `flagName` is the parameter that `rule` looks at. */
function make(type: FdType, rule: CloexecRule, flagName = 'flags'): EffectMaker {
  return (def) => {
    const flags = param(def, flagName)
    return (_s, e, t) => {
      create(e, t, e.ret, type, '', rule(num(e, flags) ?? 0, e))
    }
  }
}

/** Calls that libs has no event for: only a recorded result says which descriptor they made. */
function makeGeneric(rule: CloexecRule, flagName = 'flags'): EffectMaker {
  return (def) => {
    const effect = make('other', rule, flagName)(def)
    return (s, e, t) => {
      if (e.batch.native) effect(s, e, t)
    }
  }
}

/** With flags the call answers a question, and its result is no descriptor. */
function ruleset(def: EventDef): Effect {
  const effect = makeGeneric(always)(def)
  const flags = param(def, 'flags')
  return (s, e, t) => {
    if (num(e, flags) === 0) effect(s, e, t)
  }
}

function memfd(def: EventDef): Effect {
  const name = param(def, 'name')
  const flags = param(def, 'flags')
  const MFD_CLOEXEC = 1
  return (_s, e, t) => {
    create(e, t, e.ret, 'memfd', text(e, name) ?? '', ((num(e, flags) ?? 0) & MFD_CLOEXEC) !== 0)
  }
}

/** An existing signalfd may be given, to change its mask. */
function signalfd(def: EventDef): Effect {
  const given = param(def, 'fd')
  const flags = param(def, 'flags')
  return (_s, e, t) => {
    if (num(e, given) === e.ret && t.fdTable.fds.get(e.ret)?.type === 'signalfd') use(e, t, e.ret)
    else create(e, t, e.ret, 'signalfd', '', byOpenFlag(num(e, flags) ?? 0, e))
  }
}

/** bpf commands (the same numbers in libs) whose result is a descriptor. */
const BPF_MAKES_FD = new Set([0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33, 36])

function bpf(def: EventDef): Effect {
  const cmd = param(def, 'cmd')
  return (_s, e, t) => {
    if (BPF_MAKES_FD.has(num(e, cmd) ?? -1)) create(e, t, e.ret, 'bpf', '', true)
  }
}

function pipe(def: EventDef): Effect {
  const fd1 = param(def, 'fd1')
  const fd2 = param(def, 'fd2')
  const ino = param(def, 'ino')
  const flags = param(def, 'flags')
  return (_s, e, t) => {
    const a = num(e, fd1)
    const b = num(e, fd2)
    if (a === undefined || b === undefined || a < 0 || b < 0) return
    const cloexec = byOpenFlag(num(e, flags) ?? 0, e)
    const inode = whole(e, ino)
    create(e, t, a, 'pipe', '', cloexec).ino = inode
    create(e, t, b, 'pipe', '', cloexec).ino = inode
  }
}

/** The kernel reports the copied file itself (ks_fd) where it can; then that is the descriptor. */
function pidfdGetfd(): Effect {
  return (_s, e, t) => {
    if (use(e, t, e.ret) === undefined) {
      const told = t.fdTable.fds.get(e.ret)
      if (told === undefined) create(e, t, e.ret, 'other', '', true)
      else e.fd = told
    }
  }
}

export const madeEffects: Effects = {
  pipe,
  pipe2: pipe,
  eventfd: make('event', byOpenFlag),
  eventfd2: make('event', byOpenFlag),
  signalfd,
  signalfd4: signalfd,
  timerfd_create: make('timerfd', byOpenFlag),
  inotify_init: make('inotify', never),
  inotify_init1: make('inotify', byOpenFlag),
  epoll_create: make('eventpoll', never),
  epoll_create1: make('eventpoll', byEpollFlag),
  memfd_create: memfd,
  pidfd_open: make('pidfd', always),
  pidfd_getfd: pidfdGetfd,
  userfaultfd: make('userfaultfd', byOpenFlag),
  io_uring_setup: make('io_uring', always),
  bpf,
  fanotify_init: makeGeneric(byBit(1)),
  perf_event_open: makeGeneric(byBit(8)),
  fsopen: makeGeneric(byBit(1)),
  fspick: makeGeneric(byBit(1)),
  fsmount: makeGeneric(byBit(1)),
  open_tree: makeGeneric(byOpenFlag),
  open_tree_attr: makeGeneric(byOpenFlag),
  landlock_create_ruleset: ruleset,
  memfd_secret: makeGeneric(byOpenFlag),
  mq_open: makeGeneric(always),
}
