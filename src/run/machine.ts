// A live capture of this machine for a run: the kernel, the stages around it, and watches that run beside it.
import { type NamingOptions, withNames } from '../container/index.js'
import { type CheckedFilter, cgroupMarks, type JudgedThreads, judgedThreads } from '../filter/index.js'
import type { Redaction } from '../redact/redaction.js'
import { unfilteredState } from '../redact/source.js'
import type { Ceilings } from '../source/ceilings/ceilings.js'
import { hostRootWarning } from '../source/host.js'
import type { Notice } from '../source/lacking.js'
import { LiveSource } from '../source/live.js'
import type { CapturePlan } from '../source/plan.js'
import { limitedViewWarning } from '../source/privilege.js'
import type { CaptureSource } from '../source/source.js'
import { withStacks } from '../stacks/source.js'
import type { CgroupWatcher } from '../state/tables.js'
import type { CaptureRun } from './capture-run.js'
import { type BelowCeilings, belowCeilings } from './ceilings.js'
import { contextOf } from './context.js'
import { MemoryWatch } from './memory.js'
import { privacyStages, staged } from './stages.js'

export interface MachineRequest {
  readonly plan: CapturePlan
  /** the filter that the plan was derived from, see plannedFilter(); undefined: every event passes */
  readonly filter: CheckedFilter | undefined
  /** the run's filter rejects some events */
  readonly filtered: boolean
  /** size of the kernel's buffers in bytes; undefined: the default */
  readonly bufferBytes: number | undefined
  /** undefined: no ceilings */
  readonly ceilings: Ceilings | undefined
  /** undefined: container names are not resolved */
  readonly names: Omit<NamingOptions, 'complain'> | undefined
  /** undefined: nothing is redacted */
  readonly redaction: Redaction | undefined
  /** called with notes about problems, once for each */
  readonly report: (sentence: string) => void
}

export class Machine {
  readonly source: CaptureSource
  readonly ceilings: BelowCeilings | undefined

  private constructor(
    readonly kernel: LiveSource,
    private readonly request: MachineRequest,
  ) {
    const { plan, filtered, bufferBytes, ceilings, names, redaction, report } = request
    this.ceilings = ceilings && belowCeilings(kernel, { ceilings, filtered, buffer: bufferBytes, report })
    const throttled = this.ceilings?.source
    this.source = staged(kernel, {
      ceilings: throttled && (() => throttled),
      stacks: (source) => withStacks(source, plan.stacks, report),
      names: names && ((source) => withNames(source, { ...names, complain: report })),
      ...privacyStages(redaction),
    })
  }

  /** Attaches to the kernel, which records everything from here on. Throws LiveError. */
  static attach(request: MachineRequest): Machine {
    const { plan, bufferBytes } = request
    return new Machine(new LiveSource({ plan, bufferBytes }), request)
  }

  /** The limitations of the capture. command: it captures a command, which is seen completely from its start. */
  notices(command: boolean): readonly Notice[] {
    const troubles = [hostRootWarning() ?? [], command ? [] : (limitedViewWarning() ?? [])].flat()
    return [...this.kernel.notices, ...troubles.map((text) => ({ text, detail: '' }))]
  }

  /**
   * Updates what the kernel excludes: cgroups as containers start and end, threads as they change. Call it after the states of a run
   * were loaded.
   */
  watch(run: CaptureRun): void {
    const { ctx, style, source, first } = run
    const { plan, filter } = this.request
    const all = unfilteredState(source)
    const fieldContext = all === undefined ? ctx : contextOf(style, all.info, [all], first)
    for (const state of fieldContext.states) {
      const marks = cgroupMarks(plan, filter, fieldContext, state.containers, this.kernel, source.denials)
      const judged = judgedThreads(plan, filter, fieldContext, state.threads, this.kernel)
      state.watcher = marks === undefined && judged === undefined ? undefined : new Watchers(marks, judged)
      if (judged !== undefined) run.afterBatch = (reached) => judged.update(reached)
    }
  }

  /** Drops cached data when memory is low. Returns a function that ends the watch. */
  watchMemory({ states }: CaptureRun): () => void {
    const watches = MemoryWatch.forLimits(states, this.ceilings?.memory, this.request.report)
    return () => {
      for (const watch of watches) watch.stop()
    }
  }
}

/** Notifies what the kernel excludes of changes that the state notices. */
class Watchers implements CgroupWatcher {
  constructor(
    private readonly marks: CgroupWatcher | undefined,
    private readonly judged: JudgedThreads | undefined,
  ) {}

  created(id: number, path: string): void {
    this.marks?.created(id, path)
  }

  removed(id: number): void {
    this.marks?.removed(id)
  }

  changed(): void {
    this.marks?.changed()
    this.judged?.changed()
  }
}
