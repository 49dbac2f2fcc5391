// Reads the descriptor lists of a file: one block for each process.
import type { FdInfo, FdType, Whole } from '../model/snapshot.js'
import { fileFlags } from '../schema/flags/open.js'
import { ipv4, ipv6, type Reader, Unreadable } from './reader.js'

/** Kinds of descriptors that have only a name. */
export const NAMED: Readonly<Record<number, FdType>> = {
  1: 'file',
  2: 'directory',
  7: 'pipe',
  9: 'event',
  10: 'other',
  11: 'signalfd',
  12: 'eventpoll',
  13: 'inotify',
  14: 'timerfd',
  15: 'netlink',
  17: 'bpf',
  18: 'userfaultfd',
  19: 'io_uring',
  20: 'memfd',
  21: 'pidfd',
}
/** The other kinds, and the one for descriptors that libs does not support. */
export const FD = {
  IPV4: 3,
  IPV6: 4,
  IPV4_SERVER: 5,
  IPV6_SERVER: 6,
  UNIX: 8,
  UNSUPPORTED: 10,
  FILE_V2: 16,
} as const

/** libs' transport protocols, as socket type and IPPROTO number. */
export const L4: Readonly<Record<number, { proto?: number; sockType?: number }>> = {
  2: { proto: 6, sockType: 1 },
  3: { proto: 17, sockType: 2 },
  4: { proto: 1 },
  5: { sockType: 3 },
}
/** TCP states. */
export const LISTEN = 10
const ESTABLISHED = 1
const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10

/** Converts libs' portable open flags to the kernel's. */
export type OpenFlags = (portable: number) => number

/** The kernel's open flags (x86-64) for libs' portable ones. */
export function kernelOpenFlags(portable: number): number {
  let out = ((portable & 3) === 0 ? 0 : (portable & 3) - 1) | 0
  for (const [, ppm, native = ppm] of fileFlags.entries) if (native > 3 && (portable & ppm) === ppm) out |= native
  return out >>> 0
}

/** Reads a descriptor block: its thread, and its entries into `into` (including those before damage). */
export function readDescriptors(
  r: Reader,
  sized: boolean,
  openFlags: OpenFlags,
  into: (tid: number) => FdInfo[],
): void {
  const fds = into(r.i64())
  while (r.left >= 4) {
    if (!sized) {
      fds.push(entry(r, sized, openFlags))
      continue
    }
    const start = r.at
    const length = r.entryLength()
    fds.push(entry(r.slice(r.at, start + length), sized, openFlags))
    r.at = start + length
  }
}

/**
 * Reads an entry. Only a sized entry may have newer fields or an unknown kind: otherwise the start of the next entry could
 * not be determined.
 */
function entry(r: Reader, sized: boolean, openFlags: OpenFlags): FdInfo {
  const num = r.i64()
  const ino = r.exactU64()
  const type = r.u8()
  switch (type) {
    case FD.IPV4:
    case FD.IPV6:
      return connectedSocket(r, { num, ino, name: '', type: type === FD.IPV4 ? 'ipv4' : 'ipv6' }, type === FD.IPV4)
    case FD.IPV4_SERVER:
    case FD.IPV6_SERVER:
      return serverSocket(
        r,
        { num, ino, name: '', type: type === FD.IPV4_SERVER ? 'ipv4' : 'ipv6' },
        type === FD.IPV4_SERVER,
      )
    case FD.UNIX:
      return unixSocket(r, num, ino)
    case FD.FILE_V2:
      return file(r, { num, ino, type: 'file', name: '' }, sized, openFlags)
    default: {
      const known = NAMED[type]
      if (known === undefined && !sized) throw new Unreadable('has an entry of an unknown kind')
      return { num, ino, type: known ?? 'other', name: known === undefined ? '' : r.text() }
    }
  }
}

function unixSocket(r: Reader, num: number, ino: Whole): FdInfo {
  const source = r.bigU64().toString(16)
  const dest = r.bigU64().toString(16)
  // The name is a line of a table in /proc. In old files it includes the line break.
  return { num, ino, type: 'unix', name: r.text().replace(/\n$/, ''), source, dest, family: AF_UNIX }
}

function file(r: Reader, fd: FdInfo, sized: boolean, openFlags: OpenFlags): FdInfo {
  const flags = r.u32()
  fd.name = r.text()
  fd.flags = openFlags(flags)
  if (flags & LAYER.UPPER) fd.layer = 'upper'
  else if (flags & LAYER.LOWER) fd.layer = 'lower'
  if (sized && r.left >= 4) fd.dev = r.u32()
  return fd
}

/** Bits of a file's flags for its layer in an overlay file system. */
export const LAYER = { UPPER: 1 << 15, LOWER: 1 << 16 } as const

function address(r: Reader, v4: boolean): string {
  return v4 ? ipv4(r.raw(4)) : ipv6(r.raw(16))
}

function connectedSocket(r: Reader, fd: FdInfo, v4: boolean): FdInfo {
  fd.family = v4 ? AF_INET : AF_INET6
  fd.localIp = address(r, v4)
  fd.remoteIp = address(r, v4)
  fd.localPort = r.u16()
  fd.remotePort = r.u16()
  Object.assign(fd, L4[r.u8()])
  if (fd.proto === 6) fd.tcpState = ESTABLISHED
  return fd
}

function serverSocket(r: Reader, fd: FdInfo, v4: boolean): FdInfo {
  fd.family = v4 ? AF_INET : AF_INET6
  fd.localIp = address(r, v4)
  fd.localPort = r.u16()
  Object.assign(fd, L4[r.u8()])
  fd.server = true
  if (fd.proto === 6) fd.tcpState = LISTEN
  return fd
}
