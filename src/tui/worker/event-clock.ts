// How far a live capture's events have been delivered. Rates go by this clock and not by the wall clock: when the process is
// scheduled late, the events of several seconds come at once.

/** ns of an empty batch that the native side waits at most before it delivers it */
const EMPTY = 250e6

export class EventClock {
  /** batch time (ns) up to which events have been delivered; it never goes back */
  at = 0
  private last = 0

  /** After each batch. lastTime: batch time of the last event so far; now: the capture's time. */
  batch(lastTime: number, now: number): void {
    const isEmpty = lastTime === this.last
    this.last = lastTime
    this.at = Math.max(this.at, isEmpty ? Math.min(now, this.at + EMPTY) : lastTime)
  }
}
