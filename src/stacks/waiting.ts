// How long the capture waits for names, whatever the files do that they are in.
import { Allowance } from './allowance.js'
import { WAITING } from './limits.js'

export class Waiting {
  private readonly reading = new Allowance(WAITING.reading)
  private start: number = WAITING.start
  private afterStop: number = WAITING.stopped
  private stopped = false
  private batch = 0

  /** The capture was stopped. */
  stop(): void {
    this.stopped = true
  }

  /** Another batch waits. */
  begin(): void {
    this.batch = WAITING.batch
  }

  /** It has waited for some ms more; false when it does not wait any longer. thread: what that does. */
  goOn(ms: number, thread: 'starts' | 'reads' | 'names'): boolean {
    if (thread === 'starts') {
      this.start -= ms
      return this.start > 0
    }
    this.batch -= ms
    if (this.stopped) this.afterStop -= ms
    if (thread === 'reads') this.reading.spend(ms)
    return this.batch > 0 && this.afterStop > 0 && (thread === 'names' || this.reading.rest > 0)
  }
}
