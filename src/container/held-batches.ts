// The batches of a live capture that wait for names, in their order. They are copies, because a source reuses its batches.
import { batchBytes, EventBatch } from '../model/batch.js'
import { shortId } from '../model/container.js'
import { within } from './runtime.js'
import type { ScanResult } from './scan.js'

/** Limit of held bytes, and ms to wait for a name when it is reached: the kernel's buffers fill up meanwhile. */
const MOST_BYTES = 24 << 20
const WHEN_FULL = 250

export const RELEASED = Symbol('released')

/** A batch that waits for a name; undefined wait: it only waits for earlier batches. */
export interface HeldBatch {
  readonly batch: EventBatch
  /** what is new in it: containers by the short id, and cgroups whose paths contain no id */
  readonly ids: readonly string[]
  readonly paths: readonly string[]
  wait: Promise<typeof RELEASED> | undefined
  /** it was the first batch when the limit of held bytes was reached */
  full?: boolean
}

export class HeldBatches {
  private readonly queue: HeldBatch[] = []
  private bytes = 0

  /** The first batch; undefined: none is held. */
  get head(): HeldBatch | undefined {
    return this.queue[0]
  }

  /** Whether the first batch, if there is one, may be released: its wait is over, or too much is held. */
  get isDue(): boolean {
    const { head } = this
    return head !== undefined && (head.wait === undefined || this.bytes > MOST_BYTES)
  }

  /** Adds a copy of a batch; found: what is new in it. */
  add(batch: EventBatch, wait: Promise<unknown> | undefined, found: ScanResult | undefined): void {
    const copy = copyOf(batch)
    const held: HeldBatch = {
      batch: copy,
      wait: undefined,
      ids: (found?.ids ?? []).map(shortId),
      paths: found?.paths ?? [],
    }
    held.wait = wait?.then(() => {
      held.wait = undefined
      return RELEASED
    })
    this.bytes += copy.buffer.byteLength
    this.queue.push(held)
  }

  /** Removes the first batch. */
  shift(): void {
    const head = this.queue.shift()
    this.bytes -= head?.batch.buffer.byteLength ?? 0
  }

  /**
   * When too much is held, waits once more briefly for the first batch: names that need no query are available at once. Returns
   * whether it waited.
   */
  async waitOnceMore(head: HeldBatch): Promise<boolean> {
    if (head.wait === undefined || head.full === true) return false
    head.full = true
    await within(WHEN_FULL, head.wait)
    return true
  }
}

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
