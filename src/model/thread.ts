// A thread as the state knows it. Threads of one process share the FdTable when the kernel shares it.

import type { Container } from './container.js'
import { FdTable } from './fd-table.js'
import type { Whole } from './snapshot.js'
import { TextList } from './text-list.js'
import type { BatchNs } from './time.js'
import { fixDoubleFields } from './v8-double-fields.js'

export { FdTable }

/** Working and root directory; shared by reference between threads with CLONE_FS. */
export class FsInfo {
  /** batch time (ns) at which the kernel itself reported the working directory, -Infinity if it never did */
  listedAt = Number.NEGATIVE_INFINITY

  constructor(
    public cwd = '',
    public root = '/',
  ) {}
}

/** Most ns by which two recorded starts of one thread differ: the kernel's clock and the time of the event. */
const SAME_START = 50e6

/** Whether two recorded starts (batch time, ns) of one tid belong to the same thread. */
export function isSameStart(a: number | undefined, b: number | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Math.abs(a - b) < SAME_START)
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
  /** arguments of the command without argv[0], and the environment, one NAME=value each: see `args` and `env` */
  argv = TextList.EMPTY
  environ = TextList.EMPTY
  uid = -1
  gid = -1
  loginuid = -1
  tty = 0
  sid = -1
  pgid = -1
  vpgid = -1
  /** batch time (ns since capture start; negative before it) of the thread's start, undefined when unknown */
  startTime: BatchNs | undefined = undefined
  /** batch time (ns) of its end, for a main thread of the end of its process's last thread; undefined while running or if not recorded */
  endTime: BatchNs | undefined = undefined
  capInheritable = 0
  capPermitted = 0
  capEffective = 0
  cgroups: string[] = []
  /** the container of its cgroups, undefined on the host */
  container: Container | undefined = undefined
  fdLimit = -1
  vmSize = 0
  vmRss = 0
  vmSwap = 0
  pgftMaj = 0
  pgftMin = 0
  /** ns on a CPU since its birth, in user and kernel mode, until ranAt (batch time); undefined if not recorded */
  ranUser: number | undefined = undefined
  ranSystem: number | undefined = undefined
  ranAt = 0
  /** sum of both in the first report, for a thread that had not been reported before */
  ranFirst: number | undefined = undefined
  /** the share of these between the last two reports, and ns between them; 0: there was one report at most */
  lastUser = 0
  lastSystem = 0
  ranSpan = 0
  /** ns on a CPU according to scheduler switches, if they were captured */
  slices = 0
  exeIno: Whole = 0
  exeInoCtime = 0n
  exeInoMtime = 0n
  exeWritable = false
  exeUpperLayer = false
  exeLowerLayer = false
  /** ns since the epoch: start of the first process of the pid namespace, 0 when unknown */
  pidnsStart = 0n
  fdTable: FdTable
  fs: FsInfo
  /** number of live threads of the process (counted on the main thread) */
  nThreads = 1
  /** number of live child processes (counted on the main thread) */
  nChildren = 0
  /** the main thread of the process, itself for a main thread */
  leader: Thread
  /** parent process's main thread, undefined when unknown; always the live object of ptid when the state had one */
  parent: Thread | undefined = undefined
  exited = false
  /** created from an event of a thread that no record had announced: only its ids are known */
  placeholder = false
  /** what an export last wrote about this thread (export/columns/tuples.ts) */
  described: object | undefined = undefined
  /** which records announced its birth so far: 1 the kernel's fork, 2 the parent's clone, 4 the child's own clone */
  announced = 0

  constructor(tid: number, pid: number, fdTable: FdTable, leader?: Thread) {
    this.tid = tid
    this.pid = pid
    this.vtid = tid
    this.vpid = pid
    this.fdTable = fdTable
    this.leader = leader ?? this
    this.fs = leader === undefined ? new FsInfo() : leader.fs
  }

  get args(): string[] {
    return this.argv.items
  }
  set args(items: string[]) {
    this.argv = TextList.of(items)
  }
  get env(): string[] {
    return this.environ.items
  }
  set env(items: string[]) {
    this.environ = TextList.of(items)
  }

  /** working directory, '' if unknown; without a trailing slash except for the root */
  get cwd(): string {
    return this.fs.cwd
  }
  set cwd(path: string) {
    this.fs.cwd = path
  }
  /** root directory (chroot) */
  get root(): string {
    return this.fs.root
  }
  set root(path: string) {
    this.fs.root = path
  }
}

fixDoubleFields(
  new Thread(0, 0, new FdTable()),
  'capInheritable',
  'capPermitted',
  'capEffective',
  'fdLimit',
  'vmSize',
  'vmRss',
  'vmSwap',
  'pgftMaj',
  'pgftMin',
  'ranAt',
  'lastUser',
  'lastSystem',
  'ranSpan',
  'slices',
  'exeIno',
)
