// The kernel side's reports of the times and memory that threads use.
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { type Effect, type Effects, num, param } from './effect.js'
import { readUsage } from './identity.js'

function times(def: EventDef): Effect {
  const usage = readUsage(def)
  const ran = param(def, 'ran')
  const user = param(def, 'user')
  const system = param(def, 'system')
  return (_s, e, t) => {
    usage(e, t)
    const total = num(e, ran)
    if (total !== undefined) report(t, e.time, total, num(e, user) ?? 0, num(e, system) ?? 0)
  }
}

/**
 * Applies a report at `now`. `ran` is exact, but its division is known in scheduler ticks only: their ratio is applied to
 * `ran`, and neither share ever shrinks (as the kernel does for /proc/PID/stat).
 */
function report(t: Thread, now: number, ran: number, user: number, system: number): void {
  let { ranUser, ranSystem } = t
  // another task took over the id when a thread replaced its process's program
  if (ranUser !== undefined && ranSystem !== undefined && ran < ranUser + ranSystem) ranUser = ranSystem = undefined
  if (ranUser === undefined) t.ranFirst ??= ran
  const ticks = user + system
  const inKernel = Math.max(ranSystem ?? 0, ticks === 0 ? 0 : Math.round(ran * (system / ticks)))
  const inProgram = Math.max(ranUser ?? 0, ran - inKernel)
  const span = now - t.ranAt
  if (ranUser !== undefined && ranSystem !== undefined && span > 0) {
    t.lastUser = inProgram - ranUser
    t.lastSystem = ran - inProgram - ranSystem
    t.ranSpan = span
  }
  t.ranUser = inProgram
  t.ranSystem = ran - inProgram
  t.ranAt = now
}

/** ns in a hundredth of a second, the unit of older tools. */
const TICK = 1e7

/** The report in files of older tools: what the thread has used since its birth, in hundredths of a second. */
function procinfo(def: EventDef): Effect {
  const user = param(def, 'cpu_usr')
  const system = param(def, 'cpu_sys')
  return (_s, e, t) => {
    const inProgram = (num(e, user) ?? 0) * TICK
    const inKernel = (num(e, system) ?? 0) * TICK
    report(t, e.time, inProgram + inKernel, inProgram, inKernel)
  }
}

/** A scheduler switch: the thread has run since the one before it on that CPU. */
function switched(def: EventDef): Effect {
  const usage = readUsage(def)
  return (s, e, t) => {
    usage(e, t)
    const since = s.switches[e.cpu] ?? e.time
    s.slice = Math.max(e.time - since, 0)
    t.slices += s.slice
    s.switches[e.cpu] = e.time
  }
}

export const timesEffects: Effects = { ks_times: times, procinfo, switch: switched }
