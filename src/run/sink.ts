// What a loop hands its events to.
import type { EventBatch } from '../model/batch.js'
import type { Event } from '../model/event.js'

/** What happens with the events that passed the filter. */
export interface Sink {
  /** Before the first event: the state is that of the capture's start. */
  begin?(): void
  /** The event under the cursor; valid during the call only. */
  show?(e: Event): void
  /** The same of a row that is never shown: it keeps the state true, which has it already. */
  hidden?(e: Event): void
  /** After each slice of rows and whenever the source idles: write out what has gathered. */
  flush?(): Promise<void> | void
  /** show() has gathered enough that flush() should come before the next row. */
  readonly full?: boolean
  /**
   * Rows [from, to) of a batch with what became of each (see KEEP), all of that host that were applied since the last call; the batch
   * is reused after the promise is fulfilled.
   */
  batch?(batch: EventBatch, keep: Uint8Array, from: number, to: number, host: number): Promise<void> | void
  /** batch time (ns): before a row of that time or later is applied, batch() has been given all others, and seam() is called */
  readonly seamAt?: number
  /** See seamAt. time: of the row; moves seamAt beyond it. */
  seam?(time: number): Promise<void> | void
  /** The end of the input; time: batch time (ns) of the last event of a file, shown or not, live the present. */
  end?(time: number): Promise<void> | void
}

/** Somebody who wants to know that time passes, whether events are shown or not. */
export interface Ticker {
  /** batch time (ns) at which tick() wants to be called */
  due: number
  /** Called before the first event at or after `due` is applied, live also when nothing happens; moves `due` on. */
  tick(time: number): void
}

/** What became of a row: nothing needs it, it was shown, or it keeps the state true without being shown. */
export const KEEP = { DROP: 0, SHOWN: 1, HIDDEN: 2 } as const

/** The earliest time at which one of them has one. */
export function nextSeam(sinks: readonly Sink[]): number {
  let next = Number.POSITIVE_INFINITY
  for (let i = 0; i < sinks.length; i++) next = Math.min(next, (sinks[i] as Sink).seamAt ?? next)
  return next
}

/** Whether one of them has gathered enough. */
export function isFull(sinks: readonly Sink[]): boolean {
  for (let i = 0; i < sinks.length; i++) if ((sinks[i] as Sink).full === true) return true
  return false
}

/** One function for all sinks that want single events, those that are shown or the hidden ones. */
export function combine(sinks: readonly Sink[], what: 'show' | 'hidden'): (e: Event) => void {
  const wanting = sinks.flatMap((s) => s[what]?.bind(s) ?? [])
  const [only, other] = wanting
  if (only === undefined) return () => {}
  if (other === undefined) return only
  return (e) => {
    for (let i = 0; i < wanting.length; i++) (wanting[i] as (e: Event) => void)(e)
  }
}
