// dup, dup2, dup3 and fcntl: another number for the same file, and close-on-exec.
import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf } from '../bits.js'
import { add, duplicate, type Effect, type Effects, entered, num, param, use } from './effect.js'

const FD_CLOEXEC = 1

/** Number `to` now means what `from` meant when the call entered. */
function copy(e: Event, t: Thread, from: number | undefined, to: number, cloexec: boolean): void {
  const fd = from === undefined || from < 0 ? undefined : t.fdTable.at(from, entered(e))
  if (fd !== undefined) {
    add(e, t, duplicate(fd, to, cloexec))
    e.fdNameChanged = false
    return
  }
  const old = t.fdTable.fds.get(to)
  if (old !== undefined && old.born <= entered(e)) t.fdTable.remove(old, e.time)
  if (from !== undefined) e.fdNum = from
}

function dup(def: EventDef): Effect {
  const oldfd = param(def, 'oldfd', 'fd')
  const flags = param(def, 'flags')
  return (_s, e, t) => {
    const from = num(e, oldfd)
    if (e.ret < 0 || e.ret === from) use(e, t, from ?? -1)
    else copy(e, t, from, e.ret, ((num(e, flags) ?? 0) & bitsOf(e.batch).O_CLOEXEC) !== 0)
  }
}

function fcntl(def: EventDef): Effect {
  const p = param(def, 'fd')
  const cmd = param(def, 'cmd')
  const arg = param(def, 'arg')
  return (_s, e, t) => {
    const bits = bitsOf(e.batch)
    const c = num(e, cmd)
    const from = num(e, p)
    if (e.ret >= 0 && (c === bits.F_DUPFD || c === bits.F_DUPFD_CLOEXEC)) {
      copy(e, t, from, e.ret, c === bits.F_DUPFD_CLOEXEC)
      return
    }
    const fd = use(e, t, from ?? -1)
    if (e.ret < 0 || c !== bits.F_SETFD || fd === undefined || t.fdTable.fds.get(fd.num) !== fd) return
    // close-on-exec belongs to the number, not to the file that other tables may share
    const own = duplicate(fd, fd.num, ((num(e, arg) ?? 0) & FD_CLOEXEC) !== 0)
    t.fdTable.fds.set(own.num, own)
    e.fd = own
  }
}

export const dupEffects: Effects = { dup, dup2: dup, dup3: dup, fcntl }
