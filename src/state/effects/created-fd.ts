// Descriptors that calls create as their declarations say: pipes, timers, polls, memory, bpf ... Sockets, files and copies need
// more and have effects of their own.
import { isGeneric } from '../../schema/events/index.js'
import type { NewFd } from '../../schema/facts.js'
import type { EventDef } from '../../schema/types.js'
import { closesOnExec, create, type Effect, type Effects, num, param, text, use, wholeNumber } from './effect.js'

/** The effect of a call whose success creates what `def.makes` describes. */
export function createdFd(def: EventDef): Effect {
  const at = def.params.flatMap((p, i) => (p.makes === undefined ? [] : [i]))
  return at.length > 1 ? several(def, at) : result(def, at[0] ?? -1)
}

const typeOf = ({ type }: NewFd) => (type === 'copy' ? 'other' : type)

/** The result is the descriptor. */
function result(def: EventDef, at: number): Effect {
  const makes = def.makes as NewFd
  const type = typeOf(makes)
  const name = param(def, makes.name ?? '')
  const existing = param(def, makes.existing ?? '')
  const closes = closesOnExec(def)
  const only = def.params[at]?.fdFor
  // for calls without an event in libs, .scap files contain no result
  const nativeOnly = isGeneric(def.code)
  return (s, e, t) => {
    if (nativeOnly && !e.batch.native) return
    if (only !== undefined && !only.values.includes(num(e, only.param) ?? Number.NaN)) return
    if (existing >= 0 && num(e, existing) === e.ret && t.fdTable.fds.get(e.ret)?.type === type) use(e, t, e.ret)
    else create(s, e, t, e.ret, type, text(e, name) ?? '', closes(e))
  }
}

/** The call wrote the descriptors to the memory that its parameters point to. */
function several(def: EventDef, at: readonly number[]): Effect {
  const type = typeOf(def.makes as NewFd)
  const ino = param(def, 'ino')
  const closes = closesOnExec(def)
  return (s, e, t) => {
    const numbers = at.map((p) => e.number(p) ?? -1)
    if (numbers.some((n) => n < 0)) return
    const cloexec = closes(e)
    const inode = wholeNumber(e, ino)
    for (const n of numbers) create(s, e, t, n, type, '', cloexec).ino = inode
  }
}

/** The kernel reports the copied file itself (ks_fd) where it can; then that is the descriptor. */
function pidfdGetfd(def: EventDef): Effect {
  const make = createdFd(def)
  return (s, e, t) => {
    if (use(e, t, e.ret) !== undefined) return
    const reported = t.fdTable.fds.get(e.ret)
    if (reported === undefined) make(s, e, t)
    else e.fd = reported
  }
}

export const createdFdEffects: Effects = { pidfd_getfd: pidfdGetfd }
