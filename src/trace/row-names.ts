// What is noted of the rows that go into a trace, beside themselves: the names of their processes, which its blocks' summaries have.
import { ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'

/** Threads that are remembered as noted; a power of two. */
const NOTED = 64

export class RowNames {
  private names = new Map<string, Set<number>>()
  /** who was noted last, by the low bits of the thread's number: most rows are of one of a few threads */
  private readonly noted: (Thread | undefined)[] = new Array(NOTED).fill(undefined)
  private readonly notedName: string[] = new Array(NOTED).fill('')

  /** Notes whose event it is, and whether it keeps the state true. */
  note(e: Event): void {
    // a datagram may name a socket, which readers that look at none want to know
    if (e.fdNameChanged) e.batch.flags[e.row]! |= ROW.STATE
    const t = e.thread
    if (t === undefined) return
    const at = t.tid & (NOTED - 1)
    const name = t.comm
    if (this.noted[at] === t && this.notedName[at] === name) return
    this.noted[at] = t
    this.notedName[at] = name
    const processes = this.names.get(name)
    if (processes === undefined) this.names.set(name, new Set([t.pid]))
    else processes.add(t.pid)
  }

  /** What was noted since the last call, process ids by name. */
  take(): Map<string, Set<number>> {
    const { names } = this
    this.names = new Map()
    this.noted.fill(undefined)
    return names
  }
}
