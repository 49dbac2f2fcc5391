// Joins a snapshot that was read again during a capture with the present state: for threads that still run, earlier events
// contained more than can be read now.

import type { ListedSnapshot, Snapshot, ThreadInfo } from '../model/snapshot.js'
import { isSameStart, type Thread } from '../model/thread.js'
import { type BootNs, batchOfBoot } from '../model/time.js'
import { saveProcesses } from './snapshots.js'
import type { State } from './state.js'

/**
 * The snapshot, completed from the state: a thread that still runs gets its directories, and its program's path unless the
 * program changed.
 */
export function mergedSnapshot(state: State, s: Snapshot): ListedSnapshot {
  const known = saveProcesses(state.table, state.info.startBoot)
  const paths = new Map<string, string>()
  for (const t of known.values()) if (t.exepath !== '') paths.set(program(t), t.exepath)
  const inside = state.containers.save()
  return {
    threads: Array.from(s.threads, (t) => {
      const before = known.get(t.tid)
      const exepath = t.exepath || paths.get(program(t)) || ''
      if (before === undefined || !sameThread(state.threads.get(t.tid), t, state.info.startBoot))
        return { ...t, exepath }
      return withKnown({ ...t, exepath }, before)
    }),
    users: [...s.users, ...inside.users],
    groups: [...s.groups, ...inside.groups],
    containers: inside.containers,
    ...state.stacks.save(),
  }
}

function sameThread(known: Thread | undefined, t: ThreadInfo, startBoot: BootNs): boolean {
  if (known === undefined || known.placeholder || known.startTime === undefined) return false
  return isSameStart(known.startTime, batchOfBoot({ startBoot }, t.startBoot))
}

function withKnown(t: ThreadInfo, known: ThreadInfo): ThreadInfo {
  const { ranUser, ranSystem, ranAt, ranFirst, lastUser, lastSystem, ranSpan } = known
  const times = ranUser === undefined ? {} : { ranUser, ranSystem, ranAt, ranFirst, lastUser, lastSystem, ranSpan }
  const same = program(t) === program(known)
  const { env, envTruncated } = t.env.length > 0 ? t : known
  return {
    ...t,
    ...times,
    cwd: t.cwd || known.cwd,
    root: t.cwd === '' ? known.root : t.root,
    ...(same ? { exepath: t.exepath || known.exepath, env, ...(envTruncated && { envTruncated }) } : {}),
  }
}

/** A key for the executable file of a process. */
function program(t: ThreadInfo): string {
  return `${t.exeIno} ${t.exeInoCtime} ${t.exeInoMtime}`
}
