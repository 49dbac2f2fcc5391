// Which fields the columns of an event answer alone, and which counts of calls answer: for these no state of threads and
// descriptors is kept. Fields are given as text that finds them in the registry.
import { registry } from './index.js'

const ofEvent = (text: string) => registry.find(text).def.ofEvent

/** Whether a field is the same for all calls of one kind with one result. */
export function isAlike(text: string): boolean {
  return ofEvent(text) === 'alike'
}

/** Whether sums of a field need no more than numbers of calls and sums of latencies, by kind and result. */
export function isSummed(text: string): boolean {
  return ofEvent(text) === 'summed'
}

/** Whether an event's columns alone answer a field. */
export function needsOnlyRow(text: string): boolean {
  return ofEvent(text) !== undefined
}
