// Reads that leave the data where it is (MSG_PEEK): it comes again, and would count twice.
import type { Event } from '../model/event.js'

const MSG_PEEK = 2

/** Whether the event is such a read. */
export function isPeek(e: Event): boolean {
  return e.def.category === 'io_read' && ((e.numberOf('flags') ?? 0) & MSG_PEEK) !== 0
}
