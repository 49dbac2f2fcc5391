// The state: threads and their descriptors as they are at the event under the cursor.
import type { Event } from '../model/event.js'
import type { GroupInfo, Snapshot, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'

export class State {
  readonly threads = new Map<number, Thread>()
  readonly users = new Map<number, UserInfo>()
  readonly groups = new Map<number, GroupInfo>()

  constructor(readonly info: CaptureInfo) {}

  /** Takes over a snapshot: the start of a capture, or a keyframe. */
  load(s: Snapshot): void {
    for (const u of s.users) this.users.set(u.uid, u)
    for (const g of s.groups) this.groups.set(g.gid, g)
  }

  /** Applies the event under the cursor and points it at its thread and descriptor. */
  apply(e: Event): void {
    e.thread = this.threads.get(e.tid)
  }

  /** The tables as plain data. */
  snapshot(): Snapshot {
    return { threads: [], users: [...this.users.values()], groups: [...this.groups.values()] }
  }
}
