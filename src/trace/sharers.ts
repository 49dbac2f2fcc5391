// Which processes have something in common, as a snapshot tells.
import type { Snapshot } from '../model/snapshot.js'

type Pair = readonly [number, number]

/** Pairs of processes of which one uses the other's descriptors or directories. */
export function sharersOfTables(s: Snapshot): Pair[] {
  const processOf = new Map(s.threads.map((t) => [t.tid, t.pid]))
  const pairs: Pair[] = []
  for (const t of s.threads)
    for (const tid of [t.fdsOf, t.fsOf]) {
      const owner = tid === undefined ? undefined : processOf.get(tid)
      if (owner !== undefined && owner !== t.pid) pairs.push([t.pid, owner])
    }
  return pairs
}

/** Pairs of processes that have the same sockets: each with the first that has it. */
export function sharersOfSockets(s: Snapshot): Pair[] {
  const firsts = new Map<number, number>()
  const pairs: Pair[] = []
  for (const t of s.threads)
    for (const { common } of t.fds ?? []) {
      if (common === undefined) continue
      const first = firsts.get(common)
      if (first === undefined) firsts.set(common, t.pid)
      else if (first !== t.pid) pairs.push([t.pid, first])
    }
  return pairs
}
