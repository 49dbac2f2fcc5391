// The kernel side's own records of threads: what system calls do not contain, or contain too late.

import type { Thread } from '../../model/thread.js'
import { type BatchNs, batchOfBoot, bootNs } from '../../model/time.js'
import { SHARED } from '../../schema/events/internal.js'
import type { EventDef } from '../../schema/types.js'
import { BY_KERNEL, epochOfBoot } from './birth.js'
import { big, type Effect, type Effects, num, param, text } from './effect.js'

/** Start times of a snapshot may be rounded to clock ticks (10 ms): a thread that started this close to its fork record is the same. */
const SAME_START = 10_000_000

/** Whether the child of a fork that started then is in the tables already, from a snapshot that was read after its birth. */
function isFromSnapshot(known: Thread | undefined, pid: number, start: BatchNs): known is Thread {
  if (known === undefined || known.placeholder || known.exited || known.announced !== 0 || known.pid !== pid)
    return false
  const began = known.leader === known ? known.startTime : start
  return began !== undefined && Math.abs(began - start) <= SAME_START
}

function fork(def: EventDef): Effect {
  const tid = param(def, 'tid')
  const pid = param(def, 'pid')
  const vtid = param(def, 'vtid')
  const vpid = param(def, 'vpid')
  const shared = param(def, 'shared')
  const ptid = param(def, 'ptid')
  const start = param(def, 'start')
  const comm = param(def, 'comm')
  return (s, e, t) => {
    const childTid = num(e, tid)
    const childPid = num(e, pid)
    if (childTid === undefined || childPid === undefined || childTid <= 0) return
    const known = s.threads.get(childTid)
    // on a busy machine, the record is later than the start by any time: the kernel may interrupt the fork between them
    const began = num(e, start)
    const startTime = began === undefined ? e.time : batchOfBoot(s.info, bootNs(began))
    if (isFromSnapshot(known, childPid, startTime)) {
      known.announced = BY_KERNEL
      return
    }
    const bits = num(e, shared) ?? 0
    const parent = num(e, ptid)
    const child = s.table.fork(t, childTid, childPid, {
      files: (bits & SHARED.FILES) !== 0,
      fs: (bits & SHARED.FS) !== 0,
      parent: (bits & SHARED.THREAD) !== 0 || (parent ?? t.leader.pid) !== t.leader.pid,
    })
    s.table.adopt(child, parent)
    child.announced = BY_KERNEL
    child.startTime = startTime
    child.vtid = num(e, vtid) ?? childTid
    child.vpid = num(e, vpid) ?? childPid
    child.comm = text(e, comm) ?? child.comm
    child.ranUser = child.ranSystem = 0
    child.ranAt = e.time
  }
}

function pidns(def: EventDef): Effect {
  const tid = param(def, 'tid')
  const start = param(def, 'pidns_init_start_ts')
  return (s, e) => {
    const child = s.threads.get(num(e, tid) ?? -1)
    if (child !== undefined) child.pidnsStart = epochOfBoot(s, big(e, start))
  }
}

/** The thread is now its process's main thread; `oldtid` is its previous id. */
function exec(def: EventDef): Effect {
  const oldTid = param(def, 'oldtid')
  const comm = param(def, 'comm')
  return (s, e, t) => {
    const was = num(e, oldTid)
    const old = was === undefined || was === t.tid ? undefined : s.threads.get(was)
    s.table.exec(t.leader, old)
    t.leader.comm = text(e, comm) ?? t.leader.comm
    e.thread = t.leader
    s.deferred.execed(t.leader)
  }
}

/** A thread was renamed, by itself or by another thread. */
function rename(def: EventDef): Effect {
  const tid = param(def, 'tid')
  const comm = param(def, 'comm')
  return (s, e, t) => {
    const who = num(e, tid) ?? t.tid
    const target = who === t.tid ? t : s.threads.get(who)
    if (target !== undefined) target.comm = text(e, comm) ?? target.comm
  }
}

function cwd(def: EventDef): Effect {
  const dir = param(def, 'cwd')
  const root = param(def, 'root')
  return (_s, e, t) => {
    t.cwd = text(e, dir) ?? t.cwd
    t.root = text(e, root) ?? t.root
    t.fs.listedAt = e.time
  }
}

function creds(def: EventDef): Effect {
  const uid = param(def, 'euid', 'uid')
  const gid = param(def, 'egid', 'gid')
  const loginuid = param(def, 'loginuid')
  const inheritable = param(def, 'cap_inheritable')
  const permitted = param(def, 'cap_permitted')
  const effective = param(def, 'cap_effective')
  return (_s, e, t) => {
    t.uid = num(e, uid) ?? t.uid
    t.gid = num(e, gid) ?? t.gid
    t.loginuid = (num(e, loginuid) ?? t.loginuid) | 0
    t.capInheritable = num(e, inheritable) ?? t.capInheritable
    t.capPermitted = num(e, permitted) ?? t.capPermitted
    t.capEffective = num(e, effective) ?? t.capEffective
  }
}

function stack(def: EventDef): Effect {
  const number = param(def, 'stack')
  const folded = param(def, 'text')
  return (s, e) => s.stacks.add(num(e, number) ?? 0, text(e, folded) ?? '')
}

/** A process, or one thread, was moved to other cgroups. */
function cgroups(def: EventDef): Effect {
  const tid = param(def, 'tid')
  const alone = param(def, 'alone')
  const list = param(def, 'cgroups')
  return (s, e) => {
    const target = s.threads.get(num(e, tid) ?? -1)
    const to = e.list(list)
    if (target === undefined || to === undefined) return
    if (num(e, alone) === 1) s.joined(target, to)
    else for (const t of s.table.ofProcess(target)) s.joined(t, to)
  }
}

/** For the cgroup watcher only: the state itself knows cgroups by their threads. */
function cgroup(def: EventDef): Effect {
  const id = param(def, 'id')
  const gone = param(def, 'gone')
  const path = param(def, 'path')
  return (s, e) => {
    if (s.watcher === undefined) return
    const n = num(e, id) ?? 0
    if (num(e, gone) === 1) s.watcher.removed(n)
    else s.watcher.created(n, text(e, path) ?? '')
  }
}

export const internalEffects: Effects = {
  ks_fork: fork,
  ks_pidns: pidns,
  ks_exec: exec,
  ks_rename: rename,
  ks_cwd: cwd,
  ks_creds: creds,
  ks_cgroup: cgroup,
  ks_cgroups: cgroups,
  ks_stack: stack,
  ks_inflight: () => (s, e) => s.emitInFlight(e),
}
