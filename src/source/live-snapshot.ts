// What exists when a live capture starts: records of the kernel's iterators, completed by what only /proc provides.
import { TCP_LISTEN } from '../model/address.js'
import type { FdInfo, Snapshot, ThreadInfo } from '../model/snapshot.js'
import { groups, users } from './accounts.js'
import type { NativeCapture } from './native.js'
import type { Spare } from './plan.js'
import { directories, type ProcFacts, procFacts, procMemory } from './procfs.js'
import {
  decodeFiles,
  decodeProcinfo,
  decodeTasks,
  type FileRecord,
  type ProcinfoRecord,
  type TaskRecord,
} from './records.js'

const NO_FACTS: ProcFacts = { exe: '', exepath: '', args: [], env: [], cwd: '', root: '/', cgroups: [] }

/** Threads and descriptors as records of the kernel's iterators, not decoded. */
export interface Existing {
  readonly tasks: ArrayBuffer
  readonly files: ArrayBuffer
}

/**
 * Reads what must be read immediately after attaching. A descriptor that was opened before and is closed before it is read stays unknown,
 * and so do the paths that a program which walks through directories opens relative to it.
 */
export function readExisting(capture: NativeCapture): Existing {
  const files = capture.iterate('iter_file')
  return { files, tasks: capture.iterate('iter_task') }
}

/**
 * Builds the snapshot of what was read after attaching; later changes are in the events. refused: ksys has given up the right to read
 * all of /proc, so the kernel's iterators provide that part. spare: what must not be read.
 */
export function liveSnapshot(
  capture: NativeCapture,
  selfPid: number,
  existing = readExisting(capture),
  refused = false,
  spare?: Spare,
): Snapshot {
  const tasks = decodeTasks(existing.tasks)
  const fds = filesByTable(existing.files, selfPid)
  const procinfo = refused ? decodeProcinfo(capture.iterate('iter_procinfo')) : undefined
  const programs = tasks.filter((t) => t.tid === t.pid && !t.kernelThread).map((t) => t.pid)
  const memory = procMemory(programs, !refused, spare)
  const facts = new Map<number, ProcFacts>()
  const factsOf = (t: TaskRecord): ProcFacts => {
    let f = facts.get(t.pid)
    if (f === undefined) {
      f = procFacts(t.pid, memory.get(t.pid), procinfo && (procinfo.get(t.pid) ?? {}))
      facts.set(t.pid, f)
    }
    return f
  }
  return {
    threads: tasks.map((t) => threadInfo(t, factsOf(t), procinfo, fds)),
    users: users(),
    groups: groups(),
  }
}

/** Open files by the thread whose table contains them. Files of ksys itself are skipped. */
function filesByTable(read: ArrayBuffer, selfPid: number): Map<number, FdInfo[]> {
  const tables = new Map<number, FdInfo[]>()
  const files = decodeFiles(read)
  joinEnds(files)
  for (const { tid, pid, fd } of files) {
    if (pid === selfPid) continue
    const table = tables.get(tid)
    if (table === undefined) tables.set(tid, [fd])
    else table.push(fd)
  }
  return tables
}

/**
 * Adds what one socket alone does not show. A socket is the server's end if its port is listened on in the same network namespace; a
 * unix socket without a path of its own gets its peer's.
 */
function joinEnds(files: readonly FileRecord[]): void {
  const listening = new Set<string>()
  const paths = new Map<string, string>()
  for (const { netns, fd } of files) {
    if (fd.tcpState === TCP_LISTEN && fd.localPort !== undefined) listening.add(`${netns} ${fd.localPort}`)
    if (fd.source !== undefined && fd.path) paths.set(fd.source, fd.path)
  }
  for (const { netns, fd } of files) {
    if (fd.remoteIp !== undefined) fd.server = listening.has(`${netns} ${fd.localPort}`)
    else if (fd.dest !== undefined && fd.path === '') fd.path = paths.get(fd.dest) ?? ''
  }
}

function threadInfo(
  t: TaskRecord,
  process: ProcFacts,
  procinfo: ReadonlyMap<number, ProcinfoRecord> | undefined,
  fds: ReadonlyMap<number, FdInfo[]>,
): ThreadInfo {
  const { sharesFiles, sharesFs, kernelThread, ...same } = t
  const facts = kernelThread ? { ...NO_FACTS, cgroups: process.cgroups } : process
  const main = t.tid === t.pid
  return {
    ...same,
    ...facts,
    ...(main || sharesFs ? {} : directories(t.tid, procinfo && (procinfo.get(t.tid) ?? {}))),
    ...(main || !sharesFiles ? { fds: fds.get(t.tid) ?? [] } : {}),
  }
}
