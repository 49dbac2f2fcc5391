// Fields that an event's columns alone answer: what asks only them needs no threads and descriptors kept true.
import { registry } from './index.js'

const NAMES: ReadonlySet<string> = new Set([
  'evt.num',
  'evt.cpu',
  'evt.dir',
  'evt.type',
  'evt.type.is',
  'syscall.type',
  'evt.rawtime',
  'evt.latency',
  'evt.rawres',
  'evt.res',
  'evt.failed',
  'evt.count',
  'evt.count.error',
  'evt.count.exit',
  'evt.is_io',
  'evt.is_io_read',
  'evt.is_io_write',
  'evt.is_wait',
  'evt.wait_latency',
  'thread.tid',
])

/** Those that are the same for all calls of one kind with one result. */
const ALIKE: ReadonlySet<string> = new Set([
  'evt.dir',
  'evt.type',
  'evt.type.is',
  'syscall.type',
  'evt.res',
  'evt.failed',
  'evt.is_io',
  'evt.is_io_read',
  'evt.is_io_write',
  'evt.is_wait',
])

/** Those whose sum over such calls is known where the calls were counted and their latencies summed up. */
const SUMMED: ReadonlySet<string> = new Set([
  'evt.count',
  'evt.count.error',
  'evt.count.exit',
  'evt.latency',
  'evt.wait_latency',
])

/** Whether a field is the same for all calls of one kind with one result. */
export function isAlike(text: string): boolean {
  return ALIKE.has(registry.find(text).name)
}

/** Whether sums of a field need no more than numbers of calls and sums of latencies, by kind and result. */
export function isSummed(text: string): boolean {
  return SUMMED.has(registry.find(text).name)
}

/** Whether a field, given as text that finds it in the registry, is one of those. */
export function isOfEvent(text: string): boolean {
  return NAMES.has(registry.find(text).name)
}
