// Threads of a snapshot of which no object exists yet. They are created by process, together with what the process needs: its ancestors, and
// the processes that share its tables. So a thread that exists has the objects that it refers to.
import type { ThreadInfo, ThreadRecords } from '../model/snapshot.js'

/** One of the threads to be created. */
export interface Arrival {
  readonly info: ThreadInfo
  /** whether its parent was in the snapshot */
  readonly hasParent: boolean
  /** child processes of its process in the snapshot */
  readonly children: number
}

export class PendingThreads {
  /** indexes of the threads that are pending, by tid */
  private readonly byTid = new Map<number, number>()
  /** index of the first thread of each process, and of the next one of the same process (-1: none) */
  private readonly firstOf = new Map<number, number>()
  private readonly nextOf: Int32Array
  /** by index: pid of the parent, -1 if the snapshot does not have it */
  private readonly parentOf: Int32Array
  /** number of child processes by pid */
  private readonly childrenOf = new Map<number, number>()
  /** processes that share a table, each way */
  private readonly sharers = new Map<number, number[]>()

  /** create: adds the threads of complete processes to the table, main threads first */
  constructor(
    readonly records: ThreadRecords,
    private readonly create: (threads: readonly Arrival[]) => void,
  ) {
    const count = records.length
    this.nextOf = new Int32Array(count)
    this.parentOf = new Int32Array(count)
    for (let i = 0; i < count; i++) this.byTid.set(records.id('tid', i), i)
    for (let i = count - 1; i >= 0; i--) {
      const pid = this.processOf(i)
      this.nextOf[i] = this.firstOf.get(pid) ?? -1
      this.firstOf.set(pid, i)
    }
    for (let i = 0; i < count; i++) this.relate(i)
  }

  /** Number of threads that are pending. */
  get size(): number {
    return this.byTid.size
  }

  has(tid: number): boolean {
    return this.byTid.has(tid)
  }

  /** Creates a pending thread, and what it needs. */
  load(tid: number): this {
    const index = this.byTid.get(tid)
    return index === undefined ? this : this.loadProcesses([this.processOf(index)])
  }

  loadChildren(pid: number): this {
    if ((this.childrenOf.get(pid) ?? 0) === 0) return this
    const pids: number[] = []
    for (const index of this.byTid.values()) if (this.parentOf[index] === pid) pids.push(this.processOf(index))
    return this.loadProcesses(pids)
  }

  loadAll(): this {
    return this.loadProcesses([...this.firstOf.keys()])
  }

  /** The threads that are pending, decoded. */
  *infos(): Iterable<ThreadInfo> {
    for (const index of this.byTid.values()) yield this.records.at(index)
  }

  /** The processes with descriptors that are in the tables of others, too, are created. */
  loadCommon(): this {
    const pids: number[] = []
    for (const index of this.byTid.values()) if (this.records.hasCommon(index)) pids.push(this.processOf(index))
    return pids.length === 0 ? this : this.loadProcesses(pids)
  }

  /** The processes without a main thread are created: those of which only other threads are known get one. */
  loadWithoutMain(): this {
    const pids = [...this.firstOf.keys()].filter((pid) => !this.byTid.has(pid))
    return pids.length === 0 ? this : this.loadProcesses(pids)
  }

  /** Their different lists of cgroups, each as the index of a thread that has it. */
  cgroupLists(): Set<number> {
    const first = new Set<number>()
    for (const index of this.byTid.values()) first.add(this.records.sameCgroups(index))
    return first
  }

  /** tids of those that are the first process in their pid namespace. */
  firstInNamespace(): number[] {
    const tids: number[] = []
    for (const [tid, index] of this.byTid) if (this.records.id('vpid', index) === 1) tids.push(tid)
    return tids
  }

  /** The process of a thread; threads without one are processes of their own. */
  private processOf(index: number): number {
    const pid = this.records.id('pid', index)
    return pid > 0 ? pid : this.records.id('tid', index)
  }

  private relate(index: number): void {
    const pid = this.processOf(index)
    const parent = this.parentIn(this.records.id('ptid', index))
    this.parentOf[index] = parent === pid ? -1 : parent
    if (!this.isThread(index)) return
    if (parent >= 0 && parent !== pid && this.isMain(index))
      this.childrenOf.set(parent, (this.childrenOf.get(parent) ?? 0) + 1)
    for (const key of ['fdsOf', 'fsOf'] as const) {
      const owner = this.byTid.get(this.records.id(key, index))
      if (owner !== undefined) this.share(pid, this.processOf(owner))
    }
  }

  /** The process of a parent, by the tid of one of its threads; -1: the snapshot does not have it. */
  private parentIn(ptid: number): number {
    if (ptid <= 0) return -1
    const index = this.byTid.get(ptid)
    return index !== undefined ? this.processOf(index) : this.firstOf.has(ptid) ? ptid : -1
  }

  /** Of several threads with one id, only the last is one. */
  private isThread(index: number): boolean {
    return this.byTid.get(this.records.id('tid', index)) === index
  }

  private isMain(index: number): boolean {
    return this.records.id('tid', index) === this.processOf(index)
  }

  private share(a: number, b: number): void {
    if (a === b) return
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = this.sharers.get(from)
      if (list === undefined) this.sharers.set(from, [to])
      else list.push(to)
    }
  }

  /** Creates these processes and all that they need. */
  private loadProcesses(pids: number[]): this {
    const indexes: number[] = []
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      for (let i = this.firstOf.get(pid) ?? -1; i >= 0; i = this.nextOf[i] as number) {
        if (!this.isThread(i)) continue
        this.byTid.delete(this.records.id('tid', i))
        indexes.push(i)
        if (this.parentOf[i] !== -1) pids.push(this.parentOf[i] as number)
      }
      if (this.firstOf.delete(pid)) pids.push(...(this.sharers.get(pid) ?? []))
    }
    indexes.sort((a, b) => Number(!this.isMain(a)) - Number(!this.isMain(b)) || a - b)
    this.create(
      indexes.map((i) => ({
        info: this.records.at(i),
        hasParent: this.parentOf[i] !== -1,
        children: this.childrenOf.get(this.processOf(i)) ?? 0,
      })),
    )
    return this
  }
}
