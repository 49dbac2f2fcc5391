// Which tables have a descriptor that is asked about.
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import type { FdTable } from '../model/fd-table.js'
import type { Thread } from '../model/thread.js'
import type { AskedPart } from './asked.js'
import type { State } from './state.js'

export class AskedFds implements AskedPart {
  /** what came into tables since the last look */
  private readonly tables: FdTable[] = []
  private readonly fds: Fd[] = []
  private news = 0
  private ended = false

  /** grow: called when more may be asked about than before. */
  constructor(
    private readonly state: State,
    private readonly test: (fd: Fd) => boolean,
    private readonly grow: () => void,
  ) {
    state.table.news = (table, fd) => {
      if (this.ended || table.asked) return
      this.tables[this.news] = table
      this.fds[this.news++] = fd
    }
  }

  see({ fd, thread }: Event): void {
    if (this.news > 0) this.settle()
    // new, or changed: other tables may have it, too
    if (fd === undefined || fd.verdict !== 0 || !this.test(fd)) return
    if (thread?.fdTable.asked === false) this.ask(thread.fdTable)
    if (!fd.shared) return
    for (const { fdTable } of this.state.threads.values())
      if (!fdTable.asked && fdTable.fds.get(fd.num) === fd) this.ask(fdTable)
  }

  settle(): void {
    for (let i = 0; i < this.news; i++) {
      const table = this.tables[i] as FdTable
      if (!table.asked && this.test(this.fds[i] as Fd)) this.ask(table)
    }
    this.news = 0
  }

  review(): void {
    for (const { fdTable } of this.state.threads.values()) if (fdTable.asked) fdTable.asked = fdTable.some(this.test)
  }

  met(t: Thread): void {
    if (t.fdTable.asked) this.grow()
  }

  has(t: Thread): boolean {
    return t.fdTable.asked
  }

  end(): void {
    this.ended = true
    this.tables.length = this.fds.length = this.news = 0
  }

  private ask(table: FdTable): void {
    table.asked = true
    this.grow()
  }
}
