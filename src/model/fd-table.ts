// Descriptors of one process by number, with a short memory of the ones just removed.
import type { Fd } from './fd.js'
import { FdMap } from './fd-map.js'

/** Removed descriptors remembered per table: as many as threads may race for one number. */
const MEMORY = 16
/** Linux' default ceiling of nr_open: a file that claims more descriptors than this is lying. */
const MAX_FDS = 1 << 20

/**
 * Descriptors by number; shared by reference between threads with CLONE_FILES. Rows arrive in exit order, so a call may
 * be seen after its number was given to another file: everything is asked with the time at which the call entered.
 * An Fd may lie in several tables (fork): what a table alone knows (when the number died here) is kept beside it.
 */
export class FdTable {
  readonly fds: FdMap
  /** batch time (ns) at which the kernel told the whole table, NaN when it never did */
  listedAt = Number.NaN
  private gone: Fd[] | undefined = undefined
  private died: number[] = []
  private next = 0

  constructor(fds: FdMap = new FdMap()) {
    this.fds = fds
  }

  /** What number `num` meant to a call that entered at `enter`: the present file, or its predecessor. */
  at(num: number, enter: number): Fd | undefined {
    const fd = this.fds.get(num)
    if (fd !== undefined && fd.born <= enter) return fd
    return this.gone === undefined ? undefined : this.predecessor(num, enter)
  }

  /**
   * Puts a descriptor at its number; what was there is replaced, and dies at the newcomer's birth. One that is older than
   * what is there comes late: its successor is already known.
   */
  put(fd: Fd): void {
    const old = this.fds.get(fd.num)
    if (old !== undefined && old.born > fd.born) {
      this.remember(fd, old.born)
      return
    }
    if (old !== undefined) this.remember(old, fd.born)
    else if (this.fds.size >= MAX_FDS) return
    this.fds.set(fd.num, fd)
  }

  /** Removes this very descriptor, when it is still the one at its number. */
  remove(fd: Fd, time: number): void {
    if (this.fds.take(fd)) this.remember(fd, time)
  }

  /** The kernel tells the whole table anew, as it is at `time`: what was known is forgotten. */
  retell(time: number): void {
    for (const fd of this.fds.values()) this.fds.delete(fd.num)
    this.gone = undefined
    this.died = []
    this.next = 0
    this.listedAt = time
  }

  /** A table of its own with the same files, as fork makes it. */
  copy(): FdTable {
    return new FdTable(this.fds.copy())
  }

  /** A table of its own with those of the files that `keep` accepts, as exec makes it. */
  only(keep: (fd: Fd) => boolean): FdTable {
    return new FdTable(this.fds.only(keep))
  }

  private remember(fd: Fd, time: number): void {
    if (this.gone === undefined) this.gone = []
    else this.gone[this.next]?.giveBack()
    this.gone[this.next] = fd
    this.died[this.next] = time
    this.next = (this.next + 1) % MEMORY
  }

  private predecessor(num: number, enter: number): Fd | undefined {
    const gone = this.gone as Fd[]
    for (let i = 0; i < gone.length; i++) {
      const fd = gone[i] as Fd
      if (fd.num === num && fd.born <= enter && enter < (this.died[i] as number)) return fd
    }
    return undefined
  }
}
