// Collects the process names of rows that are written to a trace, for the summaries of its blocks.
import { ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'

/** Number of threads in the cache of recorded names, a power of two: several for each processor of a large machine. */
const CACHE_SIZE = 1024

export class RowNames {
  private names = new Map<string, Set<number>>()
  /** threads recorded last, by the low bits of their id: most rows belong to one of the threads that are running */
  private readonly cachedThread: (Thread | undefined)[] = new Array(CACHE_SIZE).fill(undefined)
  private readonly cachedName: string[] = new Array(CACHE_SIZE).fill('')

  /** Records the event's process, and marks the row if the state depends on it. */
  note(e: Event): void {
    // a datagram may set a socket's name, which must be known even if no datagram is read
    if (e.fdNameChanged) e.batch.flags[e.row]! |= ROW.STATE
    const t = e.thread
    if (t === undefined) return
    const at = t.tid & (CACHE_SIZE - 1)
    const name = t.comm
    if (this.cachedThread[at] === t && this.cachedName[at] === name) return
    this.cachedThread[at] = t
    this.cachedName[at] = name
    const processes = this.names.get(name)
    if (processes === undefined) this.names.set(name, new Set([t.pid]))
    else processes.add(t.pid)
  }

  /** Process ids by name, of all events since the last call. */
  take(): Map<string, Set<number>> {
    const { names } = this
    this.names = new Map()
    this.cachedThread.fill(undefined)
    return names
  }
}
