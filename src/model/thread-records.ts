// Threads of snapshots, whether or not they are decoded already.
import { TCP_LISTEN } from './address.js'
import { areRecords, type ThreadId, type ThreadInfo, type ThreadInfos, type ThreadRecords } from './snapshot.js'

/** Whether these threads are decoded already. */
export function isThreadList(threads: ThreadInfos): threads is readonly ThreadInfo[] {
  return Array.isArray(threads)
}

/** Any threads as records. */
export function threadRecords(threads: ThreadInfos): ThreadRecords {
  return isThreadList(threads) ? new ListedThreads(threads) : threads
}

/** These threads, each changed by `change`, which keeps ids, ports and which descriptors are common; records are changed when they are decoded. */
export function changedThreads(threads: ThreadInfos, change: (t: ThreadInfo) => ThreadInfo): ThreadInfos {
  return isThreadList(threads) ? threads.map(change) : new ChangedThreads(threads, change)
}

/** The processes that have these threads. */
export function pidsOf(threads: ThreadInfos): Set<number> {
  const records = threadRecords(threads)
  const pids = new Set<number>()
  for (let i = 0; i < records.length; i++) pids.add(records.id('pid', i))
  return pids
}

/** Threads that are decoded already. */
class ListedThreads implements ThreadRecords {
  constructor(private readonly threads: readonly ThreadInfo[]) {}

  get length(): number {
    return this.threads.length
  }

  id(key: ThreadId, index: number): number {
    return this.at(index)[key] ?? -1
  }

  sameCgroups(index: number): number {
    return index
  }

  listens(index: number): boolean {
    const { fds = [] } = this.at(index)
    if (areRecords(fds)) return fds.listening.length > 0
    return fds.some((fd) => fd.tcpState === TCP_LISTEN)
  }

  hasCommon(index: number): boolean {
    for (const fd of this.at(index).fds ?? []) if (fd.common !== undefined) return true
    return false
  }

  at(index: number): ThreadInfo {
    return this.threads[index] as ThreadInfo
  }

  [Symbol.iterator](): Iterator<ThreadInfo> {
    return this.threads[Symbol.iterator]()
  }
}

class ChangedThreads implements ThreadRecords {
  constructor(
    private readonly threads: ThreadRecords,
    private readonly change: (t: ThreadInfo) => ThreadInfo,
  ) {}

  get length(): number {
    return this.threads.length
  }

  id(key: ThreadId, index: number): number {
    return this.threads.id(key, index)
  }

  sameCgroups(index: number): number {
    return this.threads.sameCgroups(index)
  }

  listens(index: number): boolean {
    return this.threads.listens(index)
  }

  hasCommon(index: number): boolean {
    return this.threads.hasCommon(index)
  }

  at(index: number): ThreadInfo {
    return this.change(this.threads.at(index))
  }

  *[Symbol.iterator](): Iterator<ThreadInfo> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }
}
