// close and close_range: descriptors are removed once the event has been shown.
import type { EventDef } from '../../schema/types.js'
import { duplicate, type Effect, type Effects, entered, has, int, num, param, slot, use } from './effect.js'
import { readsFrom } from './transfer.js'

const EBADF = -9
const CLOSE_RANGE_UNSHARE = 2
const CLOSE_RANGE_CLOEXEC = 4

function close(def: EventDef): Effect {
  const given = slot(def, 'fd')
  return (s, e, t) => {
    const fd = use(e, t, int(e, given, -1))
    // whatever error close returns, the number is free afterwards
    if (fd !== undefined && e.ret !== EBADF) s.deferred.close(t.fdTable, fd, e.time)
  }
}

function closeRange(def: EventDef): Effect {
  const first = param(def, 'first')
  const last = param(def, 'last')
  const flags = param(def, 'flags')
  return (s, e, t) => {
    if (e.ret < 0) return
    const from = num(e, first)
    const to = num(e, last)
    if (from === undefined || to === undefined) return
    const bits = num(e, flags) ?? 0
    if (bits & CLOSE_RANGE_UNSHARE) t.fdTable = t.fdTable.copy()
    if ((bits & CLOSE_RANGE_CLOEXEC) === 0) {
      s.deferred.closeRange(t.fdTable, from, to, entered(e), e.time)
      return
    }
    for (const fd of t.fdTable.fds.values())
      if (fd.num >= from && fd.num <= to) t.fdTable.fds.set(fd.num, duplicate(fd, fd.num, true))
  }
}

const URING_CLOSE = 19

/** An operation of io_uring: most only use their descriptor, splice and tee use two. */
function uring(def: EventDef): Effect {
  const given = slot(def, 'fd')
  const source = slot(def, 'fd_in')
  const opcode = param(def, 'opcode')
  return (s, e, t) => {
    const fd = use(e, t, int(e, given, -1))
    if (has(e, source)) readsFrom(e, t, int(e, source, -1))
    if (fd !== undefined && e.ret >= 0 && num(e, opcode) === URING_CLOSE) s.deferred.close(t.fdTable, fd, e.time)
  }
}

export const closeEffects: Effects = { close, close_range: closeRange, io_uring_complete: uring }
