// Which names processes looked up to get addresses: by process, and by container (or the host). Maintained only if a field needs it; its
// answers come from the data of name lookups (fields/name-lookups.ts).
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'

/** Limits: names of one process, names of one container, and all names of processes and of containers. Beyond these the oldest are dropped. */
const OF_PROCESS = 2048
const OF_CONTAINER = 16_384
const MOST = 65_536
/** ns by which the start of the same process differs between its birth and a later snapshot, at most */
const SAME_START = 1e9

/** The name that an address was last looked up by. */
interface Lookup {
  readonly name: string
  /** batch time (ns): a later one replaces it */
  readonly at: number
}

export class AddressNames {
  /** incremented with each answer: until then, a process has the same names for its addresses */
  answers = 0
  private readonly processes = new Owners<number>(OF_PROCESS)
  private readonly containers = new Owners<string>(OF_CONTAINER)

  /**
   * The thread's process has got these addresses for a name; times are batch times (ns). A process has the name of its last question, a
   * container that of its last answer: a resolver in it, such as systemd-resolved, looks up aliases before it answers its client.
   */
  learn(t: Thread, name: string, addresses: readonly string[], queriedAt: number, answeredAt: number): void {
    this.answers++
    this.processes.learn(t.pid, t.leader.startTime, addresses, { name, at: queriedAt })
    this.containers.learn(containerOf(t), undefined, addresses, { name, at: answeredAt })
  }

  /** The name that the process last looked up for an address, else its container. */
  nameOf(t: Thread, address: string): string | undefined {
    const lookup =
      this.processes.find(t.pid, t.leader.startTime, address) ??
      this.containers.find(containerOf(t), undefined, address)
    return lookup?.name
  }

  /** The thread connects a socket: its peer keeps the name that its address has now, if any. */
  connected(fd: Fd, t: Thread): void {
    const { remoteIp: address } = fd
    fd.peerName = address === undefined ? undefined : { address, name: this.nameOf(t, address) }
  }

  /** The name of a socket's remote address: that at the time of the connection, if this was seen. */
  ofPeer(fd: Fd, t: Thread): string | undefined {
    const { remoteIp: address, peerName } = fd
    if (address === undefined) return undefined
    return peerName?.address === address ? peerName.name : this.nameOf(t, address)
  }
}

/** The key of the thread's container; the host's is empty. The full id may become known later. */
function containerOf({ container }: Thread): string {
  return container === undefined ? '' : container.id
}

/** Lookups by owner and address, the least recent owner first. */
class Owners<K> {
  private readonly owners = new Map<K, { start: number | undefined; readonly names: Map<string, Lookup> }>()
  private size = 0

  constructor(private readonly most: number) {}

  learn(key: K, start: number | undefined, addresses: readonly string[], lookup: Lookup): void {
    const known = this.owners.get(key)
    const same = known !== undefined && isSame(known.start, start)
    if (known !== undefined) this.forget(key)
    const owner = same ? known : { start, names: new Map<string, Lookup>() }
    for (const address of addresses) {
      const earlier = owner.names.get(address)
      if (earlier !== undefined && earlier.at > lookup.at) continue
      owner.names.delete(address)
      owner.names.set(address, lookup)
      if (owner.names.size > this.most) dropFirst(owner.names)
    }
    this.owners.set(key, owner)
    this.size += owner.names.size
    for (const oldest of this.owners.keys()) {
      if (this.size <= MOST || oldest === key) break
      this.forget(oldest)
    }
  }

  find(key: K, start: number | undefined, address: string): Lookup | undefined {
    const owner = this.owners.get(key)
    return owner !== undefined && isSame(owner.start, start) ? owner.names.get(address) : undefined
  }

  private forget(key: K): void {
    this.size -= this.owners.get(key)?.names.size ?? 0
    this.owners.delete(key)
  }
}

/** Whether two starts are of the same process: its id may have been reused. An unknown start is any. */
function isSame(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined || Math.abs(a - b) < SAME_START
}

function dropFirst(map: Map<string, unknown>): void {
  for (const first of map.keys()) {
    map.delete(first)
    return
  }
}
