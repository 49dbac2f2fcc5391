// A thread as the state knows it. Threads of one process share the FdTable when the kernel shares it.
import type { Fd } from './fd.js'

/** Descriptors by number; shared by reference between threads with CLONE_FILES. */
export class FdTable {
  readonly fds = new Map<number, Fd>()
}

export class Thread {
  tid: number
  pid: number
  ptid = -1
  vtid: number
  vpid: number
  comm = ''
  exe = ''
  exepath = ''
  args: string[] = []
  env: string[] = []
  cwd = ''
  root = '/'
  uid = -1
  gid = -1
  loginuid = -1
  tty = 0
  sid = -1
  pgid = -1
  vpgid = -1
  /** batch time (ns since capture start; negative before it) of the process's start, undefined when unknown */
  startTime: number | undefined = undefined
  capInheritable = 0
  capPermitted = 0
  capEffective = 0
  cgroups: string[] = []
  fdLimit = -1
  vmSize = 0
  vmRss = 0
  vmSwap = 0
  pgftMaj = 0
  pgftMin = 0
  exeIno = 0
  exeInoCtime = 0
  exeInoMtime = 0
  exeWritable = false
  exeUpperLayer = false
  fdTable: FdTable
  /** number of live threads of the process (kept on the main thread) */
  nThreads = 1
  /** the main thread of the process, itself for a main thread */
  leader: Thread
  /** parent process's thread, undefined when unknown; always the live object of ptid when the state had one */
  parent: Thread | undefined = undefined
  exited = false
  /** last descriptor number an event of this thread named (fd.num of later events without one is absent) */
  lastFd = -1

  constructor(tid: number, pid: number, fdTable: FdTable, leader?: Thread) {
    this.tid = tid
    this.pid = pid
    this.vtid = tid
    this.vpid = pid
    this.fdTable = fdTable
    this.leader = leader ?? this
  }
}
