// Bodies that wait to be sent to a server: so many bytes at most, a few at once. Whoever can wait waits for room; else what finds none
// is dropped and counted.
import type { Poster } from './poster.js'

/** bytes that may wait */
const MOST_BYTES = 32 << 20
/** requests that are under way at once */
export const SENT_AT_ONCE = 4
/** ms in which what is under way may end once it was aborted, and between two sentences about what is wrong */
const GRACE = 200
const OFTEN = 10_000

interface Body {
  readonly bytes: Uint8Array
  readonly records: number
}

export interface SenderOptions {
  readonly poster: Pick<Poster, 'send' | 'close'>
  /** is told in a sentence what is wrong */
  readonly complain: (reason: string) => void
  /** is told what a server that took a body warns of */
  readonly warn?: (reason: string) => void
  /** how many records of a body an answer says were refused; none: the reason is a warning */
  readonly refused?: (answer: Buffer) => { readonly records: number; readonly reason: string } | undefined
  readonly mostBytes?: number
}

export class Sender {
  /** records: delivered, not delivered after all tries, and left out as there was no room */
  sent = 0
  failed = 0
  dropped = 0
  /** why the last ones that failed did */
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
  private told = Number.NEGATIVE_INFINITY

  constructor(private readonly options: SenderOptions) {}

  /** Takes a body with so many records; false: there is no room, which counts them as dropped. One alone may be of any size. */
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

  /** More than half of the room is taken. */
  get full(): boolean {
    return this.bytes * 2 > (this.options.mostBytes ?? MOST_BYTES)
  }

  /** Whether anything waits or is under way. */
  get busy(): boolean {
    return this.queue.length > 0 || this.running > 0
  }

  /** Fulfilled when there is room, or something has failed. */
  async room(): Promise<void> {
    for (const before = this.failed; this.full && this.failed === before; ) await this.change()
  }

  /** Sends what waits, for so many ms at most; what is left then has failed. */
  async close(patience: number): Promise<void> {
    const { signal } = this.abort
    const timer = setTimeout(() => this.abort.abort(), patience)
    const over = aborted(signal)
    while (this.busy && !signal.aborted) await Promise.race([this.change(), over])
    clearTimeout(timer)
    if (this.busy) await Promise.race([this.idle(), new Promise((done) => setTimeout(done, GRACE))])
    this.closed = true
    const left = this.queue.reduce((n, body) => n + body.records, this.underWay)
    if (left > 0) this.fail(left, this.reason ?? 'the end of the run did not leave it time')
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
      const answer = await poster.send(bytes, { abort: this.abort.signal, trouble: (reason) => this.say(reason) })
      const of = refused?.(answer)
      lost = Math.min(records, of?.records ?? 0)
      why = of?.reason ?? ''
      if (lost === 0 && why !== '') this.warn(why)
    } catch (e) {
      lost = records
      why = (e as Error).message
    }
    // what ends after close() has been counted
    if (this.closed) return
    this.underWay -= records
    this.sent += records - lost
    if (lost > 0) this.fail(lost, why)
  }

  private fail(records: number, why: string): void {
    this.failed += records
    this.reason = why
  }

  /** Tells a warning, but for one that was told before. */
  private warn(reason: string): void {
    if (reason === this.warned) return
    this.warned = reason
    this.options.warn?.(reason)
  }

  private say(reason: string): void {
    this.reason = reason
    const now = performance.now()
    if (now - this.told < OFTEN) return
    this.told = now
    this.options.complain(reason)
  }

  /** Fulfilled when a delivery has ended, as it may. */
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
