// What drop events tell.
import type { Event } from '../model/event.js'
import { type Losses, lossesBy } from '../schema/losses.js'

/** What a live capture's drop event tells of. */
export function lossesIn(e: Event): Losses {
  return lossesBy((kind) => e.numberOf(kind) ?? 0)
}
