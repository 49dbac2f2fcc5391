// clone, fork, vfork, clone3: the rows of both sides. Live, the kernel's own fork record came first and they only add what it
// does not contain; in files of other tools they create the thread.

import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import { startOf } from '../../model/time.js'
import { TRUNCATED } from '../../model/truncation.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf } from '../flag-bits.js'
import type { StateTables } from '../tables.js'
import type { Sharing } from '../threads.js'
import { big, type Effect, type Effects, num, param, text, texts } from './effect.js'
import { readUsage } from './identity.js'

/** libs' mark on the parent's row: the result is not a global tid */
const CHILD_IN_PIDNS = 1 << 29
/** Bits of Thread.announced. */
export const BY_KERNEL = 1
const BY_PARENT = 2
const BY_CHILD = 4

function clone(def: EventDef): Effect {
  const read = readIdentity(def)
  const command = readCommand(def)
  const describeCaller = readCaller(def, read)
  const flags = param(def, 'flags')
  return (s, e, t) => {
    const bits = num(e, flags) ?? 0
    if (e.ret !== 0) {
      describeCaller(s, e, t)
      parentRow(s, e, t, bits, command)
      return
    }
    const child = childRow(s, e, t, bits, def)
    read(s, e, child)
    s.table.describeMain(child)
    e.thread = child
  }
}

/**
 * Reads from the parent's row what it contains of the parent itself: everything if no record had announced the parent, else its
 * ids in its namespace.
 */
function readCaller(
  def: EventDef,
  read: ReturnType<typeof readIdentity>,
): (s: StateTables, e: Event, t: Thread) => void {
  const tid = param(def, 'tid')
  const pid = param(def, 'pid')
  const ptid = param(def, 'ptid')
  const vtid = param(def, 'vtid')
  const vpid = param(def, 'vpid')
  return (s, e, t) => {
    if ((num(e, tid) ?? t.tid) !== t.tid) return
    if (t.placeholder) {
      const process = num(e, pid) ?? 0
      if (process > 0) s.table.join(t, process)
      read(s, e, t)
      s.table.adopt(t, num(e, ptid))
      s.table.describeMain(t)
      e.thread = t
    } else if (t.vtid < 0 || t.vtid === t.tid) {
      t.vtid = num(e, vtid) ?? t.vtid
      t.vpid = num(e, vpid) ?? t.vpid
    }
  }
}

function sharing(e: Event, flags: number): Sharing {
  const bits = bitsOf(e.batch)
  const thread = (flags & bits.CLONE_THREAD) !== 0
  return {
    files: (flags & bits.CLONE_FILES) !== 0,
    fs: (flags & bits.CLONE_FS) !== 0,
    parent: thread || (flags & bits.CLONE_PARENT) !== 0,
  }
}

function parentRow(s: StateTables, e: Event, t: Thread, flags: number, command: Read): void {
  const tid = e.ret
  const inNamespace = t.vtid !== t.tid || (!e.batch.native && (flags & CHILD_IN_PIDNS) !== 0)
  if (inNamespace) return
  let child = s.threads.get(tid) ?? endedBefore(s, tid)
  const known = child !== undefined && (child.announced & (BY_KERNEL | BY_CHILD)) !== 0
  if (child === undefined || !known || child.announced & BY_PARENT) {
    const pid = flags & bitsOf(e.batch).CLONE_THREAD ? t.pid : tid
    child = s.table.fork(t, tid, pid, sharing(e, flags))
    child.announced = 0
    child.startTime = e.time
    command(e, child)
  }
  child.announced |= BY_PARENT
}

/** Finds a child that ended before its parent's call returned (vfork waits for the child, others race), so that it is not created again. */
function endedBefore(s: StateTables, tid: number): Thread | undefined {
  const child = s.table.lastExited(tid)
  const awaited = child !== undefined && child.announced !== 0 && (child.announced & BY_PARENT) === 0
  return awaited ? child : undefined
}

function childRow(s: StateTables, e: Event, t: Thread, flags: number, def: EventDef): Thread {
  if (!t.exited && (t.announced & (BY_KERNEL | BY_PARENT)) !== 0 && (t.announced & BY_CHILD) === 0) {
    t.announced |= BY_CHILD
    return t
  }
  const tid = e.tid
  const thread = (flags & bitsOf(e.batch).CLONE_THREAD) !== 0
  const pid = (thread ? num(e, param(def, 'pid')) : tid) ?? tid
  const ptid = num(e, param(def, 'ptid'))
  const maker = thread && pid > 0 ? s.table.mainOf(pid) : ptid === undefined ? undefined : s.threads.get(ptid)
  if (maker === undefined || maker === t) {
    t.announced |= BY_CHILD
    s.table.adopt(t, ptid)
    return t
  }
  const child = s.table.fork(maker, tid, pid, sharing(e, flags))
  child.announced = BY_CHILD
  child.startTime = e.time
  s.table.adopt(child, ptid)
  return child
}

type Read = (e: Event, t: Thread) => void

/** Copies the command line, which a process may have changed since its exec. */
function readCommand(def: EventDef): Read {
  const exe = param(def, 'exe')
  const args = param(def, 'args')
  return (e, t) => {
    const name = text(e, exe)
    if (name === undefined) return
    t.exe = name
    // without arguments the parameter is empty, which some files store as absent
    t.argv = texts(e, args, TRUNCATED.ARGS)
  }
}

/** Copies the caller's identity from a clone or exec row. */
export function readIdentity(def: EventDef): (s: StateTables, e: Event, t: Thread) => void {
  const usage = readUsage(def)
  const command = readCommand(def)
  const comm = param(def, 'comm')
  const cgroups = param(def, 'cgroups')
  const cwd = param(def, 'cwd')
  const fdLimit = param(def, 'fdlimit')
  const uid = param(def, 'uid')
  const gid = param(def, 'gid')
  const vtid = param(def, 'vtid')
  const vpid = param(def, 'vpid')
  const pidns = param(def, 'pidns_init_start_ts')
  return (s, e, t) => {
    usage(e, t)
    command(e, t)
    t.comm = text(e, comm) ?? t.comm
    const dir = text(e, cwd)
    if (dir !== undefined && dir.charCodeAt(0) === 47 && t.fs.listedAt < e.time)
      t.cwd = dir.length > 1 && dir.endsWith('/') ? dir.slice(0, -1) : dir
    t.fdLimit = num(e, fdLimit) ?? t.fdLimit
    t.uid = num(e, uid) ?? t.uid
    t.gid = num(e, gid) ?? t.gid
    t.vtid = num(e, vtid) ?? t.vtid
    t.vpid = num(e, vpid) ?? t.vpid
    if (pidns >= 0 && e.has(pidns)) t.pidnsStart = epochOfBoot(s, big(e, pidns))
    const groups = text(e, cgroups)
    if (groups !== undefined) {
      const list = s.containers.listOf(groups)
      s.joined(t, list, list === t.cgroups)
    }
    t.placeholder = false
  }
}

/** Converts ns since boot (CLOCK_BOOTTIME) to ns since the epoch; 0 if the capture has no boot time. */
export function epochOfBoot(s: StateTables, ns: bigint): bigint {
  const { startBoot } = s.info
  return ns === 0n || startBoot <= 0 ? 0n : startOf(s.info) - BigInt(Math.round(startBoot)) + ns
}

export const birthEffects: Effects = { clone, clone3: clone, fork: clone, vfork: clone }
