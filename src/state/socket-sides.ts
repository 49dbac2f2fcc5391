// The two sides of a socket: client and server, local and remote. undefined means that the side is not known.
import { type Fd, Role } from '../model/fd.js'

const LISTEN = 10

/** An IPv4 or IPv6 socket. */
export function isInet(fd: Fd): boolean {
  return fd.type === 'ipv4' || fd.type === 'ipv6'
}

/** A socket of any kind. */
export function isSocket(fd: Fd): boolean {
  return isInet(fd) || fd.type === 'unix' || fd.type === 'netlink' || fd.type === 'socket'
}

/** Bound to a local address without a peer: waits for clients or datagrams. */
export function isBound(fd: Fd): boolean {
  return isInet(fd) && fd.localIp !== undefined && fd.remoteIp === undefined
}

/** Whether the internet socket has both ends and a known role. */
function isPair(fd: Fd): boolean {
  return isInet(fd) && fd.remoteIp !== undefined && fd.role !== Role.Unknown
}

/** fd.cip */
export function clientIp(fd: Fd): string | undefined {
  if (!isPair(fd)) return undefined
  return fd.role === Role.Server ? fd.remoteIp : fd.localIp
}

/** fd.cport */
export function clientPort(fd: Fd): number | undefined {
  if (!isPair(fd)) return undefined
  return fd.role === Role.Server ? fd.remotePort : fd.localPort
}

/** fd.sip: also the address a socket is bound to */
export function serverIp(fd: Fd): string | undefined {
  if (isBound(fd)) return fd.localIp
  if (!isPair(fd)) return undefined
  return fd.role === Role.Server ? fd.localIp : fd.remoteIp
}

/** fd.sport: also the port a socket is bound to */
export function serverPort(fd: Fd): number | undefined {
  if (isBound(fd)) return fd.localPort
  if (!isPair(fd)) return undefined
  return fd.role === Role.Server ? fd.localPort : fd.remotePort
}

/** fd.lip */
export function localIp(fd: Fd): string | undefined {
  return isPair(fd) ? fd.localIp : undefined
}

/** fd.lport */
export function localPort(fd: Fd): number | undefined {
  return isPair(fd) ? fd.localPort : undefined
}

/** fd.rip */
export function remoteIp(fd: Fd): string | undefined {
  return isPair(fd) ? fd.remoteIp : undefined
}

/** fd.rport */
export function remotePort(fd: Fd): number | undefined {
  return isPair(fd) ? fd.remotePort : undefined
}

/**
 * fd.is_server: this side listens, is bound or accepted the connection. Where the role is unknown, a destination that is
 * one of the host's own addresses decides. Other descriptors: false.
 */
export function isServer(fd: Fd, addresses: readonly string[]): boolean {
  if (!isInet(fd)) return false
  if (fd.role === Role.Server || fd.tcpState === LISTEN || isBound(fd)) return true
  if (fd.role === Role.Client || fd.remoteIp === undefined) return false
  return addresses.includes(fd.remoteIp)
}

/** Whether an address always refers to the network namespace in which it is used. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1'
}

/** Is the address the host's own? Loopback always is. */
export function isLocalAddress(ip: string, addresses: readonly string[]): boolean {
  return isLoopback(ip) || addresses.includes(ip)
}

/** A local address that was not chosen (0.0.0.0, ::): the kernel picks one for each peer. */
export function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::'
}

/**
 * The address this host most likely uses to talk to `remote` from an unbound socket: loopback for loopback, the address itself
 * if it is one of the host's, else its first address of that family that is not loopback; `fallback` if it has none.
 */
export function likelyLocal(remote: string, addresses: readonly string[], fallback: string): string {
  if (isLocalAddress(remote, addresses)) return remote.startsWith('127.') ? '127.0.0.1' : remote
  const v6 = remote.includes(':')
  for (const a of addresses)
    if (a.includes(':') === v6 && !a.startsWith('127.') && a !== '::1' && !a.startsWith('fe80:')) return a
  return fallback
}
