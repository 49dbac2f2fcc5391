// What exists when a live capture starts: records of the kernel's iterators, completed by what only /proc provides.
import type { Snapshot } from '../model/snapshot.js'
import { groups, users } from './accounts.js'
import { OpenFiles } from './file-records.js'
import { LiveThreads } from './live-threads.js'
import type { NativeCapture } from './native.js'
import type { Spare } from './plan.js'
import { directories, type ProcFacts, procFacts, procFiles } from './procfs.js'
import { decodeProcinfo, type ProcinfoRecord, Tasks } from './records.js'

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
  const tasks = new Tasks(existing.tasks)
  const files = new OpenFiles(existing.files, selfPid)
  const procinfo = refused ? decodeProcinfo(capture.iterate('iter_procinfo')) : undefined
  return { threads: new LiveThreads(tasks, files, factsOf(tasks, procinfo, spare)), users: users(), groups: groups() }
}

/** What only /proc provides, by the index of the thread. Threads of a process share theirs unless they have directories of their own. */
function factsOf(
  tasks: Tasks,
  procinfo: ReadonlyMap<number, ProcinfoRecord> | undefined,
  spare: Spare | undefined,
): ProcFacts[] {
  const read = procFiles(mainThreads(tasks), procinfo === undefined, spare)
  const byPid = new Map<number, ProcFacts>()
  const facts: ProcFacts[] = []
  for (let i = 0; i < tasks.length; i++) {
    const tid = tasks.id('tid', i)
    const pid = tasks.id('pid', i)
    let f = byPid.get(pid)
    if (f === undefined) {
      const found = read.get(pid)
      f = tasks.isKernelThread(i)
        ? { ...NO_FACTS, cgroups: found?.cgroups ?? [] }
        : procFacts(pid, found, procinfo && (procinfo.get(pid) ?? {}))
      byPid.set(pid, f)
    }
    const own = tid !== pid && !tasks.at(i).sharesFs
    facts.push(own ? { ...f, ...directories(tid, procinfo && (procinfo.get(tid) ?? {})) } : f)
  }
  return facts
}

function mainThreads(tasks: Tasks): number[] {
  const pids: number[] = []
  for (let i = 0; i < tasks.length; i++) if (tasks.id('tid', i) === tasks.id('pid', i)) pids.push(tasks.id('pid', i))
  return pids
}
