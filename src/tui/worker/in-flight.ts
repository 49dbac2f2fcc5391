// Requests the calls in flight from the kernel, live: it writes them among the events, so they are complete only after
// a delay.
import type { LiveSource } from '../../source/live.js'

/** ns after which all have arrived on an otherwise idle machine */
const SETTLED = 250e6
/** ns by which this process's clock may be ahead of the kernel's */
const AHEAD = 20e6

export class InFlightRequest {
  /** batch times (ns) between which the rows lie; undefined while nothing is requested */
  private from: number | undefined
  private to = 0
  private seen = -1

  constructor(
    private readonly source: LiveSource,
    private readonly now: () => number,
  ) {}

  get isPending(): boolean {
    return this.from !== undefined
  }

  send(): void {
    this.from = this.now()
    this.source.tellCalls()
    this.to = this.now()
  }

  /** Whether a call recorded at that batch time belongs to the last request. */
  includes(time: number): boolean {
    return this.from !== undefined && time >= this.from - AHEAD
  }

  /** Whether all calls have arrived; called after each batch. `last`: time of its last event. */
  complete(last: number): boolean {
    const still = last === this.seen
    this.seen = last
    return last >= this.to || (still && this.now() >= this.to + SETTLED)
  }

  done(): void {
    this.from = undefined
  }
}
