// The events that change what a process is in its container, or that show a phase of the container's life.
import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import { capabilityNames } from '../../schema/capabilities.js'
import type { Actor, Actors } from './actors.js'

/** prctl's and seccomp's arguments (linux/prctl.h, linux/seccomp.h) */
const PR_SET_SECCOMP = 22
const PR_SET_NO_NEW_PRIVS = 38
const SECCOMP_MODE_FILTER = 2
const SECCOMP_SET_MODE_FILTER = 1

const SIGHUP = 1
const SIGTERM = 15

/** The types of these events: queries must have them pass, whatever the filter is. */
export const STEPS = ['execve', 'execveat', 'prctl', 'seccomp', 'procexit', 'signaldeliver'] as const

type Step = (e: Event, t: Thread, actor: Actor, actors: Actors) => void

const exec: Step = (e, t, actor, actors) => {
  if (e.ret !== 0) return
  actors.executes(t, actor)
  if (actor.isInit) for (const cap of capabilityNames(t.capPermitted)) actor.workload.caps.add(cap)
}

const STEP: Readonly<Record<(typeof STEPS)[number], Step>> = {
  execve: exec,
  execveat: exec,
  prctl: (e, t, actor, actors) => {
    if (e.ret !== 0) return
    const option = e.numberOf('option')
    if (option === PR_SET_NO_NEW_PRIVS && actor.origin === 'runtime' && actor.isInit) actor.workload.noNewPrivs++
    // the filter's mode is in the parameter that has the number of the second argument
    if (option === PR_SET_SECCOMP && secondOfPrctl(e) === SECCOMP_MODE_FILTER) actors.loadsFilter(t)
  },
  seccomp: (e, t, _, actors) => {
    if (e.ret >= 0 && e.numberOf('op') === SECCOMP_SET_MODE_FILTER) actors.loadsFilter(t)
  },
  procexit: (_, t, { isInit, workload, terminated }) => {
    if (!isInit || t !== t.leader) return
    workload.ends++
    if (terminated) workload.terminated++
  },
  signaldeliver: (e, _, actor) => {
    if (!actor.isInit) return
    const signal = e.numberOf('sig')
    if (signal === SIGTERM) actor.terminated = true
    if (signal === SIGHUP) actor.workload.reloads++
  },
}

function secondOfPrctl(e: Event): number | undefined {
  const value = e.paramIndex('value')
  const bytes = value < 0 ? undefined : e.bytes(value)
  return bytes === undefined || bytes.length < 1 ? e.numberOf('arg2_int') : bytes[0]
}

export class Steps {
  private readonly byType: (Step | null | undefined)[] = []

  constructor(private readonly actors: Actors) {}

  take(e: Event, t: Thread, actor: Actor): void {
    if (e.isEnter) return
    let step = this.byType[e.type]
    if (step === undefined) {
      const { name } = e.def
      step = Object.hasOwn(STEP, name) ? STEP[name as keyof typeof STEP] : null
      this.byType[e.type] = step
    }
    if (step !== null) step(e, t, actor, this.actors)
  }
}
