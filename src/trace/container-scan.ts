// Collects a trace's container events before it is read. Few blocks have any.
import { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { ProcessesByText } from '../source/read-request.js'
import { hasType } from '../source/summary.js'
import type { BlockDecoder } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import { BLOCK_HEADER, blockHeader, KIND } from './format.js'
import type { IndexEntry } from './index-block.js'
import type { Input } from './input.js'

/**
 * Passes the container events of these blocks to `containers`. False if something cannot be read. Leaves the input at
 * any position.
 */
export async function collectContainers(
  input: Input,
  entries: readonly IndexEntry[],
  containers: NonNullable<ProcessesByText['containers']>,
  decoder: BlockDecoder,
): Promise<boolean> {
  const e = new Event(EVENTS, LAYOUTS)
  for (const { offset, head } of entries) {
    const header = blockHeader(head)
    if (header?.kind !== KIND.EVENTS) continue
    const state = blockSummary(header, head.subarray(BLOCK_HEADER))?.state
    if (state === undefined || hasType(state, CODE.asyncevent)) return false
    if (!hasType(state, CODE.container)) continue
    input.seek(offset)
    const block = await input.peek(header.total)
    const decoded = await decoder.decode(decoder.hold(block), header, true).catch(() => undefined)
    const batch = decoded && decoder.deliver(decoded)
    if (batch === undefined) return false
    for (let row = 0; row < batch.count; row++) {
      if (batch.type[row] !== CODE.container) continue
      e.moveTo(batch, row)
      containers.report(e.text(e.paramIndex('json')) ?? '')
    }
  }
  return true
}
