// The interfaces of what a loop passes events to.

import type { EventBatch } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { BatchNs } from '../model/time.js'

/** Processes the events that passed the filter. */
export interface Sink {
  /** Called before the first event, when the state is that of the capture's start. */
  begin?(): void
  /** Called with the event under the cursor, which is valid during the call only. */
  show?(e: Event): void
  /** The same for a hidden row, which the state has already been updated with. */
  hidden?(e: Event): void
  /** Called after each slice of rows and while the source idles: write buffered output. */
  flush?(): Promise<void> | void
  /** Set when enough output is buffered that flush() should be called before the next row. */
  readonly full?: boolean
  /**
   * Called with rows [from, to) of a batch, and a value of KEEP for each: all rows of that host that were applied since the last
   * call. The batch is reused after the promise is fulfilled.
   */
  batch?(batch: EventBatch, keep: Uint8Array, from: number, to: number, host: number): Promise<void> | void
  /**
   * batch time (ns): before a row at that time or later is applied, batch() is called with all previous rows, then
   * seam()
   */
  readonly seamAt?: number
  /** See seamAt. time: that of the row; must increase seamAt beyond it. */
  seam?(time: BatchNs): Promise<void> | void
  /**
   * Called at the end of the input; time: batch time (ns) of a file's last event, visible or not, or the current time
   * of a live capture.
   */
  end?(time: BatchNs): Promise<void> | void
}

/** Is called as capture time passes, whether events pass or not. */
export interface Ticker {
  /** batch time (ns) at which tick() is to be called */
  due: number
  /**
   * Called before the first event at or after `due` is applied, in a live capture also without events; must increase
   * `due`.
   */
  tick(time: BatchNs): void
}

/** Outcome of a row: it is not needed, it passed, or it is needed only for the state. */
export const KEEP = { DROP: 0, SHOWN: 1, HIDDEN: 2 } as const

/** The earliest `seamAt` of the sinks. */
export function nextSeam(sinks: readonly Sink[]): number {
  let next = Number.POSITIVE_INFINITY
  for (let i = 0; i < sinks.length; i++) next = Math.min(next, (sinks[i] as Sink).seamAt ?? next)
  return next
}

/** Whether a sink has buffered enough output. */
export function isFull(sinks: readonly Sink[]): boolean {
  for (let i = 0; i < sinks.length; i++) if ((sinks[i] as Sink).full === true) return true
  return false
}

/** One function that calls show() or hidden() of all sinks that have it. */
export function combine(sinks: readonly Sink[], what: 'show' | 'hidden'): (e: Event) => void {
  const handlers = sinks.flatMap((s) => s[what]?.bind(s) ?? [])
  const [only, other] = handlers
  if (only === undefined) return () => {}
  if (other === undefined) return only
  return (e) => {
    for (let i = 0; i < handlers.length; i++) (handlers[i] as (e: Event) => void)(e)
  }
}
