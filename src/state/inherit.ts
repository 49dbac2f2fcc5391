// What a thread inherits: a new thread from its creator, a process from the thread that called exec.
import type { Thread } from '../model/thread.js'

/** Copies what a new thread inherits from its creator, besides what it shares by reference. */
export function inherit(t: Thread, from: Thread): void {
  t.comm = from.comm
  t.exe = from.exe
  t.exepath = from.exepath
  t.argv = from.argv
  t.environ = from.environ
  t.loginuid = from.loginuid
  t.tty = from.tty
  t.sid = from.sid
  t.pgid = from.pgid
  t.vpgid = from.vpgid
  t.cgroups = from.cgroups
  t.container = from.container
  t.fdLimit = from.fdLimit
  t.vmSize = from.vmSize
  t.vmRss = from.vmRss
  t.vmSwap = from.vmSwap
  t.exeIno = from.exeIno
  t.exeInoCtime = from.exeInoCtime
  t.exeInoMtime = from.exeInoMtime
  t.pidnsStart = from.pidnsStart
  t.exeWritable = from.exeWritable
  t.exeUpperLayer = from.exeUpperLayer
  inheritIds(t, from)
}

function inheritIds(t: Thread, from: Thread): void {
  t.uid = from.uid
  t.gid = from.gid
  t.capInheritable = from.capInheritable
  t.capPermitted = from.capPermitted
  t.capEffective = from.capEffective
}

/** A main thread continues as the thread that called exec. */
export function takeOver(leader: Thread, survivor: Thread): void {
  leader.comm = survivor.comm
  leader.fdTable = survivor.fdTable
  leader.fs = survivor.fs
  inheritIds(leader, survivor)
}
