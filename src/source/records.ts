// Decodes the records of the BPF iterators about threads (struct ksys_task and ksys_procinfo of native/abi.h).

import type { ThreadInfo, Whole } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'
import { bootNs } from '../model/time.js'

const COMM_BYTES = 16
const NONE: string[] = []
export const TASK_BYTES = 18 * 4 + 11 * 8 + COMM_BYTES
export const PROCINFO_BYTES = 3 * 4

/** One thread, and what only decides how its facts are completed. */
export interface TaskRecord {
  /** What the record shows; the rest is empty. Ids are those of the initial pid namespace, sizes are KiB. */
  readonly info: ThreadInfo
  /** shares descriptors / directories with the main thread */
  readonly sharesFiles: boolean
  readonly sharesFs: boolean
}

const TWO32 = 4294967296

/** The 64-bit number at `at`, exact: a bigint if a number cannot represent it. */
export function exactAt(v: DataView, at: number): Whole {
  const n = v.getUint32(at, true) + v.getUint32(at + 4, true) * TWO32
  return Number.isSafeInteger(n) ? n : v.getBigUint64(at, true)
}

/** The threads of an iter_task buffer, which are decoded when they are needed. */
export class Tasks {
  readonly length: number
  private readonly view: DataView
  private readonly bytes: Uint8Array

  constructor(buffer: ArrayBuffer) {
    this.length = Math.floor(buffer.byteLength / TASK_BYTES)
    this.view = new DataView(buffer)
    this.bytes = new Uint8Array(buffer)
  }

  id(key: (typeof TASK_IDS)[number], index: number): number {
    return this.view.getUint32(index * TASK_BYTES + TASK_IDS.indexOf(key) * 4, true)
  }

  isKernelThread(index: number): boolean {
    return this.view.getUint32(index * TASK_BYTES + 17 * 4, true) !== 0
  }

  at(index: number): TaskRecord {
    return decodeTask(this.view, this.bytes, index * TASK_BYTES)
  }
}

/** The first numbers of a record (struct ksys_task). */
const TASK_IDS = ['tid', 'pid', 'ptid', 'vtid', 'vpid'] as const

function decodeTask(v: DataView, bytes: Uint8Array, at: number): TaskRecord {
  const u = (i: number) => v.getUint32(at + i * 4, true)
  const q = (i: number) => v.getUint32(at + 72 + i * 8, true) + v.getUint32(at + 76 + i * 8, true) * TWO32
  const exact = (i: number) => v.getBigUint64(at + 72 + i * 8, true)
  const next = at + TASK_BYTES
  const end = bytes.indexOf(0, next - COMM_BYTES)
  // every thread gets this one shape: spreading several objects would cost more than all the rest
  const info: ThreadInfo = {
    tid: u(0),
    pid: u(1),
    ptid: u(2),
    vtid: u(3),
    vpid: u(4),
    comm: decodeText(bytes, next - COMM_BYTES, end < 0 || end > next ? next : end),
    exe: '',
    exepath: '',
    args: NONE,
    env: NONE,
    cwd: '',
    root: '/',
    uid: u(5),
    gid: u(6),
    loginuid: u(7) | 0,
    tty: u(8),
    sid: u(9),
    pgid: u(10),
    vpgid: u(11),
    startBoot: bootNs(q(0)),
    capInheritable: q(4),
    capPermitted: q(5),
    capEffective: q(6),
    cgroups: NONE,
    fdLimit: q(1),
    vmSize: u(12),
    vmRss: u(13),
    vmSwap: u(14),
    pgftMaj: q(2),
    pgftMin: q(3),
    exeIno: exactAt(v, at + 72 + 7 * 8),
    exeInoCtime: exact(8),
    exeInoMtime: exact(9),
    pidnsStart: exact(10),
    exeWritable: (u(16) & 1) !== 0,
    exeUpperLayer: (u(16) & 2) !== 0,
  }
  return { info, sharesFiles: (u(15) & 1) !== 0, sharesFs: (u(15) & 2) !== 0 }
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
