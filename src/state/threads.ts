// Births and deaths: which threads exist, what they share, who is whose parent.
import { FdTable, FsInfo, Thread } from '../model/thread.js'
import { inherit, takeOver } from './inherit.js'

/** More threads than Linux allows at its usual settings: beyond it, exits were lost and the oldest are dropped. */
const MAX_THREADS = 1 << 18
/** Exited threads remembered: a last switch, a late row and a child's look at its parent still find them. */
export const BURIED = 1024

/** The threads of the last events, by the low bits of their numbers; a power of two. */
const RECENT = 64

/** What a new thread shares with the one that made it. */
export interface Sharing {
  files: boolean
  fs: boolean
  /** CLONE_PARENT: the parent is the maker's parent */
  parent: boolean
}

export class Threads {
  readonly map = new Map<number, Thread>()
  /** stands in where an event has no thread (idle task, records without one) */
  readonly nobody = new Thread(-1, -1, new FdTable())
  /** the thread of the last event */
  last = this.nobody
  /** found lately; whoever takes a thread out of the tables, or puts another in its place, takes it out of here */
  private readonly recent = new Array<Thread>(RECENT).fill(this.nobody)
  private readonly buried = new Map<number, Thread>()
  /** the buried in turn: the next one takes the place of the oldest */
  private readonly graves: Thread[] = []
  private nextGrave = 0
  /** threads that ended so far */
  burials = 0

  /** The thread of an event: known, just exited, or made up from its ids. */
  find(tid: number, pid: number): Thread {
    if (tid <= 0) return this.nobody
    const slot = tid & (RECENT - 1)
    const recent = this.recent[slot] as Thread
    if (recent.tid === tid) this.last = recent
    else {
      this.last = this.map.get(tid) ?? this.buried.get(tid) ?? this.place(tid, pid)
      this.recent[slot] = this.last
    }
    return this.last
  }

  /** What was found for this number is to be looked up again. */
  private forget(tid: number): void {
    if (this.last.tid === tid) this.last = this.nobody
    this.recent[tid & (RECENT - 1)] = this.nobody
  }

  private forgetAll(): void {
    this.last = this.nobody
    this.recent.fill(this.nobody)
  }

  /** A thread nobody announced: it has what its process is known to have. */
  place(tid: number, pid: number): Thread {
    const leader = pid <= 0 || pid === tid ? undefined : this.mainOf(pid)
    const t = new Thread(tid, leader === undefined ? tid : pid, leader?.fdTable ?? new FdTable(), leader)
    t.placeholder = true
    if (leader !== undefined) inherit(t, leader)
    this.put(t)
    return t
  }

  /** The main thread of a process; one that nobody announced is made up. */
  mainOf(pid: number): Thread {
    return (this.map.get(pid) ?? this.place(pid, pid)).leader
  }

  /** A thread that was taken for a process of its own is one of this process. */
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
    for (const fd of own.copy().fds.values()) t.fdTable.put(fd)
    leader.nThreads++
  }

  /** The number of the parent is told of a process whose parent nobody knew. */
  adopt(t: Thread, ptid: number | undefined): void {
    const parent = t.parent === undefined && ptid !== undefined ? this.map.get(ptid)?.leader : undefined
    if (parent === undefined || parent === t.leader) return
    t.ptid = parent.pid
    t.parent = parent
    if (t.leader === t) parent.nChildren++
  }

  /** The main thread of a process of which only this thread is known has what all threads of a process have, and this name. */
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
   * A thread born of `maker`; one of the maker's process when pid says so. A placeholder of that tid becomes it, an older
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
      for (const fd of own.copy().fds.values()) t.fdTable.put(fd)
    this.put(t)
    return t
  }

  /** Adds a thread whose leader and parent are set. */
  put(t: Thread): void {
    if (this.map.size >= MAX_THREADS) this.makeRoom()
    this.buried.delete(t.tid)
    this.map.set(t.tid, t)
    this.forget(t.tid)
    if (t.leader !== t) t.leader.nThreads++
    else if (t.parent !== undefined) t.parent.nChildren++
  }

  /**
   * A thread ends. The main thread stays in the table while others of its process live; with the last one the children go
   * to `reaper` (a tid, 0 when unknown), else to init.
   */
  exit(t: Thread, reaper: number): void {
    if (t.exited) return
    t.exited = true
    const leader = t.leader
    leader.nThreads--
    if (t !== leader) this.bury(t)
    if (leader.nThreads > 0) return
    leader.exited = true
    if (leader.parent !== undefined) leader.parent.nChildren--
    this.bury(leader)
    if (leader.nChildren > 0) this.orphan(leader, reaper)
  }

  /**
   * A process replaced its program: `t`, its main thread by now, is the only one left. `old` is the thread that called
   * exec when it was another one: its descriptors, directories and credentials live on.
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

  /** Threads of t's process, itself included. */
  ofProcess(t: Thread): Thread[] {
    if (t.leader.nThreads <= 1 && t === t.leader) return [t]
    const out: Thread[] = []
    for (const x of this.map.values()) if (x.leader === t.leader) out.push(x)
    return out
  }

  /** The thread of that number that ended last, while it is remembered. */
  gone(tid: number): Thread | undefined {
    return this.buried.get(tid)
  }

  /** Threads that ended and are still remembered. */
  ended(): Iterable<Thread> {
    return this.buried.values()
  }

  clear(): void {
    this.map.clear()
    this.forgetEnded()
  }

  /** Threads that ended are not remembered any more. */
  forgetEnded(): void {
    this.buried.clear()
    this.graves.length = 0
    this.nextGrave = 0
    this.forgetAll()
  }

  private unlink(t: Thread): void {
    if (t.leader !== t) t.leader.nThreads--
    else if (t.parent !== undefined) t.parent.nChildren--
  }

  private bury(t: Thread): void {
    t.exited = true
    this.burials++
    if (this.map.get(t.tid) === t) this.map.delete(t.tid)
    this.forget(t.tid)
    const oldest = this.graves[this.nextGrave]
    if (oldest !== undefined && this.buried.get(oldest.tid) === oldest) {
      this.buried.delete(oldest.tid)
      this.forget(oldest.tid)
    }
    this.graves[this.nextGrave] = t
    this.nextGrave = (this.nextGrave + 1) % BURIED
    this.buried.set(t.tid, t)
  }

  /** The main thread goes on as the one that called exec, `old` or the only one there was; the others end. */
  private endOthers(leader: Thread, old: Thread | undefined): void {
    const others: Thread[] = []
    for (const x of this.map.values()) if (x.leader === leader && x !== leader) others.push(x)
    const survivor = old ?? (leader.exited ? others[0] : undefined)
    if (survivor !== undefined && survivor !== leader) takeOver(leader, survivor)
    for (const x of others) this.bury(x)
  }

  /** A process's children are another's. */
  private handOver(from: Thread, to: Thread): void {
    for (const x of this.map.values()) {
      if (x.parent !== from) continue
      x.parent = to
      x.ptid = to.pid
    }
    to.nChildren += from.nChildren
    from.nChildren = 0
  }

  private orphan(dead: Thread, reaper: number): void {
    const to = (this.map.get(reaper) ?? this.map.get(1))?.leader
    for (const x of this.map.values()) {
      if (x.parent !== dead) continue
      x.parent = to === x.leader ? undefined : to
      x.ptid = x.parent?.pid ?? 1
      if (x.leader === x && x.parent !== undefined) x.parent.nChildren++
    }
    dead.nChildren = 0
  }

  /** Drops threads that were only guessed, then the oldest, until a quarter is free. */
  private makeRoom(): void {
    const goal = MAX_THREADS - MAX_THREADS / 4
    for (const t of this.map.values()) if (t.placeholder || t.exited) this.map.delete(t.tid)
    for (const tid of this.map.keys()) {
      if (this.map.size <= goal) break
      this.map.delete(tid)
    }
    this.forgetAll()
  }
}
