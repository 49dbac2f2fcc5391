// Calls that read from one descriptor and write to another: the event has both, and is looked at from either side.
import { type Event, SIDE } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import type { StateTables } from '../tables.js'
import { type Effect, entered, int, slot, use } from './effect.js'

/** Changes no state: gives the event both descriptors, and has it looked at as a write. */
export function twoSided(def: EventDef): Effect {
  const from = slot(def, def.transfer?.from ?? '')
  const to = slot(def, def.transfer?.to ?? '')
  return (_: StateTables, e: Event, t: Thread) => {
    use(e, t, int(e, to, -1))
    readsFrom(e, t, int(e, from, -1))
  }
}

/** Gives an event that writes to its descriptor the one that it reads from, -1 where that has no number. */
export function readsFrom(e: Event, t: Thread, source: number): void {
  e.sides = SIDE.BOTH
  if (source < 0) return
  e.otherNum = source
  e.otherFd = t.fdTable.at(source, entered(e))
}
