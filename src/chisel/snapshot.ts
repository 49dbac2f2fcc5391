// Visits the threads and descriptors of the state that pass a filter.

import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import { compileFilter } from '../filter/index.js'
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { BatchNs } from '../model/time.js'
import { StateCursor } from '../table/state-cursor.js'

/** Visits threads by thread id, host by host. A filter with fields of descriptors passes threads that have a passing descriptor. */
export function eachThread(
  ctx: FieldContext,
  filter: string | undefined,
  time: BatchNs,
  visit: (e: Event, thread: Thread) => void,
): void {
  const compiled = filter === undefined || filter === '' ? undefined : compileFilter(filter, registry, ctx)
  const ofFds = compiled?.fieldsUsed.some((f) => f.startsWith('fd.')) === true
  const cursor = new StateCursor()
  for (const state of ctx.states)
    for (const t of inOrder(state.threads.values())) {
      if (compiled !== undefined && !ofFds && !compiled.test(cursor.at(state, t, undefined, time))) continue
      if (compiled !== undefined && ofFds && !some(t, (fd) => compiled.test(cursor.at(state, t, fd, time)))) continue
      visit(cursor.at(state, t, undefined, time), t)
    }
}

/** Visits descriptors by thread and number. */
export function eachDescriptor(
  ctx: FieldContext,
  filter: string | undefined,
  time: BatchNs,
  visit: (e: Event, fd: Fd, thread: Thread) => void,
): void {
  const compiled = filter === undefined || filter === '' ? undefined : compileFilter(filter, registry, ctx)
  const cursor = new StateCursor()
  for (const state of ctx.states)
    for (const t of inOrder(state.threads.values()))
      for (const fd of [...t.fdTable.fds.values()].sort((a, b) => a.num - b.num)) {
        const e = cursor.at(state, t, fd, time)
        if (compiled === undefined || compiled.test(e)) visit(e, fd, t)
      }
}

/** Without exited threads and placeholders. */
function inOrder(threads: Iterable<Thread>): Thread[] {
  return [...threads].filter((t) => !t.placeholder && !t.exited).sort((a, b) => a.tid - b.tid)
}

function some(t: Thread, test: (fd: Fd) => boolean): boolean {
  for (const fd of t.fdTable.fds.values()) if (test(fd)) return true
  return false
}
