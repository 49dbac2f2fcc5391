// Removals that wait until the event was shown: the descriptor of a close still has its name, an exit still its process.

import type { Fd } from '../model/fd.js'
import type { FdTable, Thread } from '../model/thread.js'
import { type BatchNs, batchNs } from '../model/time.js'
import { CLOEXEC } from './flag-bits.js'
import type { Threads } from './threads.js'

export class DeferredRemovals {
  /** whether anything is to be removed before the next event */
  due = false
  private table: FdTable | undefined
  private fd: Fd | undefined
  /** whether the event ends more than `fd` */
  private more = false
  private rangeTable: FdTable | undefined
  private first = 0
  private lastNum = 0
  private entered = 0
  private time = batchNs(Number.NaN)
  private exit: Thread | undefined
  private reaper = 0
  private exec: Thread | undefined

  /** Descriptor `fd` of `table` is removed after the present event, at `time`. */
  close(table: FdTable, fd: Fd, time: BatchNs): void {
    this.table = table
    this.fd = fd
    this.time = time
    this.due = true
  }

  /** Descriptors first..last of `table` that existed when the call entered are removed after the present event. */
  closeRange(table: FdTable, first: number, last: number, entered: number, time: BatchNs): void {
    this.rangeTable = table
    this.first = first
    this.lastNum = last
    this.entered = entered
    this.time = time
    this.due = this.more = true
  }

  /** Thread `t` is removed after the present event, at `time`; its children go to `reaper` (0: unknown). */
  exitThread(t: Thread, reaper: number, time: BatchNs): void {
    t.endTime = t.leader.endTime = time
    this.exit = t
    this.reaper = reaper
    this.due = this.more = true
  }

  /** Whether the thread is removed after the present event. */
  ends(t: Thread): boolean {
    return this.exit === t
  }

  /** Process `t` replaced its program: its close-on-exec descriptors are removed after the present event. */
  execed(t: Thread): void {
    this.exec = t
    this.due = this.more = true
  }

  forget(): void {
    this.due = this.more = false
    this.table = this.fd = this.rangeTable = this.exit = this.exec = undefined
  }

  /** Performs the previous event's removals; returns whether they were more than one descriptor. */
  settle(threads: Threads): boolean {
    const { fd } = this
    if (fd !== undefined) (this.table as FdTable).remove(fd, this.time)
    this.fd = undefined
    this.due = false
    if (!this.more) return false
    if (this.rangeTable !== undefined) this.settleRange(this.rangeTable)
    if (this.exec !== undefined) this.exec.fdTable = tableAfterExec(this.exec.fdTable)
    if (this.exit !== undefined) threads.exit(this.exit, this.reaper)
    this.forget()
    return true
  }

  private settleRange(table: FdTable): void {
    for (const fd of table.fds.values())
      if (fd.num >= this.first && fd.num <= this.lastNum && fd.born <= this.entered) table.remove(fd, this.time)
  }
}

/** The table after an exec: the process's own, without its close-on-exec descriptors. */
function tableAfterExec(table: FdTable): FdTable {
  return table.only((fd) => ((fd.flags ?? 0) & CLOEXEC) === 0)
}
