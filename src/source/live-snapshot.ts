// What exists when a live capture starts: records of the kernel's iterators, completed by what only /proc provides.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { groups, users } from './accounts.js'
import { OpenFiles } from './file-records.js'
import type { NativeCapture } from './native.js'
import type { Spare } from './plan.js'
import { directories, type ProcFacts, procFacts, procFiles } from './procfs.js'
import { decodeProcinfo, decodeTasks, type ProcinfoRecord, type TaskRecord } from './records.js'

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
  const files = new OpenFiles(existing.files, selfPid)
  const procinfo = refused ? decodeProcinfo(capture.iterate('iter_procinfo')) : undefined
  const processes = tasks.filter((t) => t.tid === t.pid).map((t) => t.pid)
  const read = procFiles(processes, !refused, spare)
  const facts = new Map<number, ProcFacts>()
  const factsOf = (t: TaskRecord): ProcFacts => {
    let f = facts.get(t.pid)
    if (f === undefined) {
      const found = read.get(t.pid)
      f = t.kernelThread
        ? { ...NO_FACTS, cgroups: found?.cgroups ?? [] }
        : procFacts(t.pid, found, procinfo && (procinfo.get(t.pid) ?? {}))
      facts.set(t.pid, f)
    }
    return f
  }
  return {
    threads: tasks.map((t) => threadInfo(t, factsOf(t), procinfo, files)),
    users: users(),
    groups: groups(),
  }
}

function threadInfo(
  t: TaskRecord,
  facts: ProcFacts,
  procinfo: ReadonlyMap<number, ProcinfoRecord> | undefined,
  files: OpenFiles,
): ThreadInfo {
  const { sharesFiles, sharesFs, kernelThread, ...same } = t
  const main = t.tid === t.pid
  return {
    ...same,
    ...facts,
    ...(main || sharesFs ? {} : directories(t.tid, procinfo && (procinfo.get(t.tid) ?? {}))),
    ...(main || !sharesFiles ? { fds: files.of(t.tid) } : {}),
  }
}
