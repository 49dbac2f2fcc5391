// Records what the workloads of a capture need: for each call under a container's filter, which workload makes it, in which role and
// how often.

import { ROW } from '../../model/batch.js'
import type { Container } from '../../model/container.js'
import type { Event } from '../../model/event.js'
import type { BatchNs } from '../../model/time.js'
import { unknownCall } from '../../schema/events/unknown.js'
import type { EventDef } from '../../schema/types.js'
import type { CaptureInfo } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { abiOf } from '../calls/abi.js'
import { type Restriction, restrictionOf } from '../calls/arguments.js'
import { namesOf } from '../calls/names.js'
import { type Actor, Actors } from './actors.js'
import { containerWorkload, hostWorkload } from './identify.js'
import { refusalTest } from './refusal.js'
import { Steps } from './steps.js'
import { Workload } from './workload.js'

/** Which workloads are recorded. */
export interface Scope {
  /** also processes outside of containers: a filter or a command selects them */
  readonly host: boolean
  /** the command that the capture runs, whose processes are one workload */
  readonly command: string | undefined
  /** also programs that were started in a container with a terminal */
  readonly interactive: boolean
}

/** What is recorded of a call, by its event and ABI. */
interface Recorded {
  readonly abi: ReturnType<typeof abiOf>
  readonly names: readonly string[]
  readonly restricted: Restriction | undefined
}

/** The recorder of one host of one capture. Its workloads are complete after end(). */
export class Recorder {
  readonly actors: Actors
  private readonly byContainer = new Map<Container, Workload>()
  private readonly byKey = new Map<string, Workload>()
  private readonly recorded: (Recorded | null | undefined)[] = []
  private readonly refuses: (e: Event) => boolean
  private readonly startUs: number
  private readonly steps: Steps

  constructor(
    private readonly info: CaptureInfo,
    private readonly state: State,
    private readonly scope: Scope,
    /** the user's filter */
    private readonly passes: ((e: Event) => boolean) | undefined,
  ) {
    this.actors = new Actors((c, t) => {
      if (c !== undefined) return this.ofContainer(c)
      return scope.host ? this.workload(hostWorkload(t, scope.command)) : undefined
    })
    this.refuses = refusalTest(info.kind)
    this.startUs = info.startSec * 1e6 + info.startNsec / 1e3
    this.steps = new Steps(this.actors)
  }

  /** Records the event under the cursor, which the state has been updated with. */
  take(e: Event): void {
    const t = e.thread
    if (t === undefined) return
    const actor = this.actors.of(t)
    if (actor === undefined) return
    // before a program starts, so that its exec is the runtime's
    const { origin, counts } = actor
    this.steps.take(e, t, actor)
    if (!counts || (origin === 'interactive' && !this.scope.interactive)) return
    if (this.passes !== undefined && !this.passes(e)) return
    this.add(e, actor, origin)
  }

  private add(e: Event, actor: Actor, origin: Actor['origin']): void {
    const call = this.callOf(e)
    if (call === null) return
    const { workload } = actor
    const time = this.timeOf(e.time)
    workload.passed(time)
    const thread = e.thread as NonNullable<Event['thread']>
    if (thread !== thread.leader && origin !== 'runtime') workload.threads = true
    const program = thread.leader.comm
    const ended = (e.flags & (ROW.ENTER | ROW.IN_FLIGHT)) === 0 || e.def.noReturn === true
    const calls = ended ? e.calls : 0
    if (call.names.length === 0) workload.unnamed.add(e.numberOf('nativeID') ?? -1)
    if (this.refuses(e)) {
      for (const name of call.names) workload.refusal(name).add(program, origin, time, calls)
      return
    }
    for (const name of call.names) workload.need(call.abi, name).add(program, origin, time, calls)
    const { restricted } = call
    if (restricted !== undefined) workload.arguments[restricted.name].add(restricted.valueOf(e))
  }

  private callOf(e: Event): Recorded | null {
    const compat = (e.flags & ROW.COMPAT) !== 0
    const at = 2 * e.type + Number(compat)
    const known = this.recorded[at]
    if (known !== undefined) return known
    const recorded = recordedOf(e.def, abiOf(this.info.arch, compat))
    this.recorded[at] = recorded
    return recorded
  }

  private ofContainer(c: Container): Workload {
    let workload = this.byContainer.get(c)
    if (workload === undefined) {
      // its name may arrive later: see end()
      workload = new Workload(containerWorkload(c, this.state))
      workload.containers.add(c.id)
      this.byContainer.set(c, workload)
    }
    return workload
  }

  private workload(id: ReturnType<typeof hostWorkload>): Workload {
    let workload = this.byKey.get(id.key)
    if (workload === undefined) {
      workload = new Workload(id)
      this.byKey.set(id.key, workload)
    }
    return workload
  }

  private timeOf(time: BatchNs): number {
    return Math.round(this.startUs + time / 1e3)
  }

  /**
   * The workloads with calls that pass the filter, by the names that their containers have at the end; without those that only hold a
   * pod's namespaces.
   */
  end(): Workload[] {
    for (const [c, recorded] of this.byContainer) {
      if (c.info?.sandbox === true) continue
      const workload = this.workload(containerWorkload(c, this.state))
      workload.merge(recorded)
      if (c.info !== undefined && c.info.image !== '') workload.images.add(c.info.image)
    }
    this.byContainer.clear()
    return [...this.byKey.values()].filter((w) => w.hasCalls)
  }
}

function recordedOf(def: EventDef, abi: Recorded['abi']): Recorded | null {
  const names = namesOf(def, abi)
  if (names.length === 0) return def.name === unknownCall.name ? { abi, names, restricted: undefined } : null
  return { abi, names, restricted: restrictionOf(def, names[0]) }
}
