// Limits how long the capture waits for names, whatever the files that contain them do.
import { Allowance } from './allowance.js'
import { WAITING } from './limits.js'

export class WaitBudget {
  private readonly reading = new Allowance(WAITING.reading)
  private start: number = WAITING.start
  private afterStop: number = WAITING.stopped
  private stopped = false
  private batch = 0

  /** The capture was stopped. */
  stop(): void {
    this.stopped = true
  }

  /** Starts the wait of another batch. */
  startBatch(): void {
    this.batch = WAITING.batch
  }

  /** Charges some more ms of waiting; false: stop waiting. thread: what the thread is doing. */
  mayContinue(ms: number, thread: 'starts' | 'reads' | 'names'): boolean {
    if (thread === 'starts') {
      this.start -= ms
      return this.start > 0
    }
    this.batch -= ms
    if (this.stopped) this.afterStop -= ms
    if (thread === 'reads') this.reading.spend(ms)
    return this.batch > 0 && this.afterStop > 0 && (thread === 'names' || this.reading.available > 0)
  }
}
