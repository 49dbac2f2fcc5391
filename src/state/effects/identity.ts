// Who a thread is: user and group ids, capabilities, its name, its limits.
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { type Effect, type EffectMaker, type Effects, int, num, param, slot, text, threadByOwnId } from './effect.js'

const UNCHANGED = 0xffffffff
const COMM_MAX = 15

/** Live, the kernel's own record has set it already, and the call's argument is an id inside a user namespace. */
function setId(field: 'uid' | 'gid', name: string): EffectMaker {
  return (def) => {
    const p = param(def, name)
    return (_s, e, t) => {
      if (e.batch.native) return
      const id = num(e, p)
      if (e.ret >= 0 && id !== undefined && id >= 0 && id !== UNCHANGED) t[field] = id
    }
  }
}

function capset(def: EventDef): Effect {
  const inheritable = param(def, 'cap_inheritable')
  const permitted = param(def, 'cap_permitted')
  const effective = param(def, 'cap_effective')
  return (_s, e, t) => {
    if (e.ret < 0) return
    t.capInheritable = num(e, inheritable) ?? t.capInheritable
    t.capPermitted = num(e, permitted) ?? t.capPermitted
    t.capEffective = num(e, effective) ?? t.capEffective
  }
}

function prctl(def: EventDef): Effect {
  const option = param(def, 'option')
  const name = param(def, 'arg2_str')
  const PR_SET_NAME = 15
  return (_s, e, t) => {
    if (e.ret < 0 || num(e, option) !== PR_SET_NAME) return
    const comm = text(e, name)
    if (comm !== undefined) t.comm = comm.slice(0, COMM_MAX)
  }
}

const RLIMIT_NOFILE = 7

function setLimit(value: string): EffectMaker {
  return (def) => {
    const cur = param(def, value)
    const max = param(def, 'newmax')
    const old = param(def, 'oldcur')
    const resource = param(def, 'resource')
    const pid = param(def, 'pid')
    return (s, e, t) => {
      if (e.ret < 0 || num(e, resource) !== RLIMIT_NOFILE) return
      // libs' drivers record zeros if the caller only read the limit
      const isRead = !e.batch.native && num(e, cur) === 0 && num(e, max) === 0
      const limit = num(e, isRead ? old : cur)
      if (limit === undefined || limit < 0) return
      const target = threadByOwnId(s, t, num(e, pid) ?? 0)
      if (target === undefined) return
      for (const x of s.table.ofProcess(target)) x.fdLimit = limit
    }
  }
}

/** Memory and page faults as recorded for the call. */
function usage(def: EventDef): Effect {
  const read = readUsage(def)
  return (_s, e, t) => read(e, t)
}

/**
 * Copies the vm_* and pgft_* parameters that the event has. Memory belongs to the process, whichever thread reports it; a
 * thread that has released it on exit reports none, which does not apply to the others.
 */
export function readUsage(def: EventDef): (e: Parameters<Effect>[1], t: Thread) => void {
  const size = slot(def, 'vm_size')
  const rss = slot(def, 'vm_rss')
  const swap = slot(def, 'vm_swap')
  const maj = param(def, 'pgft_maj')
  const min = param(def, 'pgft_min')
  return (e, t) => {
    const total = int(e, size, 0) >>> 0
    if (total > 0) {
      const process = t.leader
      process.vmSize = total
      process.vmRss = int(e, rss, process.vmRss) >>> 0
      process.vmSwap = int(e, swap, process.vmSwap) >>> 0
    }
    if (maj >= 0) t.pgftMaj = num(e, maj) ?? t.pgftMaj
    if (min >= 0) t.pgftMin = num(e, min) ?? t.pgftMin
  }
}

export const identityEffects: Effects = {
  setuid: setId('uid', 'uid'),
  seteuid: setId('uid', 'euid'),
  setreuid: setId('uid', 'euid'),
  setresuid: setId('uid', 'euid'),
  setgid: setId('gid', 'gid'),
  setegid: setId('gid', 'egid'),
  setregid: setId('gid', 'egid'),
  setresgid: setId('gid', 'egid'),
  capset,
  prctl,
  setrlimit: setLimit('cur'),
  prlimit: setLimit('newcur'),
  brk: usage,
  munmap: usage,
}
