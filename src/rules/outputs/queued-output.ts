// The output for all kinds: a queue that is emptied through a channel.
import type { Attempt } from '../../web/attempt.js'
import { PRIORITIES, type Priority } from '../rule.js'
import { AlertQueue } from './alert-queue.js'
import { type Channel, NotSent } from './channel.js'
import type { Formatted, Losses, Output, OutputStats } from './output.js'

/** default length of the queue */
const DEFAULT_CAPACITY = 10_000
/** ms between checks for space in the queue, and without progress after which waitForSpace() gives up */
const LOOK = 10
const STUCK = 2000
/** ms for deliveries in progress to end after they are aborted, and between two reports of a problem */
const GRACE = 200
const REPORT_INTERVAL = 10_000

export interface QueuedOptions {
  readonly name: string
  readonly minimum: Priority | undefined
  readonly capacity: number | undefined
  /** called with a sentence for each problem */
  readonly reportProblem: (sentence: string) => void
}

const isAtLeast = (priority: Priority, minimum: Priority) => PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(minimum)

export class QueuedOutput implements Output {
  readonly name: string
  private readonly queue: AlertQueue
  private readonly minimum: Priority
  private readonly abort = new AbortController()
  private sent = 0
  private dropped = 0
  private failed = 0
  /** lost alerts not yet returned by takeLosses() */
  private unreportedDropped = 0
  private unreportedFailed = 0
  private reason: string | undefined
  /** send() and reopen() calls in progress, and the alerts being delivered by them */
  private running = 0
  private inFlight = 0
  private scheduled = false
  private wantsReopen = false
  private closing = false
  private closed = false
  /** a problem exists and was reported; when that was */
  private troubled = false
  private reportedAt = Number.NEGATIVE_INFINITY
  private whenIdle: (() => void) | undefined

  constructor(
    private readonly channel: Channel,
    private readonly options: QueuedOptions,
  ) {
    this.name = options.name
    this.minimum = options.minimum ?? 'Debug'
    this.queue = new AlertQueue(options.capacity ?? DEFAULT_CAPACITY)
  }

  get stats(): OutputStats {
    return { sent: this.sent, dropped: this.dropped, failed: this.failed, queued: this.queue.length + this.inFlight }
  }

  get full(): boolean {
    return this.queue.full
  }

  offer(alert: Formatted): void {
    if (!isAtLeast(alert.priority, this.minimum)) return
    if (!this.closing && this.queue.push(alert)) {
      this.schedule()
      return
    }
    this.dropped++
    if (!alert.internal) this.unreportedDropped++
  }

  reopen(): void {
    if (this.channel.reopen === undefined) return
    this.wantsReopen = true
    this.schedule()
  }

  takeLosses(): Losses {
    const losses = { dropped: this.unreportedDropped, failed: this.unreportedFailed, reason: this.reason }
    this.unreportedDropped = 0
    this.unreportedFailed = 0
    this.reason = undefined
    return losses
  }

  async waitForSpace(): Promise<void> {
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
    this.lose(
      this.queue.take(this.queue.length).length + this.inFlight,
      this.reason ?? 'they were still queued at the end',
    )
    this.inFlight = 0
    const ended = this.channel.close?.(signal).catch((e: unknown) => this.reportTrouble(reasonOf(e)))
    await Promise.race([ended, aborted(signal, GRACE)])
    clearTimeout(timer)
  }

  /** Delivery starts in a microtask, so that alerts offered by one caller are delivered together. */
  private schedule(): void {
    if (this.scheduled || this.running >= this.channel.atOnce) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      this.startWork()
    })
  }

  private startWork(): void {
    if (this.wantsReopen) {
      if (this.running === 0) void this.run(() => this.reopenChannel())
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
    this.startWork()
  }

  private async reopenChannel(): Promise<void> {
    this.wantsReopen = false
    try {
      await this.channel.reopen?.()
    } catch (e) {
      this.options.reportProblem(`${this.name} cannot be reopened and continues with the open file: ${reasonOf(e)}`)
    }
  }

  private async deliver(alerts: readonly Formatted[]): Promise<void> {
    const attempt: Attempt = { abort: this.abort.signal, trouble: (reason) => this.reportTrouble(reason) }
    this.inFlight += alerts.length
    let lost = 0
    let reason = ''
    try {
      await this.channel.send(alerts, attempt)
      this.troubled = false
    } catch (e) {
      lost = e instanceof NotSent ? e.alerts : alerts.length
      reason = reasonOf(e)
    }
    // close() has already counted deliveries that end later
    if (this.closed) return
    this.inFlight -= alerts.length
    this.sent += alerts.length - lost
    this.lose(lost, reason, alerts.length > 0 && alerts.every((alert) => alert.internal))
  }

  /** quietly: takeLosses() does not report them */
  private lose(alerts: number, reason: string, quietly = false): void {
    if (alerts === 0) return
    this.failed += alerts
    if (quietly) return
    this.unreportedFailed += alerts
    this.reason = reason
  }

  /** Reports a problem, once until a delivery succeeds, and at most every REPORT_INTERVAL. */
  private reportTrouble(reason: string): void {
    this.reason = reason
    const now = performance.now()
    if (this.troubled || now - this.reportedAt < REPORT_INTERVAL) return
    this.options.reportProblem(`${this.name} cannot deliver alerts at present: ${reason}`)
    this.troubled = true
    this.reportedAt = now
  }

  /** Resolves when nothing is queued or in progress. */
  private idle(): Promise<void> {
    if (this.queue.length === 0 && this.running === 0) return Promise.resolve()
    return new Promise((done) => {
      this.whenIdle = done
    })
  }
}

/** Resolves `ms` after the signal is aborted. */
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
