// What of the state its effects see and change: the tables of State, which is the whole of it.
import type { Event } from '../model/event.js'
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import type { Containers } from './containers.js'
import type { DeferredRemovals } from './deferred-removals.js'
import type { Peers } from './peers.js'
import type { Stacks } from './stacks.js'
import type { Threads } from './threads.js'

/** Somebody who wants to know of cgroups and containers as they come and go. */
export interface CgroupWatcher {
  /** A cgroup was made: its number and its path. */
  made(id: number, path: string): void
  gone(id: number): void
  /** Something was told about a container. */
  changed(): void
}

export interface StateTables {
  readonly info: CaptureInfo
  /** births and deaths; `threads` is its map */
  readonly table: Threads
  /** threads by tid */
  readonly threads: Map<number, Thread>
  readonly users: Map<number, UserInfo>
  readonly groups: Map<number, GroupInfo>
  readonly containers: Containers
  /** what the numbers of stacks mean */
  readonly stacks: Stacks
  readonly watcher: CgroupWatcher | undefined
  /** who is at the other ends of connections, where somebody asks */
  readonly peers: Peers | undefined
  /** what the last event ends, once it has been shown */
  readonly deferred: DeferredRemovals
  /** by CPU: batch time (ns) of its last scheduler switch */
  readonly switches: number[]
  /** ns on the CPU that ended with the last scheduler switch; 0 where the one before it on that CPU is not known */
  slice: number
  /** The thread is in these cgroups from now on; known: its container is already that which they mean. */
  joined(t: Thread, cgroups: string[], known?: boolean): void
  /** A container event: the threads of a cgroup that only now is known to be a container's are found. */
  named(json: string): void
  /** A ks_inflight row under the cursor: hands the call on to who wants it. */
  tellInFlight(e: Event): void
}
