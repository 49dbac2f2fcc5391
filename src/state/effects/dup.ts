// dup, dup2, dup3 and fcntl: another number for the same file, and close-on-exec.
import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf } from '../flag-bits.js'
import type { StateTables } from '../tables.js'
import {
  add,
  closesOnExec,
  duplicate,
  type Effect,
  type Effects,
  entered,
  int,
  setCloexec,
  slot,
  use,
} from './effect.js'

const FD_CLOEXEC = 1

/** Number `to` now refers to the file that `from` referred to when the call entered. */
function copy(s: StateTables, e: Event, t: Thread, from: number, to: number, cloexec: boolean): void {
  const fd = from < 0 ? undefined : t.fdTable.at(from, entered(e))
  if (fd !== undefined) {
    add(s, e, t, duplicate(fd, to, cloexec))
    e.fdNameChanged = false
    return
  }
  const old = t.fdTable.fds.get(to)
  if (old !== undefined && old.born <= entered(e)) t.fdTable.remove(old, e.time)
  if (from >= 0) e.fdNum = from
}

function dup(def: EventDef): Effect {
  const given = slot(def, 'oldfd', 'fd')
  const closes = closesOnExec(def)
  return (s, e, t) => {
    const from = int(e, given, -1)
    if (e.ret < 0 || e.ret === from) use(e, t, from)
    else copy(s, e, t, from, e.ret, closes(e))
  }
}

function fcntl(def: EventDef): Effect {
  const given = slot(def, 'fd')
  const cmdAt = slot(def, 'cmd')
  const arg = slot(def, 'arg')
  return (s, e, t) => {
    const bits = bitsOf(e.batch)
    const cmd = int(e, cmdAt, -1)
    const from = int(e, given, -1)
    if (e.ret >= 0 && (cmd === bits.F_DUPFD || cmd === bits.F_DUPFD_CLOEXEC)) {
      copy(s, e, t, from, e.ret, cmd === bits.F_DUPFD_CLOEXEC)
      return
    }
    const fd = use(e, t, from)
    if (cmd !== bits.F_SETFD || e.ret < 0 || fd === undefined || t.fdTable.fds.get(fd.num) !== fd) return
    const cloexec = (int(e, arg, 0) & FD_CLOEXEC) !== 0
    if (!fd.shared) {
      setCloexec(fd, cloexec)
      return
    }
    // close-on-exec belongs to the number, not to the file that other tables share
    const own = duplicate(fd, fd.num, cloexec)
    t.fdTable.fds.set(own.num, own)
    e.fd = own
  }
}

export const dupEffects: Effects = { dup, dup2: dup, dup3: dup, fcntl }
