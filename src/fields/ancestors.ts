// Walks from a thread to its ancestors. Parent links come from captures and may be wrong, so every walk is bounded.
import type { Thread } from '../model/thread.js'

const DEEPEST = 128

/** The parent process; undefined if unknown. */
export function parentOf(t: Thread): Thread | undefined {
  const p = t.leader.parent ?? t.parent
  return p === undefined || p === t.leader ? undefined : p.leader
}

/** The ancestor `level` steps up: 0 is the process itself, 1 its parent. */
export function ancestor(t: Thread | undefined, level: number): Thread | undefined {
  let at = t?.leader
  for (let i = 0; i < level && at !== undefined; i++) at = i < DEEPEST ? parentOf(at) : undefined
  return at
}

/** Calls `visit` with each ancestor, nearest first, until it returns false. */
export function eachAncestor(t: Thread, visit: (a: Thread) => boolean): void {
  let at = parentOf(t)
  for (let i = 0; i < DEEPEST && at !== undefined && visit(at); i++) at = parentOf(at)
}

/** The value that `get` returns for a process; undefined if only the process's ids are known. */
export function ifDescribed<T>(get: (t: Thread) => T): (t: Thread) => T | undefined {
  return (t) => (t.leader.placeholder ? undefined : get(t))
}

/**
 * The most distant ancestor reachable while `id` stays the same; the process itself if its parent differs. An ancestor of which only
 * the process id is known ends the search, as its other ids are unknown.
 */
export function leaderBy(t: Thread, id: (t: Thread) => number): Thread {
  const main = t.leader
  const wanted = id(main)
  let top = main
  let at = parentOf(main)
  for (let i = 0; i < DEEPEST && at !== undefined && !at.placeholder && id(at) === wanted; i++) {
    top = at
    at = parentOf(at)
  }
  return top
}

/** Whether the process is in a pid namespace other than the host's. */
export function inPidNamespace(t: Thread): boolean {
  return t.vtid !== t.tid || t.vpid !== t.pid
}
