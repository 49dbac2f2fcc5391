// What exists, read again in the middle of a capture, joined with what was known: the events told more about those that still
// run than can be read now.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { isSameStart, type Thread } from '../model/thread.js'
import { saveThreads } from './snapshots.js'
import type { State } from './state.js'

/** The snapshot with what the state knows besides: who still runs has its directories, and its program unless it has another. */
export function mergedSnapshot(state: State, s: Snapshot): Snapshot {
  const known = new Map(saveThreads(state.table, state.info.startBoot).map((t) => [t.tid, t]))
  const paths = new Map<string, string>()
  for (const t of known.values()) if (t.exepath !== '') paths.set(program(t), t.exepath)
  const inside = state.containers.save()
  return {
    threads: s.threads.map((t) => {
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

function sameThread(known: Thread | undefined, t: ThreadInfo, startBoot: number): boolean {
  if (known === undefined || known.placeholder || known.startTime === undefined) return false
  return isSameStart(known.startTime, t.startBoot - startBoot)
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

/** The file that a process runs, as a key. */
function program(t: ThreadInfo): string {
  return `${t.exeIno} ${t.exeInoCtime} ${t.exeInoMtime}`
}
