// Decodes the records of the BPF iterators (struct ksys_task, ksys_file and ksys_procinfo of native/abi.h).

import { ipv4Text, ipv6Text, typeByPeer } from '../model/address.js'
import { kindOf, nameOf } from '../model/fd-kind.js'
import type { FdInfo, FdType, Whole } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'
import { type BootNs, bootNs } from '../model/time.js'

export const TASK_BYTES = 18 * 4 + 11 * 8 + 16
export const PROCINFO_BYTES = 3 * 4
const FILE_BYTES = 7 * 4 + 8 * 2 + 4 + 3 * 8 + 2 * 16

/** One thread. Ids are those of the initial pid namespace; startBoot is CLOCK_BOOTTIME ns; sizes are KiB. */
export interface TaskRecord {
  tid: number
  pid: number
  ptid: number
  vtid: number
  vpid: number
  uid: number
  gid: number
  loginuid: number
  tty: number
  sid: number
  pgid: number
  vpgid: number
  vmSize: number
  vmRss: number
  vmSwap: number
  /** shares descriptors / directories with the main thread */
  sharesFiles: boolean
  sharesFs: boolean
  exeWritable: boolean
  exeUpperLayer: boolean
  kernelThread: boolean
  startBoot: BootNs
  fdLimit: number
  pgftMaj: number
  pgftMin: number
  capInheritable: number
  capPermitted: number
  capEffective: number
  exeIno: Whole
  exeInoCtime: bigint
  exeInoMtime: bigint
  pidnsStart: bigint
  comm: string
}

const TWO32 = 4294967296

/** The 64-bit number at `at`, exact: a bigint if a number cannot represent it. */
function exactAt(v: DataView, at: number): Whole {
  const n = v.getUint32(at, true) + v.getUint32(at + 4, true) * TWO32
  return Number.isSafeInteger(n) ? n : v.getBigUint64(at, true)
}

/** All threads of an iter_task buffer. */
export function decodeTasks(buffer: ArrayBuffer): TaskRecord[] {
  const out: TaskRecord[] = []
  for (let at = 0; at + TASK_BYTES <= buffer.byteLength; at += TASK_BYTES)
    out.push(decodeTask(new DataView(buffer, at, TASK_BYTES), new Uint8Array(buffer, at, TASK_BYTES)))
  return out
}

function decodeTask(v: DataView, bytes: Uint8Array): TaskRecord {
  const u = (i: number) => v.getUint32(i * 4, true)
  const q = (i: number) => v.getUint32(72 + i * 8, true) + v.getUint32(76 + i * 8, true) * TWO32
  const exact = (i: number) => v.getBigUint64(72 + i * 8, true)
  const end = bytes.indexOf(0, TASK_BYTES - 16)
  return {
    tid: u(0),
    pid: u(1),
    ptid: u(2),
    vtid: u(3),
    vpid: u(4),
    uid: u(5),
    gid: u(6),
    loginuid: u(7) | 0,
    tty: u(8),
    sid: u(9),
    pgid: u(10),
    vpgid: u(11),
    vmSize: u(12),
    vmRss: u(13),
    vmSwap: u(14),
    sharesFiles: (u(15) & 1) !== 0,
    sharesFs: (u(15) & 2) !== 0,
    exeWritable: (u(16) & 1) !== 0,
    exeUpperLayer: (u(16) & 2) !== 0,
    kernelThread: u(17) !== 0,
    startBoot: bootNs(q(0)),
    fdLimit: q(1),
    pgftMaj: q(2),
    pgftMin: q(3),
    capInheritable: q(4),
    capPermitted: q(5),
    capEffective: q(6),
    exeIno: exactAt(v, 72 + 7 * 8),
    exeInoCtime: exact(8),
    exeInoMtime: exact(9),
    pidnsStart: exact(10),
    comm: decodeText(bytes, TASK_BYTES - 16, end < 0 ? TASK_BYTES : end),
  }
}

/** An open file, and the thread whose table contains it. netns: for a socket the inode of its network namespace, else 0. */
export interface FileRecord {
  tid: number
  pid: number
  netns: number
  fd: FdInfo
}

/** All open files of an iter_file buffer; stops at a record with an invalid length. */
export function decodeFiles(buffer: ArrayBuffer): FileRecord[] {
  const out: FileRecord[] = []
  const v = new DataView(buffer)
  const bytes = new Uint8Array(buffer)
  for (let at = 0; at + FILE_BYTES <= buffer.byteLength; ) {
    const size = v.getUint32(at, true)
    if (size < FILE_BYTES || at + size > buffer.byteLength) break
    const u = (i: number) => v.getUint32(at + i * 4, true)
    out.push({ tid: u(1), pid: u(2), netns: u(11), fd: decodeFile(v, bytes, at, size) })
    at += size
  }
  return out
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
    const text = fd.type === 'ipv4' ? ipv4Text : ipv6Text
    // an end without address and port does not exist: the socket is not bound, or not connected
    const local = text(bytes, at + 72)
    if (h(4) !== 0 || !UNSET.has(local)) {
      fd.localIp = local
      fd.localPort = h(4)
    }
    const remote = text(bytes, at + 88)
    if (h(5) !== 0 || !UNSET.has(remote)) {
      fd.remoteIp = remote
      fd.remotePort = h(5)
      fd.type = typeByPeer(remote)
    }
  } else if (fd.type === 'unix') {
    fd.source = hex(v, at + 56)
    fd.dest = hex(v, at + 64)
    fd.path = sunPath(bytes, pathEnd, Math.min(pathEnd + h(7), at + size))
  }
  return fd
}

/** Additional facts about a thread; for a thread that is not the main thread at most its own directories. */
export interface ProcinfoRecord {
  cwd?: string
  root?: string
  exepath?: string
  env?: string[]
}

const PLACES = ['cwd', 'root', 'exepath', 'env'] as const

/** The records of an iter_procinfo buffer by tid; stops at a record with an invalid length. */
export function decodeProcinfo(buffer: ArrayBuffer): Map<number, ProcinfoRecord> {
  const out = new Map<number, ProcinfoRecord>()
  const v = new DataView(buffer)
  const bytes = new Uint8Array(buffer)
  for (let at = 0; at + PROCINFO_BYTES <= buffer.byteLength; ) {
    const tid = v.getUint32(at, true)
    const kind = PLACES[v.getUint32(at + 4, true)]
    const from = at + PROCINFO_BYTES
    at = from + v.getUint32(at + 8, true)
    if (kind === undefined || at > buffer.byteLength) break
    const text = decodeText(bytes, from, at)
    let record = out.get(tid)
    if (record === undefined) {
      record = {}
      out.set(tid, record)
    }
    if (kind === 'env') record.env = strings(text)
    else record[kind] = text
  }
  return out
}

/** Splits strings that are terminated by NUL, the last one optionally. */
export function strings(text: string): string[] {
  if (text === '') return []
  const items = text.split('\0')
  if (items[items.length - 1] === '') items.pop()
  return items
}

const UNSET = new Set(['0.0.0.0', '::'])
const SOCKETS: Readonly<Record<number, FdType>> = { 1: 'unix', 2: 'ipv4', 10: 'ipv6', 16: 'netlink' }

/** Abstract names get a leading '@'; others end at their NUL. */
function sunPath(bytes: Uint8Array, from: number, to: number): string {
  if (from === to) return ''
  if (bytes[from] === 0) return `@${decodeText(bytes, from + 1, to)}`
  const nul = bytes.indexOf(0, from)
  return decodeText(bytes, from, nul >= 0 && nul < to ? nul : to)
}

function hex(v: DataView, at: number): string {
  return v.getBigUint64(at, true).toString(16)
}
