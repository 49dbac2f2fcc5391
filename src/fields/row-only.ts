// Fields that depend on an event's columns only, or on counts of calls: they need no state of threads and descriptors.
// Fields are given as text that the registry resolves.
import { registry } from './index.js'

const rowOnlyOf = (text: string) => registry.find(text).def.rowOnly

/** Whether a field is the same for all calls of one type with one result. */
export function isSamePerResult(text: string): boolean {
  return rowOnlyOf(text) === 'same'
}

/** Whether the sum of a field follows from the number of calls and the sum of their latencies, by type and result. */
export function isSumOfCounts(text: string): boolean {
  return rowOnlyOf(text) === 'sum'
}

/** Whether a field depends on the event's columns only. */
export function needsOnlyRow(text: string): boolean {
  return rowOnlyOf(text) !== undefined
}
