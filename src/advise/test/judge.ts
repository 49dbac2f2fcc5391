// Judges the calls of one host of a capture by a profile: which of those made under a container's filter it would not allow.
import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { EventDef } from '../../schema/types.js'
import type { CaptureInfo } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { type Actor, Actors } from '../needs/actors.js'
import { containerWorkload, hostWorkload } from '../needs/identify.js'
import { Steps } from '../needs/steps.js'
import { Workload, type WorkloadId } from '../needs/workload.js'
import { DEFAULT_CAPS } from '../profile/apply.js'
import { BY_NUMBER, Decisions, type Outcome } from '../profile/decisions.js'
import type { Profile } from '../profile/profile.js'
import { relevantEvents } from './candidates.js'

/** What is known about a workload that makes calls. */
interface OfWorkload {
  /** the number of capabilities that the decisions are for */
  readonly caps: number
  readonly decisions: Decisions
  /** a call of it passes the filter */
  selected: boolean
}

/** A call that the profile does not allow. */
export interface Judged {
  readonly outcome: Outcome
  readonly actor: Actor
  /** what the process was before the call: an exec changes it */
  readonly origin: Actor['origin']
}

export interface JudgeOptions {
  readonly info: CaptureInfo
  readonly state: State
  readonly defs: readonly (EventDef | undefined)[]
  /** also processes outside of containers */
  readonly host: boolean
  readonly passes: ((e: Event) => boolean) | undefined
  /** `selected` is needed: each event is looked at, not only those that the profile can refuse */
  readonly workloads: boolean
}

export class Judge {
  private readonly actors: Actors
  private readonly steps: Steps
  private readonly workloads = new Map<unknown, Workload>()
  private readonly byCaps = new Map<string, Decisions>()
  private readonly byWorkload = new Map<Workload, OfWorkload>()
  /** by 2 * event code, + 1 for 32-bit programs: 1 if the event matters */
  private readonly relevant: Uint8Array
  /** calls whose arguments were not recorded, although the profile compares them */
  undecided = 0

  constructor(
    private readonly profile: Profile,
    private readonly o: JudgeOptions,
  ) {
    const { state, host } = o
    this.actors = new Actors((c, t) => {
      if (c === undefined && !host) return undefined
      const key = c ?? hostWorkload(t, undefined).key
      let workload = this.workloads.get(key)
      if (workload === undefined) {
        workload = new Workload(c === undefined ? hostWorkload(t, undefined) : containerWorkload(c, state))
        this.workloads.set(key, workload)
      }
      return workload
    })
    this.steps = new Steps(this.actors)
    this.relevant = relevantEvents(profile, o.info.arch, o.defs)
    if (o.workloads) this.relevant.fill(1)
  }

  /** The call under the cursor, if the profile does not allow it; undefined: it does, or the call does not count. */
  take(e: Event): Judged | undefined {
    // most calls are allowed by their number
    const at = 2 * e.type + Number((e.flags & ROW.COMPAT) !== 0)
    if (this.relevant[at] === 0) return undefined
    const t = e.thread
    const actor = t === undefined ? undefined : this.actors.of(t)
    if (t === undefined || actor === undefined) return undefined
    const { origin, counts } = actor
    this.steps.take(e, t, actor)
    if (!counts) return undefined
    const of = this.ofWorkload(actor.workload)
    const { decisions } = of
    const { passes } = this.o
    if (!of.selected) of.selected = passes === undefined || passes(e)
    const known = decisions.byNumber[at]
    if (known === BY_NUMBER.ALLOWED || known === BY_NUMBER.NO_CALL) return undefined
    if (passes !== undefined && !passes(e)) return undefined
    const outcome = decisions.decide(e)
    if (outcome === undefined) this.undecided++
    return outcome === undefined || outcome.action === 'ALLOW' ? undefined : { outcome, actor, origin }
  }

  /** The workloads whose calls pass the filter. */
  get selected(): readonly WorkloadId[] {
    return [...this.byWorkload].flatMap(([{ id }, { selected }]) => (selected ? [id] : []))
  }

  private ofWorkload(w: Workload): OfWorkload {
    const known = this.byWorkload.get(w)
    if (known?.caps === w.caps.size) return known
    const decisions = this.decisionsFor(w)
    const of = { caps: w.caps.size, decisions, selected: known?.selected === true }
    this.byWorkload.set(w, of)
    return of
  }

  /** Some rules depend on the capabilities of the container. */
  private decisionsFor(w: Workload): Decisions {
    const caps = new Set([...DEFAULT_CAPS, ...w.caps])
    const key = [...caps].sort().join(' ')
    const { info, defs } = this.o
    const decisions =
      this.byCaps.get(key) ?? new Decisions(this.profile, { arch: info.arch, kernel: info.kernel, caps }, defs)
    this.byCaps.set(key, decisions)
    return decisions
  }
}
