// What exists when a live capture begins: the kernel's iterators joined with what /proc alone tells.
import type { FdInfo, Snapshot, ThreadInfo } from '../model/snapshot.js'
import { groups, users } from './accounts.js'
import type { NativeCapture } from './native.js'
import { directories, type ProcFacts, procFacts } from './procfs.js'
import { decodeFiles, decodeTasks, type TaskRecord } from './records.js'

const NO_FACTS: ProcFacts = { exe: '', exepath: '', args: [], env: [], cwd: '', root: '/', cgroups: [] }

/** Reads the snapshot. To be called after attaching: what changes meanwhile is in the events. */
export function liveSnapshot(capture: NativeCapture, selfPid: number): Snapshot {
  const tasks = decodeTasks(capture.iterate('each_task'))
  const fds = filesByTable(capture, selfPid)
  const facts = new Map<number, ProcFacts>()
  const factsOf = (t: TaskRecord): ProcFacts => {
    let f = facts.get(t.pid)
    if (f === undefined) {
      f = procFacts(t.pid)
      facts.set(t.pid, f)
    }
    return f
  }
  return {
    threads: tasks.map((t) => threadInfo(t, factsOf(t), fds)),
    users: users(),
    groups: groups(),
  }
}

/** Open files by the thread whose table has them. What ksys itself has open is not of interest. */
function filesByTable(capture: NativeCapture, selfPid: number): Map<number, FdInfo[]> {
  const tables = new Map<number, FdInfo[]>()
  for (const { tid, pid, fd } of decodeFiles(capture.iterate('each_file'))) {
    if (pid === selfPid) continue
    const table = tables.get(tid)
    if (table === undefined) tables.set(tid, [fd])
    else table.push(fd)
  }
  return tables
}

function threadInfo(t: TaskRecord, process: ProcFacts, fds: ReadonlyMap<number, FdInfo[]>): ThreadInfo {
  const { sharesFiles, sharesFs, kernelThread, ...same } = t
  const facts = kernelThread ? { ...NO_FACTS, cgroups: process.cgroups } : process
  const main = t.tid === t.pid
  return {
    ...same,
    ...facts,
    ...(main || sharesFs ? {} : directories(t.tid)),
    ...(main || !sharesFiles ? { fds: fds.get(t.tid) ?? [] } : {}),
  }
}
