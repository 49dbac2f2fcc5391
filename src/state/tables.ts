// The tables of State that effects see and change.
import type { Event } from '../model/event.js'
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import type { Containers } from './containers.js'
import type { DeferredRemovals } from './deferred-removals.js'
import type { Peers } from './peers.js'
import type { Stacks } from './stacks.js'
import type { Threads } from './threads.js'

/** Notified of cgroups and containers that are created and removed. */
export interface CgroupWatcher {
  /** A cgroup was created: its number and its path. */
  created(id: number, path: string): void
  removed(id: number): void
  /** Some container's metadata changed. */
  changed(): void
}

export interface StateTables {
  readonly info: CaptureInfo
  /** births and exits; `threads` is its map */
  readonly table: Threads
  /** threads by tid */
  readonly threads: Map<number, Thread>
  readonly users: Map<number, UserInfo>
  readonly groups: Map<number, GroupInfo>
  readonly containers: Containers
  /** stacks by number */
  readonly stacks: Stacks
  readonly watcher: CgroupWatcher | undefined
  /** the peers of connections, if a field requires them */
  readonly peers: Peers | undefined
  /** what the last event ends, removed once it has been shown */
  readonly deferred: DeferredRemovals
  /** by CPU: batch time (ns) of its last scheduler switch */
  readonly switches: number[]
  /** ns on the CPU that ended with the last scheduler switch; 0 if the preceding one on that CPU is not known */
  slice: number
  /** The thread is in these cgroups from now on; known: its container is already the one that they belong to. */
  joined(t: Thread, cgroups: string[], known?: boolean): void
  /** A container event: its threads are found again if its cgroup was not known to be a container's. */
  named(json: string): void
  /** A ks_inflight row under the cursor: sets State.callInFlight, and passes the call to State.onInFlight. */
  emitInFlight(e: Event): void
}
