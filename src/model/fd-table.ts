// Descriptors of one process by number, and the most recently removed ones. Those of a snapshot are created when they are first needed:
// most processes do nothing during a capture.

import type { Fd } from './fd.js'
import { FdMap } from './fd-map.js'
import type { BatchNs } from './time.js'

/** Removed descriptors remembered per table: as many as threads may race for one number. */
const MEMORY = 16

/**
 * Descriptors by number; shared by reference between threads with CLONE_FILES. Rows arrive in exit order, so a call may be seen
 * after its number was given to another file: every lookup takes the time at which the call entered.
 * An Fd may be in several tables (fork): what belongs to one table (when the number was closed there) is stored in that table.
 */
export class FdTable {
  private map: FdMap
  /** puts the descriptors of a snapshot into a table; undefined once they are in this one */
  private pending: ((table: FdTable) => void) | undefined = undefined
  /** batch time (ns) at which the kernel reported the whole table, NaN if it never did */
  listedAt = Number.NaN
  private removed: Fd[] | undefined = undefined
  private died: number[] = []
  private next = 0

  constructor(fds: FdMap = new FdMap()) {
    this.map = fds
  }

  get fds(): FdMap {
    if (this.pending !== undefined) this.settle()
    return this.map
  }

  /** A new table, which `fill` fills when its descriptors are first needed. `fill` may be called for other tables as well. */
  static filledBy(fill: (table: FdTable) => void): FdTable {
    const table = new FdTable()
    table.pending = fill
    return table
  }

  /** All descriptors for saving: those that nothing has needed yet are created, and not kept. */
  saved(): Fd[] {
    if (this.pending === undefined) return this.map.values()
    const copy = new FdTable()
    this.pending(copy)
    return copy.map.values()
  }

  private settle(): void {
    const fill = this.pending
    this.pending = undefined
    fill?.(this)
  }

  /** The file that number `num` referred to for a call that entered at `enter`: the present one, or its predecessor. */
  at(num: number, enter: number): Fd | undefined {
    const fd = this.fds.get(num)
    if (fd !== undefined && fd.born <= enter) return fd
    return this.removed === undefined ? undefined : this.predecessor(num, enter)
  }

  /**
   * Puts a descriptor at its number; the previous one is replaced, and ends when the new one was created. A descriptor older
   * than the present one arrived late: its successor is already in the table.
   */
  put(fd: Fd): void {
    const old = this.fds.get(fd.num)
    if (old !== undefined && old.born > fd.born) {
      this.remember(fd, old.born)
      return
    }
    if (old !== undefined) this.remember(old, fd.born)
    this.fds.set(fd.num, fd)
  }

  /** Removes this very descriptor, if it is still the one at its number. */
  remove(fd: Fd, time: BatchNs): void {
    if (this.fds.take(fd)) this.remember(fd, time)
  }

  /** Empties the table before the kernel reports all of it, as it is at `time`. */
  reset(time: BatchNs): void {
    for (const fd of this.fds.values()) this.fds.delete(fd.num)
    this.removed = undefined
    this.died = []
    this.next = 0
    this.listedAt = time
  }

  /** A separate table with the same files, as fork creates it. */
  copy(): FdTable {
    return new FdTable(this.fds.copy())
  }

  /** A separate table with those of the files that `keep` accepts, as exec creates it. */
  only(keep: (fd: Fd) => boolean): FdTable {
    return new FdTable(this.fds.only(keep))
  }

  private remember(fd: Fd, time: BatchNs): void {
    if (this.removed === undefined) this.removed = []
    else this.removed[this.next]?.giveBack()
    this.removed[this.next] = fd
    this.died[this.next] = time
    this.next = (this.next + 1) % MEMORY
  }

  private predecessor(num: number, enter: number): Fd | undefined {
    const removed = this.removed as Fd[]
    for (let i = 0; i < removed.length; i++) {
      const fd = removed[i] as Fd
      if (fd.num === num && fd.born <= enter && enter < (this.died[i] as number)) return fd
    }
    return undefined
  }
}
