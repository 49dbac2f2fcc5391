// What exists when a live capture starts: records of the kernel's iterators, completed by what only /proc provides.
import type { Snapshot } from '../model/snapshot.js'
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
  const read = procFiles(mainThreads(tasks), !refused, spare)
  const facts = new Map<number, ProcFacts>()
  const factsOf = ({ info: { pid }, kernelThread }: TaskRecord): ProcFacts => {
    const found = read.get(pid)
    if (kernelThread) return { ...NO_FACTS, cgroups: found?.cgroups ?? [] }
    let f = facts.get(pid)
    if (f === undefined) {
      f = procFacts(pid, found, procinfo && (procinfo.get(pid) ?? {}))
      facts.set(pid, f)
    }
    return f
  }
  for (const t of tasks) complete(t, factsOf(t), procinfo, files)
  return { threads: tasks.map((t) => t.info), users: users(), groups: groups() }
}

function mainThreads(tasks: readonly TaskRecord[]): number[] {
  const pids: number[] = []
  for (const { info } of tasks) if (info.tid === info.pid) pids.push(info.pid)
  return pids
}

/** Adds to a thread what its record does not show. */
function complete(
  { info, sharesFiles, sharesFs }: TaskRecord,
  { exe, exepath, args, env, cwd, root, cgroups }: ProcFacts,
  procinfo: ReadonlyMap<number, ProcinfoRecord> | undefined,
  files: OpenFiles,
): void {
  const { tid } = info
  const main = tid === info.pid
  const own = main || sharesFs ? { cwd, root } : directories(tid, procinfo && (procinfo.get(tid) ?? {}))
  info.exe = exe
  info.exepath = exepath
  info.args = args
  info.env = env
  info.cwd = own.cwd
  info.root = own.root
  info.cgroups = cgroups
  if (main || !sharesFiles) info.fds = files.of(tid)
}
