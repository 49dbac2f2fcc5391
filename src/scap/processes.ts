// Reads the process list of a file, in its nine versions.
import type { ThreadInfo } from '../model/snapshot.js'
import { unknownThread } from '../model/unknown-thread.js'
import type { Reader } from './reader.js'

/**
 * If at most this many bytes follow the root directory, an entry of the newest version lacks the fields inserted in its
 * middle.
 */
const OLD_TAIL = 29

/** libs' thread flag for sharing the descriptors of the process's main thread. */
export const SHARES_FILES = 1
/** The other properties that all threads of a process share (libs' CLONE_FS, THREAD, VM, SIGHAND, SYSVSEM). */
export const THREAD_FLAGS = 2 | 8192 | 32768 | 2048 | 4096

/** Reads the entries of a process list block into `into`, including those before damage. */
export function readProcesses(r: Reader, version: number, into: ThreadInfo[]): void {
  while (r.left >= 4) {
    if (version < 9) into.push(entry(r, version))
    else {
      const start = r.at
      const length = r.entryLength()
      const own = r.slice(r.at, start + length)
      const t = entry(own, version)
      readAddedFields(own, t)
      into.push(t)
      r.at = start + length
    }
  }
}

function entry(r: Reader, version: number): ThreadInfo {
  const tid = r.i64()
  const pid = r.i64()
  const ptid = r.i64()
  const sid = version >= 6 ? r.i64() : -1
  const vpgid = version >= 8 ? r.i64() : -1
  const t: ThreadInfo = {
    ...unknownThread(),
    tid,
    pid,
    ptid,
    sid,
    vpgid,
    comm: r.text(),
    exe: r.text(),
    exepath: version >= 7 ? r.text() : '',
    args: r.texts(),
    cwd: r.text(),
    fdLimit: r.i64(),
  }
  const flags = r.u32()
  t.uid = r.i32()
  t.gid = r.i32()
  if (tid !== pid && (flags & SHARES_FILES) !== 0) t.fdsOf = pid
  if (version >= 2) {
    t.vmSize = r.u32()
    t.vmRss = r.u32()
    t.vmSwap = r.u32()
    t.pgftMaj = r.u64()
    t.pgftMin = r.u64()
  }
  if (version >= 3) t.env = r.texts()
  if (version >= 4) {
    t.vtid = r.i64()
    t.vpid = r.i64()
    t.cgroups = r.texts()
  }
  if (version >= 5) t.root = r.text()
  return t
}

/** Reads the fields that were added over time. Each is present if it fits into the entry. */
function readAddedFields(r: Reader, t: ThreadInfo): void {
  if (r.left > OLD_TAIL) {
    t.pidnsStart = r.bigU64()
    if (r.left >= 4) t.tty = r.u32()
  }
  if (r.left >= 4) t.loginuid = r.i32()
  if (r.left >= 1) t.exeWritable = r.u8() !== 0
  if (r.left >= 8) t.capInheritable = r.u64()
  if (r.left >= 8) t.capPermitted = r.u64()
  if (r.left >= 8) t.capEffective = r.u64()
  if (r.left >= 1) t.exeUpperLayer = r.u8() !== 0
  if (r.left >= 8) t.exeIno = r.exactU64()
  if (r.left >= 8) t.exeInoCtime = r.bigU64()
  if (r.left >= 8) t.exeInoMtime = r.bigU64()
  if (r.left >= 1) r.skip(1)
  if (r.left >= 1) r.skip(1)
  if (r.left >= 8) t.pgid = r.i64()
}
