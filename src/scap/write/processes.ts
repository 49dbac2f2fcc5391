// Writes the process list of a section; the counterpart of processes.ts, for the newest entries.
import type { ThreadInfo } from '../../model/snapshot.js'
import { BLOCK } from '../blocks.js'
import { SHARES_FILES, THREAD_FLAGS } from '../processes.js'
import { Packer } from './packer.js'

/** libs' limits of the bytes of texts and lists of texts. */
const LONGEST = 1024
const LONGEST_LIST = 4096

/** The block of these processes and threads. */
export function processBlock(threads: readonly ThreadInfo[]): Buffer {
  const p = new Packer()
  for (const t of threads) p.entry(true, () => entry(p, t))
  return p.block(BLOCK.PROCESSES)
}

function entry(p: Packer, t: ThreadInfo): void {
  p.u64(t.tid).u64(t.pid).u64(t.ptid).u64(t.sid).u64(t.vpgid)
  p.text(t.comm, LONGEST).text(t.exe, LONGEST).text(t.exepath, LONGEST)
  p.texts(t.args, LONGEST_LIST).text(t.cwd, LONGEST)
  p.u64(t.fdLimit).u32(flagsOf(t)).u32(t.uid).u32(t.gid)
  p.u32(t.vmSize).u32(t.vmRss).u32(t.vmSwap).u64(t.pgftMaj).u64(t.pgftMin)
  p.texts(t.env, LONGEST_LIST).u64(t.vtid).u64(t.vpid).texts(t.cgroups, LONGEST_LIST).text(t.root, LONGEST)
  p.u64(t.pidnsStart)
    .u32(t.tty)
    .u32(t.loginuid)
    .u8(t.exeWritable ? 1 : 0)
  p.u64(t.capInheritable)
    .u64(t.capPermitted)
    .u64(t.capEffective)
    .u8(t.exeUpperLayer ? 1 : 0)
  p.u64(t.exeIno).u64(t.exeInoCtime).u64(t.exeInoMtime)
  // unknown: whether the program exists only in memory, or in a lower layer
  p.u8(0).u8(0).u64(t.pgid)
}

function flagsOf(t: ThreadInfo): number {
  if (t.tid === t.pid) return 0
  return THREAD_FLAGS | (t.fdsOf === undefined && t.fds !== undefined ? 0 : SHARES_FILES)
}
