// A descriptor's displayed name, the letter of its kind, and the letter of its protocol.
import { type Fd, Role } from '../model/fd.js'
import type { FdType } from '../model/snapshot.js'

const LETTER: Record<FdType, string> = {
  file: 'f',
  directory: 'd',
  ipv4: '4',
  ipv6: '6',
  unix: 'u',
  pipe: 'p',
  event: 'e',
  signalfd: 's',
  eventpoll: 'l',
  inotify: 'i',
  timerfd: 't',
  netlink: 'n',
  bpf: 'b',
  userfaultfd: 'u',
  io_uring: 'r',
  memfd: 'm',
  pidfd: 'P',
  socket: 'o',
  other: 'X',
}

/** The kinds of descriptor with a letter. */
export function typesOf(letter: string): readonly FdType[] {
  return (Object.keys(LETTER) as FdType[]).filter((type) => LETTER[type] === letter)
}

/** The letter of the kind (fd.typechar, `<f>` in arguments). */
export function typeChar(fd: Fd): string {
  return LETTER[fd.type] ?? 'o'
}

/**
 * The name (fd.name): a path, `client:port->server:port`, `ip:port` of a bound socket, `source->dest path` of a unix socket, ''
 * if it has none. Built once and cached on the Fd until its ends change.
 */
export function fdName(fd: Fd): string {
  if (fd.name === '') fd.name = build(fd)
  return fd.name
}

function build(fd: Fd): string {
  if (fd.type === 'ipv4' || fd.type === 'ipv6') {
    if (fd.localIp === undefined) return fd.remoteIp === undefined ? '' : `${fd.remoteIp}:${fd.remotePort}`
    const local = `${fd.localIp}:${fd.localPort}`
    if (fd.remoteIp === undefined) return local
    const remote = `${fd.remoteIp}:${fd.remotePort}`
    return fd.role === Role.Server ? `${remote}->${local}` : `${local}->${remote}`
  }
  if (fd.type !== 'unix') return ''
  if (fd.source === undefined || (fd.dest === '0' && !fd.path)) return fd.path ?? ''
  return `${fd.source}->${fd.dest} ${fd.path ?? ''}`
}

const TCP = 6
const UDP = 17
const SOCK_STREAM = 1
const SOCK_DGRAM = 2
const SOCK_RAW = 3

/**
 * Transport protocol (fd.l4proto) of an internet socket that has an address: tcp, udp, icmp or raw. undefined for others
 * and for sockets that are neither bound nor connected.
 */
export function l4proto(fd: Fd): 'tcp' | 'udp' | 'icmp' | 'raw' | undefined {
  if (fd.type !== 'ipv4' && fd.type !== 'ipv6') return undefined
  if (fd.localIp === undefined && fd.remoteIp === undefined) return undefined
  const type = fd.sockType === undefined ? 0 : fd.sockType & 0xf
  if (type === SOCK_RAW) return 'raw'
  if (fd.proto === TCP) return 'tcp'
  if (fd.proto === UDP) return 'udp'
  if (fd.proto === 1 || fd.proto === 58) return 'icmp'
  return type === SOCK_STREAM ? 'tcp' : type === SOCK_DGRAM ? 'udp' : undefined
}

/** The letter after the kind's in arguments (`<4t>`), '' when there is none. */
export function protoChar(fd: Fd): string {
  return l4proto(fd)?.charAt(0) ?? ''
}
