// The ends of sockets: copies the addresses of rows to the Fd, and decides which end is the client.
import {
  type Address,
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  decodeSockaddr,
  decodeTuple,
  type Tuple,
  typeByPeer,
} from '../model/address.js'
import type { Event } from '../model/event.js'
import { type Fd, Role } from '../model/fd.js'
import type { FdType } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import { isWildcard, likelyLocal } from './socket-sides.js'

/** The kind of descriptor that socket() creates for an address family. */
export function socketType(family: number | undefined): FdType {
  switch (family) {
    case AF_INET:
      return 'ipv4'
    case AF_INET6:
      return 'ipv6'
    case AF_UNIX:
      return 'unix'
    case AF_NETLINK:
      return 'netlink'
    default:
      return 'socket'
  }
}

/** The socktuple in parameter p; undefined if absent, truncated or of another family. */
export function tupleOf(e: Event, p: number): Tuple | undefined {
  const at = p < 0 ? -1 : e.varAt(p)
  return at < 0 ? undefined : decodeTuple(e.batch.arena, at, at + e.varLen(at))
}

/** The sockaddr in parameter p; undefined if absent, truncated or of another family. */
export function addressOf(e: Event, p: number): Address | undefined {
  const at = p < 0 ? -1 : e.varAt(p)
  return at < 0 ? undefined : decodeSockaddr(e.batch.arena, at, at + e.varLen(at))
}

/** Whether parameter p has other bytes than the last time; remembers them. */
export function tupleChanged(e: Event, fd: Fd, p: number): boolean {
  const at = p < 0 ? -1 : e.varAt(p)
  if (at < 0) return false
  const n = e.varLen(at)
  const { arena } = e.batch
  let seen = fd.tuple
  if (seen !== undefined && seen.length === n) {
    let i = 0
    while (i < n && seen[i] === arena[at + i]) i++
    if (i === n) return false
  } else {
    seen = new Uint8Array(n)
    fd.tuple = seen
  }
  for (let i = 0; i < n; i++) seen[i] = arena[at + i] as number
  return true
}

/**
 * Sets both ends of the Fd. `incoming`: the tuple's source is the remote side (accept, receiving). A local wildcard address is
 * replaced by the address that this host most likely used.
 */
export function setEndpoints(fd: Fd, t: Tuple, incoming: boolean, addresses: readonly string[]): void {
  fd.family = t.family
  if (t.family === AF_UNIX) {
    fd.type = 'unix'
    fd.source = t.source
    fd.dest = t.dest
    fd.path = t.path
  } else {
    const local = incoming ? t.destIp : t.sourceIp
    const remote = incoming ? t.sourceIp : t.destIp
    fd.localIp = isWildcard(local) ? likelyLocal(remote, addresses, local) : local
    fd.localPort = incoming ? t.destPort : t.sourcePort
    fd.remoteIp = isWildcard(remote) && fd.remoteIp !== undefined ? fd.remoteIp : remote
    fd.remotePort = incoming ? t.sourcePort : t.destPort
    fd.type = typeByPeer(remote)
  }
  fd.name = ''
  fd.changed()
}

/** Disconnects the socket: the address in the tuple, to which it is bound, is all that remains. */
export function dissolve(fd: Fd, t: Tuple | undefined): void {
  fd.remoteIp = fd.remotePort = undefined
  fd.localIp = fd.localPort = undefined
  fd.dest = fd.source = undefined
  fd.tuple = undefined
  fd.tcpState = undefined
  fd.connected = false
  fd.connectError = 0
  fd.role = Role.Unknown
  if (fd.family !== AF_UNIX) fd.type = socketType(fd.family)
  fd.name = ''
  if (t !== undefined && t.family !== AF_UNIX && (t.sourcePort !== 0 || !isWildcard(t.sourceIp))) {
    fd.localIp = t.sourceIp
    fd.localPort = t.sourcePort
  }
  fd.changed()
}

/**
 * Sets the ends of the Fd as the kernel's socket has them: both, or the bound one, or none. `accepted`: the remote side opened
 * the connection, and is the tuple's source.
 */
export function setKnownEndpoints(fd: Fd, t: Tuple, accepted: boolean, addresses: readonly string[]): void {
  if (t.family === AF_UNIX) {
    if (t.path === '') return
    if (accepted || t.dest !== '0') setEndpoints(fd, t, accepted, addresses)
    else fd.path = t.path
    return
  }
  if (t.destPort !== 0 || !isWildcard(t.destIp)) {
    setEndpoints(fd, t, accepted, addresses)
    if (fd.role === Role.Unknown) fd.role = Role.Client
  } else if (t.sourcePort !== 0 || !isWildcard(t.sourceIp)) {
    fd.localIp = t.sourceIp
    fd.localPort = t.sourcePort
  }
}

/** Sets the bound address of the Fd. */
export function setBound(fd: Fd, a: Address): void {
  fd.family = a.family
  fd.name = ''
  fd.changed()
  if (a.family === AF_UNIX) {
    fd.type = 'unix'
    fd.path = a.path
  } else {
    fd.type = a.ip.includes(':') ? 'ipv6' : 'ipv4'
    fd.localIp = a.ip
    // port 0 lets the kernel choose: the kernel side has reported the chosen port before (ks_bound)
    fd.localPort = a.port || (fd.localPort ?? 0)
  }
}

/**
 * Decides the role of a socket that only transfers mention: a process that is bound to that local port is the server; else the
 * side that sends first is the client.
 */
export function guessRole(fd: Fd, t: Thread, incoming: boolean, wasBound: boolean): void {
  if (fd.role !== Role.Unknown) return
  fd.changed()
  if (wasBound && incoming) {
    fd.role = Role.Server
    return
  }
  // port 0 means that the port was not recorded
  const waits = fd.localPort !== undefined && fd.localPort > 0
  for (const other of waits ? t.fdTable.fds.values() : [])
    if (
      other !== fd &&
      other.localPort === fd.localPort &&
      other.remoteIp === undefined &&
      other.localIp !== undefined
    ) {
      fd.role = Role.Server
      return
    }
  fd.role = incoming ? Role.Server : Role.Client
}
