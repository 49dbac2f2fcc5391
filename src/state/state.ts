// The state: threads and their descriptors as they are at the event under the cursor.
import type { Event } from '../model/event.js'
import type { GroupInfo, Snapshot, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { CaptureInfo } from '../source/source.js'
import type { Effect } from './effects/effect.js'
import { effectOf, nothing } from './effects/index.js'
import { Pending } from './pending.js'
import { loadThreads, saveThreads } from './snapshots.js'
import { Threads } from './threads.js'

/** Finds the effect of an event that is met for the first time. */
const meet: Effect = (s, e, t) => {
  const effect = effectOf(e.def, e.isEnter)
  s.effects[e.type] = effect
  effect(s, e, t)
}

export class State {
  /** births and deaths; `threads` is its map */
  readonly table = new Threads()
  /** threads by tid */
  readonly threads: Map<number, Thread> = this.table.map
  readonly users = new Map<number, UserInfo>()
  readonly groups = new Map<number, GroupInfo>()
  /** what the last event ends, once it has been shown */
  readonly pending = new Pending()
  /** effects by event code */
  readonly effects: Effect[] = new Array<Effect>(CODE_LIMIT).fill(meet)

  /** in files of other tools nothing but its number is known of a thread that nobody announced, not even its process */
  private readonly fromOthers: boolean

  constructor(readonly info: CaptureInfo) {
    this.fromOthers = info.origin === 'scap'
  }

  /** Takes over a snapshot, the start of a capture or a keyframe: what was known before is forgotten. */
  load(s: Snapshot): void {
    this.pending.forget()
    this.table.clear()
    this.users.clear()
    this.groups.clear()
    loadThreads(this.table, s, this.info)
    for (const u of s.users) this.users.set(u.uid, u)
    for (const g of s.groups) this.groups.set(g.gid, g)
  }

  /**
   * Applies the event under the cursor and points it at its thread and descriptor. What the event ends (a closed
   * descriptor, an exited thread) stays until the next event is applied.
   */
  apply(e: Event): void {
    if (this.pending.due) this.pending.settle(this.table)
    const b = e.batch
    const row = e.row
    const tid = b.tid[row] as number
    let t = this.table.last
    if (t.tid !== tid) t = this.table.find(tid, b.pid[row] as number)
    if (tid > 0 && !(t.placeholder && this.fromOthers)) e.thread = t
    const effect = this.effects[b.type[row] as number]
    if (effect === nothing || effect === undefined) return
    // a call whose result was not recorded may have failed
    if (b.form !== undefined && Number.isNaN(b.ret[row]) && returns(e.def)) return
    effect(this, e, t)
  }

  /** The tables as plain data, after the last event. */
  snapshot(): Snapshot {
    if (this.pending.due) this.pending.settle(this.table)
    return {
      threads: saveThreads(this.table, this.info.startBoot),
      users: [...this.users.values()],
      groups: [...this.groups.values()],
    }
  }
}

/** Whether the event is a finished call with a result. */
function returns(def: EventDef): boolean {
  return def.params[0]?.wire === 'ret' && !def.noReturn
}
