// Which thread ran on which processor: the scheduler's switches, as ftrace has them. The kernel side does not tell why a thread was
// switched away; it slept where a call that was under way then tells so by its end, and was preempted where none does.
import { type FieldContext, stateOf } from '../../fields/field.js'
import { escapeText } from '../../format/text/escape.js'
import type { Event } from '../../model/event.js'
import type { Sequence } from './sequence.js'
import { BUNDLE, FTRACE, PACKET, STATE, SWITCH } from './wire.js'

/** Switches of one thread, and threads, of which the reason is waited for. */
const MOST_WAITING = 64
const MOST_THREADS = 65_536
/** The kernel's number of an ordinary priority. */
const PRIORITY = 120
/** One above the largest processor that readers know. */
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
  /** by thread: when it was switched away, the oldest first */
  private readonly waiting = new Map<number, Switch[]>()
  /** by processor: the thread that runs there by what is written; -1: unknown */
  private readonly running = new Int32Array(MOST_CPUS).fill(-1)
  /** threads that have ended, until they are switched away for the last time */
  private readonly ended = new Set<number>()

  constructor(
    private readonly sequence: Sequence,
    private readonly ctx: FieldContext,
  ) {}

  /** The cursor is on a switch. */
  switched(e: Event): void {
    const from = e.tid
    const to = e.numberOf('next') ?? 0
    const change = { time: e.time, cpu: e.cpu, from, to, fromName: this.nameOf(e, from), toName: this.nameOf(e, to) }
    this.arrived(e, change)
    if (from === 0) this.write(change, STATE.RUNNABLE)
    else if (this.ended.delete(from)) this.write(change, STATE.DEAD)
    else this.wait(from, change)
  }

  /** A call of the thread is over, which began at batch time `begin` (ns). */
  call(tid: number, begin: number): void {
    const list = this.waiting.get(tid)
    if (list === undefined) return
    this.waiting.delete(tid)
    for (const change of list) this.write(change, change.time >= begin ? STATE.SLEEPS : STATE.RUNNABLE)
  }

  /** The thread has ended. */
  exited(tid: number): void {
    this.call(tid, Number.POSITIVE_INFINITY)
    if (this.ended.size >= MOST_THREADS) this.ended.clear()
    this.ended.add(tid)
  }

  /** The capture is over: a thread that has not come back since sleeps. */
  end(): void {
    for (const list of this.waiting.values())
      list.forEach((change, i) => {
        this.write(change, i === list.length - 1 ? STATE.SLEEPS : STATE.RUNNABLE)
      })
    this.waiting.clear()
  }

  /** Where the switch to the thread was not captured, as the one before it was of a thread that nobody asked for, its end tells when it was. */
  private arrived(e: Event, { time, cpu, from, to, fromName }: Switch): void {
    if (cpu >= MOST_CPUS) return
    const before = this.running[cpu] as number
    this.running[cpu] = to
    const ran = e.numberOf('ran')
    if (before === from || ran === undefined || from === 0) return
    const other = Math.max(before, 0)
    const state = other === 0 ? STATE.RUNNABLE : STATE.SLEEPS
    const toThis = { from: other, to: from, fromName: this.nameOf(e, other), toName: fromName }
    this.write({ time: time - ran, cpu, ...toThis }, state)
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
    const packet = sequence.begin(time)
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
