// Decodes the records of open files (struct ksys_file of native/abi.h). Most processes do nothing during a capture: their descriptors
// remain bytes until something needs them. What one socket does not show by itself is collected from the bytes of all.

import { AF_INET, AF_INET6, AF_NETLINK, AF_UNIX, ipv4Text, ipv6Text, TCP_LISTEN, typeByPeer } from '../model/address.js'
import { isSocketMode, kindOf, nameOf } from '../model/fd-kind.js'
import type { FdInfo, FdRecords, FdType } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'
import { exactAt } from './records.js'

const FILE_BYTES = 7 * 4 + 8 * 2 + 4 + 3 * 8 + 2 * 16
const LOCAL = 72
const REMOTE = 88
const TWO16 = 65536
const NO_PORTS: readonly number[] = []

/** The open files of an iter_file buffer by the thread whose table contains them; ends at a record with an invalid length. */
export class OpenFiles {
  private readonly tables = new Map<number, TableRecords>()

  /** skipped: pid of the process whose files are not included */
  constructor(buffer: ArrayBuffer, skipped: number) {
    const records = new FileRecords(buffer)
    const { view } = records
    let table: TableRecords | undefined
    for (let at = 0; at + FILE_BYTES <= buffer.byteLength; ) {
      const size = view.getUint32(at, true)
      if (size < FILE_BYTES || at + size > buffer.byteLength) break
      const port = records.note(at)
      const tid = view.getUint32(at + 4, true)
      if (view.getUint32(at + 8, true) !== skipped) {
        if (table === undefined || table.tid !== tid) table = this.tableOf(tid, records)
        table.add(at, size, port)
      }
      at += size
    }
  }

  /** The files in that thread's own table. */
  of(tid: number): readonly FdInfo[] | FdRecords {
    return this.tables.get(tid) ?? []
  }

  private tableOf(tid: number, records: FileRecords): TableRecords {
    let table = this.tables.get(tid)
    if (table === undefined) {
      table = new TableRecords(tid, records)
      this.tables.set(tid, table)
    }
    return table
  }
}

/** The records of one table. */
class TableRecords implements FdRecords {
  private ports: number[] | undefined
  /** offsets of each run of records: of its first one, and after its last one */
  private readonly runs: number[] = []

  constructor(
    readonly tid: number,
    private readonly records: FileRecords,
  ) {}

  /** port: on which it listens, if it does */
  add(at: number, size: number, port: number | undefined): void {
    const { runs } = this
    if (runs.at(-1) === at) runs[runs.length - 1] = at + size
    else runs.push(at, at + size)
    if (port !== undefined) {
      this.ports ??= []
      this.ports.push(port)
    }
  }

  get listening(): readonly number[] {
    return this.ports ?? NO_PORTS
  }

  *[Symbol.iterator](): Iterator<FdInfo> {
    const { records, runs } = this
    for (let i = 0; i < runs.length; i += 2)
      for (let at = runs[i] as number; at < (runs[i + 1] as number); at += records.sizeOf(at)) yield records.decode(at)
  }
}

/** All records, and what their sockets show about each other. */
class FileRecords {
  readonly view: DataView
  private readonly bytes: Uint8Array
  /** by network namespace and port */
  private readonly listening = new Set<number>()
  /** offsets of unix sockets with a path, by their addresses in the kernel */
  private readonly named = new Map<bigint, number>()

  constructor(buffer: ArrayBuffer) {
    this.view = new DataView(buffer)
    this.bytes = new Uint8Array(buffer)
  }

  sizeOf(at: number): number {
    return this.view.getUint32(at, true)
  }

  /** Notes what other sockets need to know of this one; all records must be noted before one is decoded. Returns its port if it listens. */
  note(at: number): number | undefined {
    const { view } = this
    if (!isSocketMode(view.getUint32(at + 16, true))) return undefined
    const family = view.getUint16(at + 28, true)
    if (family === AF_UNIX) {
      if (sunOf(view, at).length > 0) this.named.set(view.getBigUint64(at + 56, true), at)
      return undefined
    }
    if ((family !== AF_INET && family !== AF_INET6) || view.getUint16(at + 34, true) !== TCP_LISTEN) return undefined
    const port = view.getUint16(at + 36, true)
    if (port === 0 && isUnset(addressAt(this.bytes, at + LOCAL, family))) return undefined
    this.listening.add(endOf(view, at))
    return port
  }

  /** A socket is the server's end if its port is listened on in the same network namespace; a unix socket without a path gets its peer's. */
  decode(at: number): FdInfo {
    const { view, bytes } = this
    const fd = decodeFile(view, bytes, at, this.sizeOf(at))
    if (fd.remoteIp !== undefined) fd.server = this.listening.has(endOf(view, at))
    else if (fd.path === '') {
      const peer = this.named.get(view.getBigUint64(at + 64, true))
      if (peer !== undefined) fd.path = sunPath(bytes, sunOf(view, peer))
    }
    return fd
  }
}

/** A key for a socket's local end: its network namespace, and its port. */
function endOf(view: DataView, at: number): number {
  return view.getUint32(at + 44, true) * TWO16 + view.getUint16(at + 36, true)
}

function decodeFile(v: DataView, bytes: Uint8Array, at: number, size: number): FdInfo {
  const u = (i: number) => v.getUint32(at + i * 4, true)
  const h = (i: number) => v.getUint16(at + 28 + i * 2, true)
  const pathAt = at + FILE_BYTES
  const pathEnd = Math.min(pathAt + h(6), at + size)
  const path = decodeText(bytes, pathAt, pathEnd)
  const mode = u(4)
  const fd: FdInfo = { num: u(3), type: kindOf(mode, path), name: '', dev: u(5), ino: exactAt(v, at + 48), flags: u(6) }
  const type = fd.type
  fd.name = nameOf(type, path)
  if (type !== 'socket') return fd
  fd.family = h(0)
  fd.sockType = h(1)
  fd.proto = h(2)
  fd.tcpState = h(3)
  fd.type = SOCKETS[fd.family] ?? 'socket'
  if (fd.type === 'ipv4' || fd.type === 'ipv6') {
    // an end without address and port does not exist: the socket is not bound, or not connected
    const local = addressAt(bytes, at + LOCAL, fd.family)
    if (h(4) !== 0 || !isUnset(local)) {
      fd.localIp = local
      fd.localPort = h(4)
    }
    const remote = addressAt(bytes, at + REMOTE, fd.family)
    if (h(5) !== 0 || !isUnset(remote)) {
      fd.remoteIp = remote
      fd.remotePort = h(5)
      fd.type = typeByPeer(remote)
    }
  } else if (fd.type === 'unix') {
    fd.source = hex(v, at + 56)
    fd.dest = hex(v, at + 64)
    fd.path = sunPath(bytes, sunOf(v, at))
  }
  return fd
}

const SOCKETS: Readonly<Record<number, FdType>> = {
  [AF_UNIX]: 'unix',
  [AF_INET]: 'ipv4',
  [AF_INET6]: 'ipv6',
  [AF_NETLINK]: 'netlink',
}

function addressAt(bytes: Uint8Array, at: number, family: number): string {
  return family === AF_INET ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
}

function isUnset(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::'
}

/** Where a unix socket's own path is in its record. */
function sunOf(v: DataView, at: number): { readonly from: number; readonly length: number } {
  const end = at + v.getUint32(at, true)
  const from = Math.min(at + FILE_BYTES + v.getUint16(at + 40, true), end)
  return { from, length: Math.min(v.getUint16(at + 42, true), end - from) }
}

/** Abstract names get a leading '@'; others end at their NUL. */
function sunPath(bytes: Uint8Array, { from, length }: { readonly from: number; readonly length: number }): string {
  if (length === 0) return ''
  const to = from + length
  if (bytes[from] === 0) return `@${decodeText(bytes, from + 1, to)}`
  const nul = bytes.indexOf(0, from)
  return decodeText(bytes, from, nul >= 0 && nul < to ? nul : to)
}

function hex(v: DataView, at: number): string {
  return v.getBigUint64(at, true).toString(16)
}
