// A bounded queue of bodies to send to a server, a few requests at once. Callers that can wait do so while it is full; otherwise bodies are
// dropped and counted.
import type { Poster } from './poster.js'

/** limit of queued bytes */
const MOST_BYTES = 32 << 20
/** requests in progress at once */
export const SENT_AT_ONCE = 4
/** ms in which aborted requests may end, and between two messages about problems */
const GRACE = 200
const OFTEN = 10_000

interface Body {
  readonly bytes: Uint8Array
  readonly records: number
}

export interface SenderOptions {
  readonly poster: Pick<Poster, 'send' | 'close'>
  /** called with a message about a problem */
  readonly complain: (reason: string) => void
  /** called with a warning of a server that accepted a body */
  readonly warn?: (reason: string) => void
  /** extracts from a response how many records of a body were rejected; none: the reason is a warning */
  readonly refused?: (answer: Buffer) => { readonly records: number; readonly reason: string } | undefined
  readonly mostBytes?: number
}

export class Sender {
  /** numbers of records: delivered, not delivered after all attempts, and dropped because the queue was full */
  sent = 0
  failed = 0
  dropped = 0
  /** the reason of the last failure */
  reason: string | undefined
  private queue: Body[] = []
  private bytes = 0
  private underWay = 0
  private running = 0
  private closed = false
  private readonly abort = new AbortController()
  private waiting: (() => void)[] = []
  /** the last warning */
  private warned: string | undefined
  private reportedAt = Number.NEGATIVE_INFINITY

  constructor(private readonly options: SenderOptions) {}

  /** Queues a body with that many records; false: the queue is full, and they are counted as dropped. A single body may be of any size. */
  offer(bytes: Uint8Array, records: number): boolean {
    const { mostBytes = MOST_BYTES } = this.options
    if (this.closed || (this.queue.length > 0 && this.bytes + bytes.length > mostBytes)) {
      this.dropped += records
      return false
    }
    this.queue.push({ bytes, records })
    this.bytes += bytes.length
    this.pump()
    return true
  }

  /** Whether more than half of the queue's capacity is used. */
  get full(): boolean {
    return this.bytes * 2 > (this.options.mostBytes ?? MOST_BYTES)
  }

  /** Whether bodies are queued or in progress. */
  get busy(): boolean {
    return this.queue.length > 0 || this.running > 0
  }

  /** Fulfilled when there is capacity, or a delivery has failed. */
  async room(): Promise<void> {
    for (const before = this.failed; this.full && this.failed === before; ) await this.change()
  }

  /** Sends what is queued within that many ms; the rest counts as failed. */
  async close(patience: number): Promise<void> {
    const { signal } = this.abort
    const timer = setTimeout(() => this.abort.abort(), patience)
    const over = aborted(signal)
    while (this.busy && !signal.aborted) await Promise.race([this.change(), over])
    clearTimeout(timer)
    if (this.busy) await Promise.race([this.idle(), new Promise((done) => setTimeout(done, GRACE))])
    this.closed = true
    const rest = this.queue.reduce((n, body) => n + body.records, this.underWay)
    if (rest > 0) this.fail(rest, this.reason ?? 'the run ended before they were sent')
    this.queue = []
    this.options.poster.close()
  }

  private pump(): void {
    while (this.running < SENT_AT_ONCE && this.queue.length > 0 && !this.abort.signal.aborted) {
      const body = this.queue.shift() as Body
      this.running++
      this.underWay += body.records
      void this.deliver(body).finally(() => {
        this.running--
        this.bytes -= body.bytes.length
        this.pump()
        for (const done of this.waiting.splice(0)) done()
      })
    }
  }

  private async deliver({ bytes, records }: Body): Promise<void> {
    const { poster, refused } = this.options
    let lost = 0
    let why = ''
    try {
      const answer = await poster.send(bytes, {
        abort: this.abort.signal,
        trouble: (reason) => this.reportTrouble(reason),
      })
      const rejected = refused?.(answer)
      lost = Math.min(records, rejected?.records ?? 0)
      why = rejected?.reason ?? ''
      if (lost === 0 && why !== '') this.warn(why)
    } catch (e) {
      lost = records
      why = (e as Error).message
    }
    // what ends after close() was counted there
    if (this.closed) return
    this.underWay -= records
    this.sent += records - lost
    if (lost > 0) this.fail(lost, why)
  }

  private fail(records: number, why: string): void {
    this.failed += records
    this.reason = why
  }

  /** Reports a warning, unless it repeats the last one. */
  private warn(reason: string): void {
    if (reason === this.warned) return
    this.warned = reason
    this.options.warn?.(reason)
  }

  private reportTrouble(reason: string): void {
    this.reason = reason
    const now = performance.now()
    if (now - this.reportedAt < OFTEN) return
    this.reportedAt = now
    this.options.complain(reason)
  }

  /** Fulfilled when a delivery has ended, successfully or not. */
  private change(): Promise<void> {
    return this.busy ? new Promise((done) => this.waiting.push(done)) : Promise.resolve()
  }

  private async idle(): Promise<void> {
    while (this.running > 0) await this.change()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}
