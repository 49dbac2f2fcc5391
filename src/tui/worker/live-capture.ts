// One live capture of the UI and what is known over it: the state, what fields need, the loop.
import type { FieldContext } from '../../fields/field.js'
import { type CheckedFilter, cgroupMarks } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { NamespaceWatch } from '../../redact/namespace-watch.js'
import { stateOfAll } from '../../redact/source.js'
import { belowCeilings, smallerBuffer } from '../../run/ceilings.js'
import { Loop } from '../../run/loop.js'
import { attachKernel, machineSource } from '../../run/machine.js'
import { MemoryWatch } from '../../run/memory.js'
import { plannedFilter } from '../../run/planned-filter.js'
import type { Sink } from '../../run/sink.js'
import { hostRootTrouble } from '../../source/host.js'
import { declareLater } from '../../source/later.js'
import { fittingBuffer, type LiveSource } from '../../source/live.js'
import { captureNow } from '../../source/now.js'
import type { CapturePlan } from '../../source/plan.js'
import { confine } from '../../source/privilege.js'
import type { CaptureInfo, CaptureSource, CaptureStats } from '../../source/source.js'
import { unseenTrouble } from '../../source/unseen.js'
import { kernelSymbols } from '../../stacks/kernel-symbols.js'
import { State } from '../../state/state.js'
import type { Plan } from './answer.js'
import { contextOf } from './context.js'
import { Telling } from './in-flight.js'
import type { GivenRules, Report, WorkerStart } from './messages.js'

/** ns by which this process's clock may be behind the kernel's */
const BEHIND = 20e6
/** The kernel's buffers for a part of all calls have this part of the memory of those for all, and so many bytes at least. */
const PART = 4
const LEAST = 8 << 20

/** What is told of what the capture brings. */
export interface Hearer {
  readonly sinks: readonly Sink[]
  /** A call in flight that was asked for. */
  call(e: Event): void
  /** The state has what exists at the start. */
  began(): void
  /** After each batch, also an empty one. */
  batch(): void
}

export class LiveCapture {
  readonly info: CaptureInfo
  readonly state: State
  readonly ctx: FieldContext
  /** calls in flight are asked for with it */
  readonly telling: Telling
  /** batch time (ns) of the first event */
  readonly first: { time: number | undefined } = { time: undefined }
  /** batch time (ns) from which on each event is in it */
  readonly complete: number
  private loop: Loop | undefined
  private readonly namespace: NamespaceWatch | undefined

  private constructor(
    private readonly source: CaptureSource,
    private readonly kernel: LiveSource,
    plan: CapturePlan,
    filter: CheckedFilter | undefined,
    rules: GivenRules | undefined,
    private readonly post: (r: Report) => void,
  ) {
    this.info = source.info
    this.complete = this.now() + BEHIND
    this.state = new State(source.info)
    this.ctx = contextOf(this.info, [this.state], this.first, rules)
    this.telling = new Telling(kernel, () => this.now())
    const all = stateOfAll(source) ?? this.state
    all.watcher = cgroupMarks(plan, filter, contextOf(all.info, [all], this.first, rules), all.containers, kernel)
    this.namespace = NamespaceWatch.of(source, (text) => post({ kind: 'note', text }))
  }

  /**
   * Begins a capture: from here on everything is recorded. page: what it is of, where it is of a part beside the capture of all
   * calls. notices: are told what the kernel lacks. Throws LiveError.
   */
  static begin(
    { buffer, ceilings, redaction, rules, runtimes, stacks, printsOnly }: WorkerStart,
    plan: CapturePlan,
    page: Plan | undefined,
    post: (r: Report) => void,
    notices: (texts: readonly string[]) => void,
  ): LiveCapture {
    const complain = (text: string) => post({ kind: 'note', text })
    const all = buffer ?? (page === undefined ? smallerBuffer(undefined, complain) : undefined) ?? fittingBuffer()
    const bufferBytes = page === undefined ? all : Math.max(LEAST, all / PART)
    const kernel = attachKernel(plan, bufferBytes)
    notices([...kernel.notices.map((n) => n.text), hostRootTrouble() ?? [], unseenTrouble() ?? []].flat())
    const { asked, cri, docker } = runtimes
    const { ceilings: planned } = plan
    const own =
      planned && (page === undefined ? ceilings : { cpu: undefined, memory: undefined, calls: planned.mostCalls })
    const filter = plannedFilter(page?.filter, redaction)
    const filtered = filter !== undefined
    // while there is the privilege to read them
    if (stacks?.kernel) kernelSymbols()
    if (printsOnly !== true) declareLater({ asStarted: 'settings, and files that a person names, are written later' })
    const source = machineSource(kernel, {
      ceilings:
        own && (() => belowCeilings(kernel, { ceilings: own, filtered, buffer: bufferBytes, tell: complain }).source),
      stacks: plan.stacks,
      // rows do not wait for names
      names: asked ? { cri, docker, env: process.env, hold: false } : undefined,
      redaction,
      complain,
    })
    return new LiveCapture(source, kernel, plan, filter, rules, post)
  }

  /** ns since the capture's start */
  now(): number {
    return captureNow(this.info)
  }

  /**
   * Batch time (ns) up to which events have been delivered. Rates go by it and not by the wall clock: when the process is scheduled late,
   * the events of several seconds come at once.
   */
  get reached(): number {
    return this.kernel.reached
  }

  /** batch time (ns) of the last event */
  get lastTime(): number {
    return this.loop?.lastTime ?? 0
  }

  /** of the run so far */
  stats(): CaptureStats {
    return this.loop?.stats() ?? this.source.stats()
  }

  /** Until it is stopped. */
  async run(to: Hearer): Promise<void> {
    const { source, state, first } = this
    const watches = MemoryWatch.where([state], undefined, (text) => this.post({ kind: 'note', text }))
    try {
      state.onInFlight = (call) => {
        if (this.telling.has(call.time)) to.call(call)
      }
      const snapshot = await source.snapshot()
      const { unfiltered } = confine({ live: true, attach: true })
      if (unfiltered !== undefined) this.post({ kind: 'note', text: unfiltered })
      this.loop = new Loop({
        source,
        states: [state],
        first,
        predicate: undefined,
        sinks: to.sinks,
        onLoaded: () => to.began(),
        onBatch: () => {
          this.namespace?.tick()
          to.batch()
        },
      })
      await this.loop.run(snapshot)
    } finally {
      for (const watch of watches) watch.stop()
      await source.close()
    }
  }

  /** What is in the kernel's buffers is still delivered. */
  stop(): void {
    this.source.stop()
  }
}
