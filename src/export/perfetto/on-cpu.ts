// Threads on processors: scheduler switches, as ftrace records them. The BPF programs do not record why a thread was switched away:
// it slept if a call of the thread was in progress, which is known when the call ends; otherwise it was preempted.
import { type FieldContext, stateOf } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { escapeText } from '../../render/escape.js'
import type { Sequence } from './sequence.js'
import { BUNDLE, FTRACE, PACKET, STATE, SWITCH } from './wire.js'

/** Maximum number of switches per thread, and of threads, whose reason is still unknown. */
const MOST_WAITING = 64
const MOST_THREADS = 65_536
/** The kernel's default priority. */
const PRIORITY = 120
/** Number of processors that readers support. */
const MOST_CPUS = 1024

interface Switch {
  readonly time: number
  readonly cpu: number
  readonly from: number
  readonly to: number
  readonly fromName: string
  readonly toName: string
}

export class OnCpu {
  /** by thread: its switches without a known reason, oldest first */
  private readonly waiting = new Map<number, Switch[]>()
  /** by processor: the running thread according to the written switches; -1: unknown */
  private readonly running = new Int32Array(MOST_CPUS).fill(-1)
  /** by processor: batch time of its last captured switch */
  private readonly lastSwitch = new Float64Array(MOST_CPUS).fill(Number.NEGATIVE_INFINITY)
  /** exited threads, until their last switch */
  private readonly ended = new Set<number>()

  constructor(
    private readonly sequence: Sequence,
    private readonly ctx: FieldContext,
  ) {}

  /** Handles the switch under the cursor. */
  switched(e: Event): void {
    const from = e.tid
    const to = e.numberOf('next') ?? 0
    const change = { time: e.time, cpu: e.cpu, from, to, fromName: this.nameOf(e, from), toName: this.nameOf(e, to) }
    this.arrived(e, change)
    if (from === 0) this.write(change, STATE.RUNNABLE)
    else if (this.ended.delete(from)) this.write(change, STATE.DEAD)
    else this.wait(from, change)
  }

  /** A call of the thread has ended that started at batch time `start` (ns). */
  call(tid: number, start: number): void {
    const list = this.waiting.get(tid)
    if (list === undefined) return
    this.waiting.delete(tid)
    for (const change of list) this.write(change, change.time >= start ? STATE.SLEEPS : STATE.RUNNABLE)
  }

  /** The thread has exited. */
  exited(tid: number): void {
    this.call(tid, Number.POSITIVE_INFINITY)
    if (this.ended.size >= MOST_THREADS) this.ended.clear()
    this.ended.add(tid)
  }

  /** Ends the capture: a thread that has not run since its last switch sleeps. */
  end(): void {
    for (const list of this.waiting.values())
      list.forEach((change, i) => {
        this.write(change, i === list.length - 1 ? STATE.SLEEPS : STATE.RUNNABLE)
      })
    this.waiting.clear()
  }

  /**
   * Writes a missing switch to the thread: it was not captured if the thread before does not pass the filter. Its time follows
   * from `ran` of the switch away. A kernel that reports no switches away from some threads counts their time in `ran`, too:
   * the missing switch is then the first one possible.
   */
  private arrived(e: Event, { time, cpu, from, to, fromName }: Switch): void {
    if (cpu >= MOST_CPUS) return
    const before = this.running[cpu] as number
    const earliest = (this.lastSwitch[cpu] as number) + 1
    this.running[cpu] = to
    this.lastSwitch[cpu] = time
    const ran = e.numberOf('ran')
    if (before === from || ran === undefined || from === 0) return
    const other = Math.max(before, 0)
    const state = other === 0 ? STATE.RUNNABLE : STATE.SLEEPS
    const toThis = { from: other, to: from, fromName: this.nameOf(e, other), toName: fromName }
    this.write({ time: Math.max(time - ran, earliest), cpu, ...toThis }, state)
  }

  private wait(tid: number, change: Switch): void {
    const list = this.waiting.get(tid)
    if (list === undefined) {
      if (this.waiting.size >= MOST_THREADS) this.end()
      this.waiting.set(tid, [change])
      return
    }
    list.push(change)
    if (list.length > MOST_WAITING) this.write(list.shift() as Switch, STATE.RUNNABLE)
  }

  private nameOf(e: Event, tid: number): string {
    if (tid === 0) return 'swapper'
    return escapeText(stateOf(this.ctx, e).threads.get(tid)?.comm ?? '')
  }

  private write({ time, cpu, from, to, fromName, toName }: Switch, state: number): void {
    if (cpu >= MOST_CPUS) return
    const { sequence } = this
    const { out } = sequence
    const packet = sequence.start(time)
    const bundle = out.open(PACKET.ftraceEvents)
    out.uintField(BUNDLE.cpu, cpu)
    const event = out.open(BUNDLE.event)
    out.wideField(FTRACE.timestamp, sequence.clock.hi, sequence.clock.lo)
    out.intField(FTRACE.pid, from)
    const change = out.open(FTRACE.schedSwitch)
    out.textField(SWITCH.prevComm, fromName)
    out.intField(SWITCH.prevPid, from)
    out.uintField(SWITCH.prevPrio, PRIORITY)
    out.uintField(SWITCH.prevState, state)
    out.textField(SWITCH.nextComm, toName)
    out.intField(SWITCH.nextPid, to)
    out.uintField(SWITCH.nextPrio, PRIORITY)
    out.close(change)
    out.close(event)
    out.close(bundle)
    sequence.end(packet)
  }
}
