// Decodes event blocks into two batches in turn: the caller holds one while the next is made ready.
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../model/batch.js'
import { Adapter } from './adapt.js'
import { type BlockLayouts, codec, todaysLayouts } from './codec.js'
import type { FileEvent } from './events-table.js'
import type { BlockHeader } from './format.js'

export interface DecodedRows {
  /** undefined when there are no rows; valid until the call after the next */
  readonly batch: EventBatch | undefined
  /** malformed rows that were left out */
  readonly skipped: number
}

export class BlockDecoder {
  private readonly batches: [EventBatch, EventBatch] = [new EventBatch(), new EventBatch()]
  /** which of the two is decoded into next */
  private turn: 0 | 1 = 0
  private adapter: Adapter | undefined
  private layouts: BlockLayouts = todaysLayouts()
  /** called when the worker thread begins with a block */
  started: (() => void) | undefined

  /** Takes over how the trace declares its events. */
  declare(events: readonly FileEvent[]): void {
    this.adapter = Adapter.of(events)
    if (this.adapter !== undefined) this.layouts = this.adapter.layouts
  }

  /** The rows of a block, or those of its state part. Rejects when the part is damaged. */
  async rows(header: BlockHeader, block: Buffer, stateOnly: boolean): Promise<DecodedRows> {
    const rows = header.stateRows + (stateOnly ? 0 : header.restRows)
    const arena = header.stateArena + (stateOnly ? 0 : header.restArena)
    if (rows === 0) return { batch: undefined, skipped: 0 }
    const batch = this.room(rows, arena)
    const { buffer, capacity, arenaBytes } = batch
    const { fixed, vars } = this.layouts
    const decoding = codec().decodeEvents(block, buffer, capacity, arenaBytes, stateOnly, fixed, vars)
    this.started?.()
    const done = await decoding
    batch.count = done.rows
    batch.native = header.native
    this.turn = this.turn === 0 ? 1 : 0
    return { batch: this.adapter === undefined ? batch : this.adapter.adapt(batch), skipped: done.skipped }
  }

  /** The batch to decode into, made larger when it must be. */
  private room(rows: number, arena: number): EventBatch {
    const batch = this.batches[this.turn]
    if (rows <= batch.capacity && arena <= batch.arenaBytes) return batch
    const capacity = Math.max(batch.capacity, upTo(rows, BATCH_ROWS))
    const arenaBytes = Math.max(batch.arenaBytes, upTo(arena, BATCH_ARENA))
    const larger = new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
    this.batches[this.turn] = larger
    return larger
  }
}

function upTo(wanted: number, least: number): number {
  let n = least
  while (n < wanted) n *= 2
  return n
}
