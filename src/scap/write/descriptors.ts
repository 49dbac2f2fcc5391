// Writes the descriptor list of a process; the counterpart of descriptors.ts, for the newest entries.
import { addressBytes } from '../../model/address.js'
import type { FdInfo } from '../../model/snapshot.js'
import { toPortable } from '../../schema/flags/convert.js'
import { fileFlags } from '../../schema/flags/open.js'
import type { Arch } from '../../schema/types.js'
import { BLOCK } from '../blocks.js'
import { FD, L4, LAYER, LISTEN, NAMED } from '../descriptors.js'
import { Packer } from './packer.js'

const LONGEST_NAME = 1023
const NAMED_TYPES = new Map(Object.entries(NAMED).map(([number, type]) => [type, Number(number)]))

/** The block of the descriptors of thread `tid`. */
export function descriptorBlock(tid: number, fds: Iterable<FdInfo>, arch: Arch): Buffer {
  const p = new Packer().u64(tid)
  for (const fd of fds) p.entry(true, () => entry(p, fd, arch))
  return p.block(BLOCK.DESCRIPTORS)
}

function entry(p: Packer, fd: FdInfo, arch: Arch): void {
  p.u64(fd.num).u64(fd.ino ?? 0)
  if (fd.type === 'ipv4' || fd.type === 'ipv6') inet(p, fd, fd.type === 'ipv4')
  else if (fd.type === 'unix')
    p.u8(FD.UNIX)
      .u64(pointer(fd.source))
      .u64(pointer(fd.dest))
      .text(fd.path ?? fd.name, LONGEST_NAME)
  else if (fd.type === 'file' && (fd.flags !== undefined || fd.dev !== undefined))
    p.u8(FD.FILE_V2)
      .u32(openFlags(fd, arch))
      .text(fd.name, LONGEST_NAME)
      .u32(fd.dev ?? 0)
  else p.u8(NAMED_TYPES.get(fd.type) ?? FD.UNSUPPORTED).text(fd.name, LONGEST_NAME)
}

/** A listening socket, or one that waits for datagrams, has one end. */
function inet(p: Packer, fd: FdInfo, v4: boolean): void {
  const bytes = v4 ? 4 : 16
  const local = addressOf(fd.localIp, bytes)
  const hasOneEnd = fd.tcpState === LISTEN || (fd.remoteIp === undefined && fd.localIp !== undefined)
  if (hasOneEnd)
    p.u8(v4 ? FD.IPV4_SERVER : FD.IPV6_SERVER)
      .raw(local)
      .u16(fd.localPort ?? 0)
  else {
    p.u8(v4 ? FD.IPV4 : FD.IPV6)
      .raw(local)
      .raw(addressOf(fd.remoteIp, bytes))
    p.u16(fd.localPort ?? 0).u16(fd.remotePort ?? 0)
  }
  p.u8(protocol(fd))
}

/** libs' number of the transport protocol, by the protocol or else by the socket type. */
function protocol(fd: FdInfo): number {
  const all = Object.entries(L4)
  const found =
    all.find(([, l]) => l.proto !== undefined && l.proto === fd.proto) ??
    all.find(([, l]) => l.sockType !== undefined && l.sockType === fd.sockType)
  return found === undefined ? 0 : Number(found[0])
}

function openFlags(fd: FdInfo, arch: Arch): number {
  const table = arch === 'arm64' ? (fileFlags.arm64 ?? fileFlags) : fileFlags
  const flags = fd.flags === undefined ? 0 : toPortable(table, 'flags', fd.flags)
  return flags | (fd.layer === 'upper' ? LAYER.UPPER : fd.layer === 'lower' ? LAYER.LOWER : 0)
}

/** An address in the kernel, from its hex digits. */
function pointer(hex: string | undefined): bigint {
  return hex !== undefined && /^[0-9a-f]{1,16}$/i.test(hex) ? BigInt(`0x${hex}`) : 0n
}

/** The 4 or 16 bytes of an address in network byte order; zeros if it is missing or of the other kind. */
function addressOf(text: string | undefined, length: 4 | 16): Uint8Array {
  const bytes = text === undefined ? undefined : addressBytes(text)
  if (bytes?.length === length) return bytes
  return new Uint8Array(length)
}
