// One live capture of the UI, with its state, field context and loop.

import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { addNs, type BatchNs, batchNs } from '../../model/time.js'
import { CaptureRun } from '../../run/capture-run.js'
import { smallerBuffer } from '../../run/ceilings.js'
import type { RunRules } from '../../run/context.js'
import { Machine } from '../../run/machine.js'
import { plannedFilter } from '../../run/planned-filter.js'
import type { Sink } from '../../run/sink.js'
import { fittingBuffer, uiBuffer, usualBuffer } from '../../source/buffers.js'
import { declareNeeds } from '../../source/later-needs.js'
import type { CapturePlan } from '../../source/plan.js'
import { confine } from '../../source/privilege.js'
import type { CaptureInfo, CaptureStats } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import { kernelSymbols } from '../../stacks/kernel-symbols.js'
import type { State } from '../../state/state.js'
import { styleWith } from './context.js'
import { InFlightRequest } from './in-flight.js'
import type { Report, WorkerStart } from './messages.js'
import type { ViewPlan } from './view-plan.js'

/** ns by which this process's clock may lag behind the kernel's */
const BEHIND = 20e6
/** A page's own capture gets 1/PART of the usual kernel buffer memory, but at least LEAST bytes. */
const PART = 4
const LEAST = 8 << 20

/** Receives the events of the capture. */
export interface CaptureListener {
  readonly sinks: readonly Sink[]
  /** A call in flight, after a request for them. */
  call(e: Event): void
  /** The initial state is loaded. */
  started(): void
  /** After each batch, including empty ones. */
  batch(): void
}

export class LiveCapture {
  readonly state: State
  /** requests calls in flight */
  readonly inFlight: InFlightRequest
  /** batch time (ns) from which the capture is complete */
  readonly complete: BatchNs
  private readonly captureRun: CaptureRun
  private stopped = false

  private constructor(
    private readonly machine: Machine,
    rules: RunRules | undefined,
    private readonly post: (r: Report) => void,
  ) {
    // how a capture ends that is no longer shown is of no interest
    const report = (text: string) => this.stopped || post({ kind: 'note', text })
    this.captureRun = new CaptureRun(machine.source, styleWith(rules), { report })
    this.state = this.captureRun.states[0] as State
    this.complete = addNs(this.now(), BEHIND)
    this.inFlight = new InFlightRequest(machine.kernel, () => this.now())
  }

  get info(): CaptureInfo {
    return this.captureRun.info
  }

  get ctx(): FieldContext {
    return this.captureRun.ctx
  }

  /** batch time (ns) of the first event */
  get first(): { readonly time: BatchNs | undefined } {
    return this.captureRun.first
  }

  /**
   * Starts a capture: from here on events are recorded. page: its plan, for a page's own capture beside the capture of
   * all calls. notices: receives messages about features that the kernel lacks. Throws LiveError.
   */
  static start(
    { buffer, ceilings, redaction, rules, runtimes, stacks, printsOnly }: WorkerStart,
    plan: CapturePlan,
    page: ViewPlan | undefined,
    post: (r: Report) => void,
    notices: (texts: readonly string[]) => void,
  ): LiveCapture {
    const complain = (text: string) => post({ kind: 'note', text })
    const bufferBytes = page === undefined ? machineBuffer(buffer, plan, complain) : pageBuffer(buffer)
    const { enabled, cri, docker } = runtimes
    const { ceilings: planned } = plan
    const own =
      planned && (page === undefined ? ceilings : { cpu: undefined, memory: undefined, calls: planned.mostCalls })
    const filter = plannedFilter(page?.filter, redaction)
    const filtered = filter !== undefined
    // read now, while privileged
    if (stacks?.kernel) kernelSymbols()
    if (printsOnly !== true) declareNeeds({ asStarted: 'settings, and files that a person names, are written later' })
    // rows are not held back until container names are resolved
    const names = enabled ? { cri, docker, env: process.env, hold: false } : undefined
    const request = { plan, filter, filtered, bufferBytes, ceilings: own, names, redaction, report: complain }
    const machine = Machine.attach(request)
    notices(machine.notices(false).map((n) => n.text))
    return new LiveCapture(machine, rules, post)
  }

  /** ns since the capture's start */
  now(): BatchNs {
    return captureNow(this.info)
  }

  /**
   * Batch time (ns) up to which events have been delivered. Rates use it instead of the wall clock: if the process is
   * scheduled late, the events of several seconds arrive at once.
   */
  get reached(): number {
    return this.captureRun.loop?.reached ?? 0
  }

  /** batch time (ns) of the last event */
  get lastTime(): BatchNs {
    return this.captureRun.loop?.lastTime ?? batchNs(0)
  }

  /** statistics so far */
  stats(): CaptureStats {
    return this.captureRun.stats()
  }

  /** Runs until stopped. */
  async run(to: CaptureListener): Promise<void> {
    const { captureRun: run, machine, state } = this
    const endWatch = machine.watchMemory(run)
    try {
      state.onInFlight = (call) => {
        if (this.inFlight.includes(call.time)) to.call(call)
      }
      await run.begin()
      const { unfiltered } = confine({ live: true, attach: true })
      if (unfiltered !== undefined) this.post({ kind: 'note', text: unfiltered })
      await run.run({
        predicate: undefined,
        sinks: to.sinks,
        onLoaded: () => {
          machine.watch(run)
          to.started()
        },
        onBatch: () => to.batch(),
      })
    } finally {
      endWatch()
      await run.close()
    }
  }

  /** Events in the kernel's buffers are still delivered. */
  stop(): void {
    this.stopped = true
    this.machine.source.stop()
  }
}

/** Bytes of kernel buffers of the capture of all calls. given: by the user. A size that memory does not allow is reported. */
function machineBuffer(given: number | undefined, { snaplen }: CapturePlan, complain: (text: string) => void): number {
  if (given !== undefined) return given
  const usual = snaplen === 0 ? uiBuffer() : usualBuffer()
  return smallerBuffer(undefined, complain, usual) ?? usual
}

function pageBuffer(given: number | undefined): number {
  return Math.max(LEAST, (given ?? fittingBuffer()) / PART)
}
