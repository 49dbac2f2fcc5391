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

/** Whether a field, given as text that finds it in the registry, is one of those. */
export function isOfEvent(text: string): boolean {
  return NAMES.has(registry.find(text).name)
}
