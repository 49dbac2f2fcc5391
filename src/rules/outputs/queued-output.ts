// The output that all kinds are: a queue, and what empties it by way of a channel.
import type { Attempt } from '../../web/attempt.js'
import { PRIORITIES, type Priority } from '../rule.js'
import { AlertQueue } from './alert-queue.js'
import { type Channel, NotSent } from './channel.js'
import type { Formatted, Losses, Output, OutputStats } from './output.js'

/** alerts that may wait unless another number is chosen */
const USUAL_CAPACITY = 10_000
/** ms between two looks whether there is room, and without anything done after which nobody waits for it */
const LOOK = 10
const STUCK = 2000
/** ms in which what is under way may end once it was aborted, and between two sentences about what is wrong */
const GRACE = 200
const OFTEN = 10_000

export interface QueuedOptions {
  readonly name: string
  readonly minimum: Priority | undefined
  readonly capacity: number | undefined
  /** is told in a sentence what is wrong */
  readonly complain: (sentence: string) => void
}

const graver = (priority: Priority, minimum: Priority) => PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(minimum)

export class QueuedOutput implements Output {
  readonly name: string
  private readonly queue: AlertQueue
  private readonly minimum: Priority
  private readonly abort = new AbortController()
  private sent = 0
  private dropped = 0
  private failed = 0
  /** lost alerts that takeLosses() has not told */
  private untoldDropped = 0
  private untoldFailed = 0
  private reason: string | undefined
  /** calls of send() and reopen() that are under way, and the alerts that they deliver */
  private running = 0
  private underWay = 0
  private scheduled = false
  private wantsReopen = false
  private closing = false
  private closed = false
  /** something is wrong, and was told; when that was */
  private troubled = false
  private told = Number.NEGATIVE_INFINITY
  private whenIdle: (() => void) | undefined

  constructor(
    private readonly channel: Channel,
    private readonly options: QueuedOptions,
  ) {
    this.name = options.name
    this.minimum = options.minimum ?? 'Debug'
    this.queue = new AlertQueue(options.capacity ?? USUAL_CAPACITY)
  }

  get stats(): OutputStats {
    return { sent: this.sent, dropped: this.dropped, failed: this.failed, queued: this.queue.length + this.underWay }
  }

  get full(): boolean {
    return this.queue.full
  }

  offer(alert: Formatted): void {
    if (!graver(alert.priority, this.minimum)) return
    if (!this.closing && this.queue.push(alert)) {
      this.schedule()
      return
    }
    this.dropped++
    if (!alert.internal) this.untoldDropped++
  }

  reopen(): void {
    if (this.channel.reopen === undefined) return
    this.wantsReopen = true
    this.schedule()
  }

  takeLosses(): Losses {
    const losses = { dropped: this.untoldDropped, failed: this.untoldFailed, reason: this.reason }
    this.untoldDropped = 0
    this.untoldFailed = 0
    this.reason = undefined
    return losses
  }

  async room(): Promise<void> {
    const done = () => this.sent + this.failed
    let before = done()
    for (let since = performance.now(); this.full; ) {
      await new Promise((look) => setTimeout(look, LOOK))
      if (done() !== before) since = performance.now()
      else if (performance.now() - since > STUCK) return
      before = done()
    }
  }

  async close(patience: number): Promise<void> {
    this.closing = true
    const { signal } = this.abort
    const timer = setTimeout(() => this.abort.abort(), patience)
    await Promise.race([this.idle(), aborted(signal, GRACE)])
    this.closed = true
    this.lose(this.queue.take(this.queue.length).length + this.underWay, this.reason ?? 'they still waited at the end')
    this.underWay = 0
    const ended = this.channel.close?.(signal).catch((e: unknown) => this.say(reasonOf(e)))
    await Promise.race([ended, aborted(signal, GRACE)])
    clearTimeout(timer)
  }

  /** Alerts gather while whoever offers them goes on. */
  private schedule(): void {
    if (this.scheduled || this.running >= this.channel.atOnce) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      this.begin()
    })
  }

  private begin(): void {
    if (this.wantsReopen) {
      if (this.running === 0) void this.run(() => this.openAnew())
      return
    }
    while (this.running < this.channel.atOnce && this.queue.length > 0 && !this.abort.signal.aborted) {
      const alerts = this.queue.take(this.channel.most)
      void this.run(() => this.deliver(alerts))
    }
    if (this.running === 0) this.whenIdle?.()
  }

  private async run(work: () => Promise<void>): Promise<void> {
    this.running++
    await work()
    this.running--
    this.begin()
  }

  private async openAnew(): Promise<void> {
    this.wantsReopen = false
    try {
      await this.channel.reopen?.()
    } catch (e) {
      this.options.complain(`${this.name} cannot be opened anew, and goes on where it is: ${reasonOf(e)}`)
    }
  }

  private async deliver(alerts: readonly Formatted[]): Promise<void> {
    const attempt: Attempt = { abort: this.abort.signal, trouble: (reason) => this.say(reason) }
    this.underWay += alerts.length
    let lost = 0
    let reason = ''
    try {
      await this.channel.send(alerts, attempt)
      this.troubled = false
    } catch (e) {
      lost = e instanceof NotSent ? e.alerts : alerts.length
      reason = reasonOf(e)
    }
    // what ends after the output was closed has been counted
    if (this.closed) return
    this.underWay -= alerts.length
    this.sent += alerts.length - lost
    this.lose(lost, reason, alerts.length > 0 && alerts.every((alert) => alert.internal))
  }

  /** quietly: nothing is told of them */
  private lose(alerts: number, reason: string, quietly = false): void {
    if (alerts === 0) return
    this.failed += alerts
    if (quietly) return
    this.untoldFailed += alerts
    this.reason = reason
  }

  /** Tells what is wrong, once until something is delivered again, and not too often. */
  private say(reason: string): void {
    this.reason = reason
    const now = performance.now()
    if (this.troubled || now - this.told < OFTEN) return
    this.options.complain(`${this.name} does not take alerts at present: ${reason}`)
    this.troubled = true
    this.told = now
  }

  /** Fulfilled when nothing waits or is under way. */
  private idle(): Promise<void> {
    if (this.queue.length === 0 && this.running === 0) return Promise.resolve()
    return new Promise((done) => {
      this.whenIdle = done
    })
  }
}

/** Fulfilled so many ms after it is aborted. */
function aborted(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((done) => {
    const soon = () => setTimeout(done, ms)
    if (signal.aborted) soon()
    else signal.addEventListener('abort', soon, { once: true })
  })
}

function reasonOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
