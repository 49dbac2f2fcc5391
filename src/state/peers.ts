// Who is at the other end of a connection, for those on this machine: by the socket at that end, else by the address that a
// container or pod has. Kept only where somebody asks.
import type { Container } from '../model/container.js'
import { type Fd, Role } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { Containers } from './containers.js'
import { isInet, isLocalAddress } from './endpoints.js'
import { fdName } from './fd-name.js'

/** Whoever is not in a container. */
export const HOST = Symbol('host')
export type Peer = Container | typeof HOST

/** Connections kept; the oldest are forgotten beyond it. */
const MOST = 65_536

/** Both ends of a connection, as far as they are on this machine. */
interface Ends {
  client: Peer | undefined
  server: Peer | undefined
}

export class Peers {
  /** by the connection's name, which both ends share */
  private readonly ends = new Map<string, Ends>()
  /** by address; undefined: to be made anew */
  private owners: Map<string, Container> | undefined

  constructor(
    private readonly containers: Containers,
    /** the host's own */
    private readonly addresses: readonly string[],
  ) {}

  /** Forgets everything and looks at the sockets of these threads. */
  load(threads: Iterable<Thread>): void {
    this.ends.clear()
    this.owners = undefined
    for (const t of threads)
      if (t === t.leader || t.fdTable !== t.leader.fdTable) for (const fd of t.fdTable.fds.values()) this.learn(fd, t)
  }

  /** The thread has this socket, whose ends may be new. */
  learn(fd: Fd, t: Thread): void {
    if (!isInet(fd) || fd.remoteIp === undefined || fd.role === Role.Unknown || t.placeholder) return
    const name = fdName(fd)
    let ends = this.ends.get(name)
    if (ends === undefined) {
      if (this.ends.size >= MOST) for (const oldest of this.ends.keys()) if (this.ends.delete(oldest)) break
      ends = { client: undefined, server: undefined }
      this.ends.set(name, ends)
    }
    ends[fd.role === Role.Server ? 'server' : 'client'] = t.container ?? HOST
  }

  /** Something was told about a container. */
  changed(): void {
    this.owners = undefined
  }

  /** Who is at the other end; undefined where that is not known to be on this machine. */
  of(fd: Fd): Peer | undefined {
    if (!isInet(fd) || fd.remoteIp === undefined) return undefined
    const ends = fd.role === Role.Unknown ? undefined : this.ends.get(fdName(fd))
    return (fd.role === Role.Server ? ends?.client : ends?.server) ?? this.ownerOf(fd.remoteIp)
  }

  private ownerOf(ip: string): Container | undefined {
    if (isLocalAddress(ip, this.addresses)) return undefined
    this.owners ??= ownersOf(this.containers.byId.values())
    return this.owners.get(ip)
  }
}

/**
 * Containers by address. An address that came to another container is that one's; of a pod's containers, which share one,
 * it is the only one's, or the one's that holds the pod's namespaces.
 */
function ownersOf(all: Iterable<Container>): Map<string, Container> {
  const owners = new Map<string, Container>()
  const byAge = [...all].sort((a, b) => (a.info?.created ?? 0) - (b.info?.created ?? 0))
  for (const c of byAge) for (const ip of addressesOf(c)) owners.set(ip, c)
  for (const [ip, c] of owners) {
    const pod = c.info?.sandboxId
    if (!pod) continue
    const members = byAge.filter((m) => m.info?.sandboxId === pod && addressesOf(m).includes(ip))
    const own = members.filter((m) => m.info?.sandbox === false)
    const owner = own.length === 1 ? own[0] : members.find((m) => m.info?.sandbox === true)
    if (owner !== undefined) owners.set(ip, owner)
  }
  return owners
}

function addressesOf({ info }: Container): readonly string[] {
  return info === undefined || info.hostNetwork === true || info.ip === '' ? [] : [info.ip]
}
