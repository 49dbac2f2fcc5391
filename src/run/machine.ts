// A live capture of this machine for a run: the kernel, the stages around it, and what keeps both true while it goes on.
import { type NamingOptions, withNames } from '../container/index.js'
import { type CheckedFilter, cgroupMarks } from '../filter/index.js'
import type { Redaction } from '../redact/redaction.js'
import { stateOfAll } from '../redact/source.js'
import type { Ceilings } from '../source/ceilings/ceilings.js'
import { hostRootWarning } from '../source/host.js'
import type { Notice } from '../source/lacking.js'
import { LiveSource } from '../source/live.js'
import type { CapturePlan } from '../source/plan.js'
import { limitedViewWarning } from '../source/privilege.js'
import type { CaptureSource } from '../source/source.js'
import { withStacks } from '../stacks/source.js'
import type { CaptureRun } from './capture-run.js'
import { type BelowCeilings, belowCeilings } from './ceilings.js'
import { contextOf } from './context.js'
import { MemoryWatch } from './memory.js'
import { privacyStages, staged } from './stages.js'

export interface MachineRequest {
  readonly plan: CapturePlan
  /** the filter that the plan was made of, see plannedFilter(); undefined: every event passes */
  readonly filter: CheckedFilter | undefined
  /** there are events that the run's filter does not pass */
  readonly filtered: boolean
  /** bytes of the kernel's buffers; undefined: as usual */
  readonly bufferBytes: number | undefined
  /** undefined: there are none */
  readonly ceilings: Ceilings | undefined
  /** undefined: containers have no names */
  readonly names: Omit<NamingOptions, 'complain'> | undefined
  /** undefined: nothing is kept out */
  readonly redaction: Redaction | undefined
  /** takes sentences about what does not work; each comes once */
  readonly tell: (sentence: string) => void
}

export class Machine {
  readonly source: CaptureSource
  readonly ceilings: BelowCeilings | undefined

  private constructor(
    readonly kernel: LiveSource,
    private readonly request: MachineRequest,
  ) {
    const { plan, filtered, bufferBytes, ceilings, names, redaction, tell } = request
    this.ceilings = ceilings && belowCeilings(kernel, { ceilings, filtered, buffer: bufferBytes, tell })
    const below = this.ceilings?.source
    this.source = staged(kernel, {
      ceilings: below && (() => below),
      stacks: (source) => withStacks(source, plan.stacks, tell),
      names: names && ((source) => withNames(source, { ...names, complain: tell })),
      ...privacyStages(redaction),
    })
  }

  /** Attaches to the kernel: from here on everything is recorded. Throws LiveError. */
  static attach(request: MachineRequest): Machine {
    const { plan, bufferBytes } = request
    return new Machine(new LiveSource({ plan, bufferBytes }), request)
  }

  /** What the capture cannot show. command: of what a command does everything is known from its beginning. */
  notices(command: boolean): readonly Notice[] {
    const trouble = [hostRootWarning() ?? [], command ? [] : (limitedViewWarning() ?? [])].flat()
    return [...this.kernel.notices, ...trouble.map((text) => ({ text, detail: '' }))]
  }

  /** Keeps true what the kernel excludes as containers come and go. To be called once the states of a run have been loaded. */
  follow({ ctx, style, source, first }: CaptureRun): void {
    const { plan, filter } = this.request
    const all = stateOfAll(source)
    const of = all === undefined ? ctx : contextOf(style, all.info, [all], first)
    for (const state of of.states) state.watcher = cgroupMarks(plan, filter, of, state.containers, this.kernel)
  }

  /** Gives up what a run can do without where memory gets short. Returns what ends that. */
  watchMemory({ states }: CaptureRun): () => void {
    const watches = MemoryWatch.where(states, this.ceilings?.memory, this.request.tell)
    return () => {
      for (const watch of watches) watch.stop()
    }
  }
}
