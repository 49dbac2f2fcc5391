// What drop events tell.
import type { Event } from '../model/event.js'
import { LOSSES, type Losses, lossesOf } from '../schema/losses.js'

/** What a live capture's drop event tells of. */
export function toldLosses(e: Event): Losses {
  return lossesOf(LOSSES.map((kind) => e.numberOf(kind) ?? 0))
}
