// What exists when a live capture begins: the kernel's iterators joined with what /proc alone tells.
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

/** Threads and descriptors as the kernel's iterators tell them, not decoded. */
export interface Existing {
  readonly tasks: ArrayBuffer
  readonly files: ArrayBuffer
}

/**
 * Reads what must be read at once after attaching: a descriptor that was opened before and is closed until it is read is never
 * known, and neither is what a program that walks through directories opens relative to it.
 */
export function readExisting(capture: NativeCapture): Existing {
  const files = capture.iterate('iter_file')
  return { files, tasks: capture.iterate('iter_task') }
}

/**
 * Makes the snapshot of what was read after attaching: what changes meanwhile is in the events. refused: the right to see
 * everything in /proc was given up, and the kernel's iterators tell that part. spare: what is not to be read.
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
  const told = refused ? decodeProcinfo(capture.iterate('iter_procinfo')) : undefined
  const programs = tasks.filter((t) => t.tid === t.pid && !t.kernelThread).map((t) => t.pid)
  const memory = procMemory(programs, !refused, spare)
  const facts = new Map<number, ProcFacts>()
  const factsOf = (t: TaskRecord): ProcFacts => {
    let f = facts.get(t.pid)
    if (f === undefined) {
      f = procFacts(t.pid, memory.get(t.pid), told && (told.get(t.pid) ?? {}))
      facts.set(t.pid, f)
    }
    return f
  }
  return {
    threads: tasks.map((t) => threadInfo(t, factsOf(t), told, fds)),
    users: users(),
    groups: groups(),
  }
}

/** Open files by the thread whose table has them. What ksys itself has open is not of interest. */
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
 * What a socket alone does not tell: it is the server's end when its port is one at which somebody listens in the same
 * network namespace; a unix socket without a path of its own goes by its partner's.
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
  told: ReadonlyMap<number, ProcinfoRecord> | undefined,
  fds: ReadonlyMap<number, FdInfo[]>,
): ThreadInfo {
  const { sharesFiles, sharesFs, kernelThread, ...same } = t
  const facts = kernelThread ? { ...NO_FACTS, cgroups: process.cgroups } : process
  const main = t.tid === t.pid
  return {
    ...same,
    ...facts,
    ...(main || sharesFs ? {} : directories(t.tid, told && (told.get(t.tid) ?? {}))),
    ...(main || !sharesFiles ? { fds: fds.get(t.tid) ?? [] } : {}),
  }
}
