// The peers of connections on this machine: found by the socket at the other end, else by the listener on a loopback address,
// else by the address of a container or pod. Maintained only if a field requires it.
import { TCP_LISTEN } from '../model/address.js'
import type { Container } from '../model/container.js'
import { type Fd, Role } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { Containers } from './containers.js'
import { fdName } from './fd-name.js'
import { isInet, isLocalAddress, isLoopback } from './socket-sides.js'

/** A peer outside containers. */
export const HOST = Symbol('host')
export type Peer = Container | typeof HOST

/** Most connections retained; beyond it the oldest is dropped. */
const MOST = 65_536

/** A socket that listens on the second may accept connections of either family. */
const WILDCARDS = ['0.0.0.0', '::']

/** A key for the threads of one network: the host's, a pod's, or a container's. */
function networkOf({ container }: Thread): string {
  if (container === undefined || container.info?.hostNetwork === true) return 'host'
  return container.info?.sandboxId || container.fullId || container.id
}

/** Both ends of a connection, if they are on this machine. */
interface Endpoints {
  client: Peer | undefined
  server: Peer | undefined
}

export class Peers {
  /** by the connection's name, which both ends share */
  private readonly endpoints = new Map<string, Endpoints>()
  /** peers that listen on a TCP port, by network, address and port */
  private readonly listeners = new Map<string, Peer>()
  /** by address; undefined: to be rebuilt */
  private owners: Map<string, Container> | undefined

  constructor(
    private readonly containers: Containers,
    /** the host's own */
    private readonly addresses: readonly string[],
  ) {}

  /** Starts over with the sockets of these threads. */
  load(threads: Iterable<Thread>): void {
    this.endpoints.clear()
    this.listeners.clear()
    this.owners = undefined
    for (const t of threads)
      if (t === t.leader || t.fdTable !== t.leader.fdTable) for (const fd of t.fdTable.fds.values()) this.learn(fd, t)
  }

  /** Records that the thread has this socket, whose ends may be new. */
  learn(fd: Fd, t: Thread): void {
    if (!isInet(fd) || fd.role === Role.Unknown || t.placeholder) return
    if (fd.remoteIp === undefined) {
      this.listens(fd, t)
      return
    }
    const name = fdName(fd)
    let endpoints = this.endpoints.get(name)
    if (endpoints === undefined) {
      if (this.endpoints.size >= MOST)
        for (const oldest of this.endpoints.keys()) if (this.endpoints.delete(oldest)) break
      endpoints = { client: undefined, server: undefined }
      this.endpoints.set(name, endpoints)
    }
    endpoints[fd.role === Role.Server ? 'server' : 'client'] = t.container ?? HOST
  }

  /** Some container's metadata changed. */
  changed(): void {
    this.owners = undefined
  }

  /** The peer of this thread's socket; undefined if it is not known to be on this machine. */
  peerOf(fd: Fd, t: Thread | undefined): Peer | undefined {
    if (!isInet(fd) || fd.remoteIp === undefined) return undefined
    const endpoints = fd.role === Role.Unknown ? undefined : this.endpoints.get(fdName(fd))
    const other = fd.role === Role.Server ? endpoints?.client : (endpoints?.server ?? this.listenerOf(fd, t))
    return other ?? this.ownerOf(fd.remoteIp)
  }

  private listens(fd: Fd, t: Thread): void {
    if (fd.localIp === undefined || fd.tcpState !== TCP_LISTEN) return
    if (this.listeners.size >= MOST)
      for (const oldest of this.listeners.keys()) if (this.listeners.delete(oldest)) break
    this.listeners.set(`${networkOf(t)} ${fd.localIp}:${fd.localPort}`, t.container ?? HOST)
  }

  /**
   * The listener at the address that a client connects to, until the connection is accepted. For loopback addresses only:
   * connections to others may be redirected.
   */
  private listenerOf(fd: Fd, t: Thread | undefined): Peer | undefined {
    const { remoteIp, remotePort } = fd
    if (t === undefined || fd.role !== Role.Client || remoteIp === undefined || !isLoopback(remoteIp)) return undefined
    const network = networkOf(t)
    for (const ip of [remoteIp, ...WILDCARDS]) {
      const peer = this.listeners.get(`${network} ${ip}:${remotePort}`)
      if (peer !== undefined) return peer
    }
    return undefined
  }

  private ownerOf(ip: string): Container | undefined {
    if (isLocalAddress(ip, this.addresses)) return undefined
    this.owners ??= ownersOf(this.containers.byId.values())
    return this.owners.get(ip)
  }
}

/**
 * Containers by address. A reused address belongs to the newest container. An address shared by a pod's containers belongs to
 * the only one, or to the one that holds the pod's namespaces.
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
