// Copies batches that wait for a name, because a source reuses its own.
import { batchBytes, EventBatch } from '../model/batch.js'

/** A copy of a batch, no larger than necessary. */
export function copyOf(b: EventBatch): EventBatch {
  const { count } = b
  const capacity = Math.max(2, count + (count & 1))
  const arena = b.argOff[count] as number
  const copy = new EventBatch(new ArrayBuffer(batchBytes(capacity, arena)), capacity, arena)
  for (const key of ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const)
    copy[key].set(b[key].subarray(0, count))
  copy.argOff.set(b.argOff.subarray(0, count + 1))
  copy.argEnd = b.argEnd?.slice(0, count)
  copy.arena.set(b.arena.subarray(0, arena))
  copy.count = count
  copy.resync = b.resync
  copy.native = b.native
  copy.arch = b.arch
  return copy
}
