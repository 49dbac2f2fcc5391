// Births and exits: which threads exist, what they share, and their parents.
import type { Fd } from '../model/fd.js'
import { FdTable, FsInfo, Thread } from '../model/thread.js'
import type { Capacity } from './capacity.js'
import { inherit, takeOver } from './inherit.js'
import { ThreadMap } from './thread-map.js'

/** Exited threads that are retained: a last switch, a late row and a child's lookup of its parent still find them. */
export const MOST_EXITED = 1024

/** Size of the cache of recent events' threads, by the low bits of their ids; a power of two. */
const RECENT = 64

/** What a new thread shares with its creator. */
export interface Sharing {
  files: boolean
  fs: boolean
  /** CLONE_PARENT: the parent is the creator's parent */
  parent: boolean
}

export class Threads {
  readonly map = new ThreadMap()
  /** used for events without a thread (idle task, records without one) */
  readonly noThread = new Thread(-1, -1, new FdTable())
  /** the thread of the last event */
  last = this.noThread
  /** cache of find(); a thread that is removed from the tables or replaced there must be removed here, too */
  private readonly recent = new Array<Thread>(RECENT).fill(this.noThread)
  private readonly exitedByTid = new Map<number, Thread>()
  /** the exited threads in a circle: the next one replaces the oldest */
  private readonly exitedInOrder: Thread[] = []
  private nextExited = 0
  /** number of threads that have ended */
  exits = 0

  constructor(readonly capacity: Capacity) {}

  /** The thread of an event: known, recently exited, or a placeholder with its ids. */
  find(tid: number, pid: number): Thread {
    if (tid <= 0) return this.noThread
    const slot = tid & (RECENT - 1)
    const recent = this.recent[slot] as Thread
    if (recent.tid === tid) this.last = recent
    else {
      this.last = this.map.get(tid) ?? this.exitedByTid.get(tid) ?? this.place(tid, pid)
      this.recent[slot] = this.last
    }
    return this.last
  }

  /** Removes the cache entry of this id. */
  private forget(tid: number): void {
    if (this.last.tid === tid) this.last = this.noThread
    this.recent[tid & (RECENT - 1)] = this.noThread
  }

  private forgetAll(): void {
    this.last = this.noThread
    this.recent.fill(this.noThread)
  }

  /** Adds a placeholder for a thread that no record announced, with what is known of its process. */
  place(tid: number, pid: number): Thread {
    const leader = pid <= 0 || pid === tid ? undefined : this.mainOf(pid)
    const t = new Thread(tid, leader === undefined ? tid : pid, leader?.fdTable ?? new FdTable(), leader)
    t.placeholder = true
    if (leader !== undefined) inherit(t, leader)
    this.put(t)
    return t
  }

  /** The main thread of a process; a placeholder if it was not announced. */
  mainOf(pid: number): Thread {
    return (this.map.get(pid) ?? this.place(pid, pid)).leader
  }

  /** Moves a thread that was taken for a process of its own to this process. */
  join(t: Thread, pid: number): void {
    const leader = this.mainOf(pid)
    if (leader === t || t.leader !== t || t.nThreads > 1) return
    this.unlink(t)
    if (t.nChildren > 0) this.handOver(t, leader)
    const own = t.fdTable
    t.pid = leader.pid
    t.leader = leader
    t.parent = leader.parent
    t.ptid = leader.ptid
    t.fdTable = leader.fdTable
    t.fs = leader.fs
    for (const fd of own.copy().fds.values()) this.putFd(t, fd)
    leader.nThreads++
  }

  /** Sets the parent of a process whose parent was unknown; its pid alone if no record announced the parent. */
  adopt(t: Thread, ptid: number | undefined): void {
    if (t.parent !== undefined || ptid === undefined || ptid <= 0) return
    const parent = this.map.get(ptid)?.leader
    if (parent === undefined && t.ptid < 0) t.ptid = ptid
    if (parent === undefined || parent === t.leader) return
    t.ptid = parent.pid
    t.parent = parent
    if (t.leader === t) parent.nChildren++
  }

  /** Completes the placeholder of a main thread from one of its threads, with what all threads of a process share, and this name. */
  describeMain(t: Thread, comm = t.comm): void {
    const { leader } = t
    if (leader === t || !leader.placeholder) return
    const { vmSize, vmRss, vmSwap } = leader
    inherit(leader, t)
    if (vmSize > 0) {
      leader.vmSize = vmSize
      leader.vmRss = vmRss
      leader.vmSwap = vmSwap
    }
    leader.comm = comm
    leader.vtid = leader.vpid = t.vpid
    leader.ptid = t.ptid
    this.adopt(leader, t.ptid)
    leader.placeholder = false
  }

  /**
   * Adds a thread created by `maker`; in the maker's process if pid says so. A placeholder of that tid becomes it; an older
   * thread of that tid must have exited unseen.
   */
  fork(maker: Thread, tid: number, pid: number, share: Sharing): Thread {
    let t = this.map.get(tid)
    let own: FdTable | undefined
    if (t?.placeholder) {
      own = t.fdTable
      this.unlink(t)
      this.map.delete(tid)
      t.pid = pid
      t.placeholder = false
    } else {
      if (t !== undefined) this.exit(t, 0)
      t = new Thread(tid, pid, maker.fdTable)
    }
    const sameProcess = pid === maker.pid
    t.leader = pid === tid ? t : sameProcess ? maker.leader : this.mainOf(pid)
    t.parent = sameProcess || share.parent ? maker.leader.parent : maker.leader
    t.ptid = sameProcess || share.parent ? maker.leader.ptid : maker.pid
    inherit(t, maker)
    t.fdTable = share.files ? maker.fdTable : maker.fdTable.copy()
    t.fs = share.fs ? maker.fs : new FsInfo(maker.cwd, maker.root)
    if (own !== undefined && own !== t.fdTable && own !== maker.fdTable)
      for (const fd of own.copy().fds.values()) this.putFd(t, fd)
    this.put(t)
    return t
  }

  /** Puts a descriptor at its number in the thread's table (FdTable.put). One that does not fit is counted as lost. */
  putFd({ fdTable }: Thread, fd: Fd): void {
    if (fdTable.fds.size >= this.capacity.descriptors && !fdTable.fds.has(fd.num)) this.capacity.lost++
    else fdTable.put(fd)
  }

  /** Adds a thread whose leader and parent are set. */
  put(t: Thread): void {
    if (this.map.size >= this.capacity.threads) this.dropOldest()
    this.exitedByTid.delete(t.tid)
    this.map.set(t.tid, t)
    this.forget(t.tid)
    if (t.leader !== t) t.leader.nThreads++
    else if (t.parent !== undefined) t.parent.nChildren++
  }

  /**
   * A thread exits. The main thread stays in the table while others of its process run; with the last one the children go to
   * `reaper` (a tid, 0 if unknown), else to init.
   */
  exit(t: Thread, reaper: number): void {
    if (t.exited) return
    t.exited = true
    const leader = t.leader
    leader.nThreads--
    if (t !== leader) this.retire(t)
    if (leader.nThreads > 0) return
    leader.exited = true
    if (leader.parent !== undefined) leader.parent.nChildren--
    // those that are created later would not find their parent
    this.map.createChildren(leader.pid)
    this.retire(leader)
    if (leader.nChildren > 0) this.orphan(leader, reaper)
  }

  /**
   * A process replaced its program: `t`, now its main thread, is the only one left. `old` is the thread that called exec if it
   * was another one: its descriptors, directories and credentials are taken over.
   */
  exec(t: Thread, old: Thread | undefined): void {
    const leader = t.leader
    if (leader.nThreads > (leader.exited ? 0 : 1) || leader !== t) this.endOthers(leader, old)
    leader.nThreads = 1
    if (leader.exited) {
      leader.exited = false
      if (this.map.get(leader.tid) !== leader) this.put(leader)
    }
    this.forgetAll()
  }

  /** Threads of t's process, including t. */
  ofProcess(t: Thread): Thread[] {
    if (t.leader.nThreads <= 1 && t === t.leader) return [t]
    const out: Thread[] = []
    for (const x of this.map.created()) if (x.leader === t.leader) out.push(x)
    return out
  }

  /** The most recently exited thread with that id, if it is still retained. */
  lastExited(tid: number): Thread | undefined {
    return this.exitedByTid.get(tid)
  }

  /** The exited threads that are still retained. */
  exited(): Iterable<Thread> {
    return this.exitedByTid.values()
  }

  /** Removes all threads. Returns those that were created and had not exited, by tid. */
  clear(): Map<number, Thread> {
    const removed = new Map(Array.from(this.map.created(), (t) => [t.tid, t]))
    this.map.clear()
    this.dropExited()
    return removed
  }

  /** Drops the exited threads. */
  dropExited(): void {
    this.exitedByTid.clear()
    this.exitedInOrder.length = 0
    this.nextExited = 0
    this.forgetAll()
  }

  private unlink(t: Thread): void {
    if (t.leader !== t) t.leader.nThreads--
    else if (t.parent !== undefined) t.parent.nChildren--
  }

  private retire(t: Thread): void {
    t.exited = true
    this.exits++
    if (this.map.get(t.tid) === t) this.map.delete(t.tid)
    this.forget(t.tid)
    const oldest = this.exitedInOrder[this.nextExited]
    if (oldest !== undefined && this.exitedByTid.get(oldest.tid) === oldest) {
      this.exitedByTid.delete(oldest.tid)
      this.forget(oldest.tid)
    }
    this.exitedInOrder[this.nextExited] = t
    this.nextExited = (this.nextExited + 1) % MOST_EXITED
    this.exitedByTid.set(t.tid, t)
  }

  /** The main thread continues as the one that called exec, `old` or the only one that existed; the others exit. */
  private endOthers(leader: Thread, old: Thread | undefined): void {
    const others: Thread[] = []
    for (const x of this.map.created()) if (x.leader === leader && x !== leader) others.push(x)
    const survivor = old ?? (leader.exited ? others[0] : undefined)
    if (survivor !== undefined && survivor !== leader) takeOver(leader, survivor)
    for (const x of others) this.retire(x)
  }

  /** Moves a process's children to another parent. */
  private handOver(from: Thread, to: Thread): void {
    this.map.createChildren(from.pid)
    for (const x of this.map.created()) {
      if (x.parent !== from) continue
      x.parent = to
      x.ptid = to.pid
    }
    to.nChildren += from.nChildren
    from.nChildren = 0
  }

  private orphan(dead: Thread, reaper: number): void {
    const to = (this.map.get(reaper) ?? this.map.get(1))?.leader
    for (const x of this.map.created()) {
      if (x.parent !== dead) continue
      x.parent = to === x.leader ? undefined : to
      x.ptid = x.parent?.pid ?? 1
      if (x.leader === x && x.parent !== undefined) x.parent.nChildren++
    }
    dead.nChildren = 0
  }

  /** Drops placeholders, then the oldest threads, until a quarter is free. Those that had not exited are counted as lost. */
  private dropOldest(): void {
    const { capacity, map } = this
    const goal = capacity.threads - capacity.threads / 4
    for (const t of map.values()) if (t.placeholder || t.exited) this.drop(t)
    for (const t of map.values()) {
      if (map.size <= goal) break
      this.drop(t)
    }
    this.forgetAll()
  }

  private drop(t: Thread): void {
    this.map.delete(t.tid)
    if (!t.exited) this.capacity.lost++
  }
}
