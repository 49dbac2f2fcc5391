// The id of the container that a thread runs in, as its cgroups tell it.
import type { Thread } from '../model/thread.js'

const ID = /(?:^|[/\-:])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/

/** The first 12 digits of the container's id, '' outside of containers. */
export function containerId(t: Thread): string {
  for (const cgroup of t.cgroups.length > 0 ? t.cgroups : t.leader.cgroups) {
    const id = ID.exec(cgroup)?.[1]
    if (id !== undefined) return id.slice(0, 12)
  }
  return ''
}

const known = new WeakMap<readonly string[], boolean>()

/** Whether the thread runs in a container: its user and group numbers are not the host's. */
export function inContainer(t: Thread): boolean {
  const cgroups = t.cgroups.length > 0 ? t.cgroups : t.leader.cgroups
  let inside = known.get(cgroups)
  if (inside === undefined) {
    inside = containerId(t) !== ''
    known.set(cgroups, inside)
  }
  return inside
}
