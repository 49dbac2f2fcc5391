// The queue of an output, limited in alerts and in characters.
import type { Formatted } from './output.js'

/** characters of all queued lines */
const MOST_CHARACTERS = 16 << 20
/** taken alerts that may stay at the head of the array before the rest is moved */
const SLACK = 1024

export class AlertQueue {
  private alerts: Formatted[] = []
  /** index of the oldest */
  private head = 0
  private characters = 0

  constructor(
    readonly capacity: number,
    private readonly most = MOST_CHARACTERS,
  ) {}

  get length(): number {
    return this.alerts.length - this.head
  }

  /** More than half full. */
  get full(): boolean {
    return this.length * 2 > this.capacity || this.characters * 2 > this.most
  }

  /** Adds an alert; false: the queue is full. An empty queue accepts an alert of any length. */
  push(alert: Formatted): boolean {
    const { length } = alert.line
    if (this.length >= this.capacity || (this.length > 0 && this.characters + length > this.most)) return false
    this.alerts.push(alert)
    this.characters += length
    return true
  }

  /** Removes and returns up to `count` of the oldest alerts. */
  take(count: number): Formatted[] {
    const taken = this.alerts.slice(this.head, this.head + count)
    this.head += taken.length
    for (const { line } of taken) this.characters -= line.length
    if (this.head >= SLACK || this.head === this.alerts.length) {
      this.alerts = this.alerts.slice(this.head)
      this.head = 0
    }
    return taken
  }
}
